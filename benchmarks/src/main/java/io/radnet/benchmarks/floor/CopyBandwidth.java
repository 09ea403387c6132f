package io.radnet.benchmarks.floor;

import io.radnet.benchmarks.suite.Quick;
import java.util.concurrent.TimeUnit;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Fork;
import org.openjdk.jmh.annotations.Measurement;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.Warmup;

/**
 * Milliseconds to copy the voxels of a scan, 16 bit each, into memory that was written before: the
 * floor of resampling.
 */
@State(Scope.Thread)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.MILLISECONDS)
@Fork(1)
@Warmup(iterations = 3, time = 1)
@Measurement(iterations = 5, time = 1)
public class CopyBandwidth {
  /** Voxels of the scan, depth x height x width. */
  @Param({"160x512x512", "40x512x512", "64x256x256"})
  @Quick("64x256x256")
  public String voxels = "160x512x512";

  private short[] source = {};
  private short[] target = {};

  /** Fills the source, so that its pages are there. */
  @Setup
  public void allocate() {
    int count = 1;
    for (String side : voxels.split("x")) {
      count *= Integer.parseInt(side);
    }
    source = new short[count];
    for (int i = 0; i < count; i++) {
      source[i] = (short) (i * 31);
    }
    target = source.clone();
  }

  /** One copy. */
  @Benchmark
  public short[] copy() {
    System.arraycopy(source, 0, target, 0, source.length);
    return target;
  }
}
