package io.radnet.benchmarks.resample;

import io.radnet.benchmarks.suite.Peer;
import io.radnet.benchmarks.suite.Quick;
import io.radnet.imaging.resample.Interpolation;
import io.radnet.imaging.resample.ResamplePlan;
import io.radnet.imaging.volume.Geometry;
import io.radnet.imaging.volume.Voxels;
import java.util.SplittableRandom;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
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
import org.openjdk.jmh.annotations.TearDown;
import org.openjdk.jmh.annotations.Warmup;

/**
 * Axis-aligned resampling with more taps than trilinear, int16 to normalised float32: a cubic
 * B-spline with its prefilter, a strong reduction with antialiasing, and nearest neighbour.
 */
@State(Scope.Benchmark)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.MILLISECONDS)
@Fork(value = 1, jvmArgsAppend = "--add-modules=jdk.incubator.vector")
@Warmup(iterations = 3, time = 1)
@Measurement(iterations = 5, time = 1)
@Peer(
    script = "smooth.py",
    packages = {"python3-scipy"})
public class SmoothResampling {
  /** Source and target, depth x height x width. */
  @Param({"160x512x512:128x192x192", "160x512x512:40x64x64"})
  @Quick("160x512x512:40x64x64")
  public String grids = "160x512x512:40x64x64";

  /** Interpolation. */
  @Param({"NEAREST", "CUBIC", "ANTIALIASED"})
  @Quick("ANTIALIASED")
  public Interpolation interpolation = Interpolation.ANTIALIASED;

  /** Threads in all. */
  @Param("2")
  public int threads = 2;

  private Voxels voxels = new Voxels.Int16(new short[0]);
  private float[] out = {};
  private ResamplePlan plan =
      ResamplePlan.of(
          Geometry.axisAligned(1, 1, 1, 1, 1, 1), Geometry.axisAligned(1, 1, 1, 1, 1, 1));
  private ExecutorService executor = Executors.newSingleThreadExecutor();

  /** Makes the plan and fills the source. */
  @Setup
  public void prepare() {
    int[] s = Resampling.sides(grids.substring(0, grids.indexOf(':')));
    int[] t = Resampling.sides(grids.substring(grids.indexOf(':') + 1));
    Geometry source = Geometry.axisAligned(s[2], s[1], s[0], 1, 1, 1);
    Geometry target =
        Geometry.axisAligned(
            t[2], t[1], t[0], (double) s[2] / t[2], (double) s[1] / t[1], (double) s[0] / t[0]);

    plan = ResamplePlan.of(source, target, interpolation);
    SplittableRandom random = new SplittableRandom(1);
    short[] values = new short[(int) source.voxels()];
    for (int i = 0; i < values.length; i++) {
      values[i] = (short) (random.nextInt(3000) - 1000);
    }
    voxels = new Voxels.Int16(values);
    out = new float[t[0] * t[1] * t[2]];
  }

  /** One volume. */
  @Benchmark
  public float[] resample() {
    plan.apply(voxels, 1, -24, -1000, 1000, out, 0, executor, threads);
    return out;
  }

  /** Stops the second thread. */
  @TearDown
  public void stop() {
    executor.shutdown();
  }
}
