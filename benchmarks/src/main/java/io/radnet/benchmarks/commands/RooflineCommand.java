package io.radnet.benchmarks.commands;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.SerializationFeature;
import io.radnet.benchmarks.Machine;
import io.radnet.benchmarks.convolution.Convolution;
import io.radnet.benchmarks.convolution.Roofline;
import io.radnet.benchmarks.convolution.RooflinePicture;
import io.radnet.benchmarks.floor.CopyBandwidth;
import io.radnet.benchmarks.floor.PeakFlops;
import io.radnet.imaging.AtomicFiles;
import io.radnet.imaging.cli.VerboseOption;
import java.io.IOException;
import java.io.PrintWriter;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Locale;
import java.util.Objects;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.results.RunResult;
import org.openjdk.jmh.runner.Runner;
import org.openjdk.jmh.runner.RunnerException;
import org.openjdk.jmh.runner.options.ChainedOptionsBuilder;
import org.openjdk.jmh.runner.options.OptionsBuilder;
import org.openjdk.jmh.runner.options.TimeValue;
import org.openjdk.jmh.runner.options.VerboseMode;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** The convolutions beside the machine's limits, all measured in one run. */
@Command(
    name = "roofline",
    description =
        "Measure the 3D convolutions of the published network beside the machine's peak and"
            + " bandwidth; each value is the best of its iterations.")
final class RooflineCommand implements Callable<Integer> {
  private static final String VOXELS = "160x512x512";
  // Read and written, 16 bits each.
  private static final double COPIED_BYTES = 2.0 * 2 * 160 * 512 * 512;
  private static final ObjectMapper JSON =
      new ObjectMapper().enable(SerializationFeature.INDENT_OUTPUT);

  @Option(
      names = "--threads",
      paramLabel = "N",
      description = "Threads of all measurements (default: ${DEFAULT-VALUE}).")
  private int threads = Runtime.getRuntime().availableProcessors();

  @Option(
      names = "--quick",
      description = "One short iteration each: does it run, and roughly how fast.")
  private boolean quick;

  @Option(names = "--json", paramLabel = "FILE", description = "Write the data here.")
  private @Nullable Path json;

  @Option(names = "--svg", paramLabel = "FILE", description = "Draw the roofline here.")
  private @Nullable Path svg;

  @Spec private @Nullable CommandSpec spec;
  @Mixin private VerboseOption verbose = new VerboseOption();

  @Override
  public Integer call() throws RunnerException, IOException {
    PrintWriter out = Objects.requireNonNull(spec, "picocli sets it").commandLine().getOut();
    out.println(Machine.describe());
    out.flush();
    double peak = best(run(options(PeakFlops.class).threads(threads))) * 2 * lanes();
    double copyMs =
        best(run(options(CopyBandwidth.class).threads(threads).param("voxels", VOXELS)));
    double bandwidth = threads * COPIED_BYTES / copyMs / 1e6;
    List<Roofline.Point> points = new ArrayList<>();
    for (RunResult result :
        run(
            options(Convolution.class)
                .exclude("onnxRuntimeDjl$") // the same session, so the same points
                .param("batch", "1")
                .param("threads", Integer.toString(threads)))) {
      String name = result.getParams().getBenchmark();
      points.add(
          Roofline.point(
              result.getParams().getParam("layer"),
              name.substring(name.lastIndexOf('.') + 1),
              best(List.of(result)),
              peak,
              bandwidth));
    }
    Roofline roofline = new Roofline(threads, peak, bandwidth, points);
    print(roofline, out);
    write(json, JSON.writeValueAsString(roofline));
    write(svg, RooflinePicture.svg(roofline));
    return 0;
  }

  /** Of the iterations the best: what disturbs a run only makes it slower. */
  private static double best(Collection<RunResult> results) {
    RunResult result = results.iterator().next();
    var statistics = result.getPrimaryResult().getStatistics();
    return result.getParams().getMode() == Mode.Throughput
        ? statistics.getMax()
        : statistics.getMin();
  }

  private static int lanes() {
    return PeakFlops.lanes();
  }

  private ChainedOptionsBuilder options(Class<?> benchmarks) {
    ChainedOptionsBuilder options =
        new OptionsBuilder()
            .include("^" + benchmarks.getName().replace(".", "\\.") + "\\.")
            .shouldFailOnError(true)
            .verbosity(verbose.verbose() ? VerboseMode.NORMAL : VerboseMode.SILENT);
    if (quick) {
      options
          .warmupIterations(1)
          .warmupTime(TimeValue.milliseconds(200))
          .measurementIterations(2)
          .measurementTime(TimeValue.milliseconds(200));
    }
    return options;
  }

  private static Collection<RunResult> run(ChainedOptionsBuilder options) throws RunnerException {
    return new Runner(options.build()).run();
  }

  private static void write(@Nullable Path file, String text) throws IOException {
    if (file != null) {
      AtomicFiles.write(file, to -> to.write(text.getBytes(StandardCharsets.UTF_8)));
    }
  }

  private static void print(Roofline roofline, PrintWriter out) {
    out.printf(
        Locale.ROOT,
        "%d threads: peak %.1f GFLOP/s, copy %.1f GB/s%n%n%-30s %-16s %9s %9s %7s %8s %8s %8s%n",
        roofline.threads(),
        roofline.peakGflops(),
        roofline.bandwidth(),
        "in:out:kernel:stride:size",
        "engine",
        "ms",
        "GFLOP/s",
        "MB",
        "FLOP/B",
        "of peak",
        "of roof");
    for (Roofline.Point point : roofline.points()) {
      out.printf(
          Locale.ROOT,
          "%-30s %-16s %9.3f %9.1f %7.1f %8.1f %7.0f%% %7.0f%%%n",
          point.layer(),
          point.engine(),
          point.milliseconds(),
          point.gflops(),
          point.megabytes(),
          point.intensity(),
          100 * point.shareOfPeak(),
          100 * point.shareOfRoof());
    }
    out.flush();
  }
}
