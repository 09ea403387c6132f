package io.radnet.benchmarks.reading;

import io.radnet.benchmarks.suite.Quick;
import io.radnet.imaging.series.Series;
import io.radnet.imaging.series.SeriesScanner;
import io.radnet.imaging.series.VolumeAssembler;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.openjdk.jmh.annotations.AuxCounters;
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
import org.openjdk.jmh.infra.Blackhole;

/**
 * From the headers of a whole tree to its volumes: frames into stacks, sorted by position, with
 * gaps, tilt and the exact affine. Neither a file nor a pixel is read here.
 */
@State(Scope.Benchmark)
@BenchmarkMode(Mode.Throughput)
@OutputTimeUnit(TimeUnit.SECONDS)
@Fork(1)
@Warmup(iterations = 3, time = 1)
@Measurement(iterations = 5, time = 1)
public class SeriesAssembly {
  /** Least number of files in the tree. */
  @Param("20000")
  @Quick("500")
  public int files = 500;

  private List<Series> series = List.of();

  /** Counts instances. */
  @AuxCounters
  @State(Scope.Thread)
  public static class Count {
    /** Instances that were put in place. */
    public long instances;
  }

  /** Reads the headers. */
  @Setup
  public void prepare() {
    series = SeriesScanner.scan(List.of(ScanFiles.tree(files)), 2).series();
  }

  /** All series of the tree. */
  @Benchmark
  public void stacks(Count count, Blackhole blackhole) {
    for (Series one : series) {
      blackhole.consume(VolumeAssembler.stacks(one));
      count.instances += one.instances().size();
    }
  }
}
