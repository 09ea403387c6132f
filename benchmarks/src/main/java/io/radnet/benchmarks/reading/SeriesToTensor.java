package io.radnet.benchmarks.reading;

import io.radnet.benchmarks.resample.SameBox;
import io.radnet.benchmarks.suite.AtHand;
import io.radnet.benchmarks.suite.Peer;
import io.radnet.benchmarks.suite.Quick;
import io.radnet.imaging.resample.ResamplePlan;
import io.radnet.imaging.series.SeriesScanner;
import io.radnet.imaging.series.VolumeAssembler;
import io.radnet.imaging.volume.Geometry;
import io.radnet.imaging.volume.Volume;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;
import java.util.stream.Stream;
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
 * The whole input path: the files of a series to the network's tensor. Read, sort, stack, rescale,
 * resample to 48 x 192 x 192 over the same box, cut to [-1000, 1000] and scale to [0, 1]. The floor
 * reads the files.
 */
@State(Scope.Benchmark)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.MILLISECONDS)
@Fork(value = 1, jvmArgsAppend = "--add-modules=jdk.incubator.vector")
@Warmup(iterations = 4, time = 2)
@Measurement(iterations = 5, time = 1)
@Peer(
    script = "series.py",
    packages = {"python3-pydicom", "python3-scipy", "python3-pil", "python3-gdcm"},
    scans = true)
public class SeriesToTensor {
  private static final int DEPTH = 48;
  private static final int SIDE = 192;

  /** How the series' pixels are stored. */
  @Param({"native", "jpeg-2000"})
  @Quick("native")
  @AtHand(Codings.class)
  public String coding = "native";

  /** Threads in all. */
  @Param({"1", "2"})
  @Quick("2")
  public int threads = 1;

  private Path folder = Path.of(".");
  private List<Path> files = List.of();
  private ExecutorService executor = Executors.newSingleThreadExecutor();

  /** Codings of which there is a series. */
  public static final class Codings implements Supplier<List<String>> {
    @Override
    public List<String> get() {
      return ScanFiles.codings("series");
    }
  }

  /** Finds the files. */
  @Setup
  public void prepare() throws IOException {
    folder = ScanFiles.folder().resolve("series").resolve(coding);
    try (Stream<Path> list = Files.list(folder)) {
      files = list.sorted().toList();
    }
  }

  /** One series. */
  @Benchmark
  public float[] tensor() {
    var series = SeriesScanner.scan(List.of(folder), threads).series().get(0);
    Volume volume = VolumeAssembler.assemble(series).get(0).volume();
    Geometry scan = volume.geometry();
    int[] box = {scan.depth(), scan.height(), scan.width()};
    Geometry source = SameBox.divided(box, box);
    Geometry target = SameBox.divided(box, new int[] {DEPTH, SIDE, SIDE});
    float[] out = new float[DEPTH * SIDE * SIDE];
    ResamplePlan.of(source, target)
        .apply(
            volume.voxels(),
            volume.slope(),
            volume.intercept(),
            -1000,
            1000,
            out,
            0,
            executor,
            threads);
    return out;
  }

  /** The files' bytes. */
  @Benchmark
  public long floor() throws IOException {
    long bytes = 0;
    for (Path file : files) {
      bytes += Files.readAllBytes(file).length;
    }
    return bytes;
  }

  /** Stops the second thread. */
  @TearDown
  public void stop() {
    executor.shutdown();
  }
}
