package io.radnet.benchmarks.commands;

import io.radnet.benchmarks.Machine;
import io.radnet.imaging.InvalidInputException;
import io.radnet.imaging.cli.VerboseOption;
import java.io.PrintWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Collection;
import java.util.Comparator;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import org.openjdk.jmh.profile.GCProfiler;
import org.openjdk.jmh.results.Result;
import org.openjdk.jmh.results.RunResult;
import org.openjdk.jmh.results.format.ResultFormatType;
import org.openjdk.jmh.runner.NoBenchmarksException;
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
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** Runs the JMH benchmarks whose name matches, and prints one table. */
@Command(
    name = "bench",
    description = "Run the JMH benchmarks and print a table with error bars.",
    footer = {
      "",
      "Examples:",
      "  radnet bench                      everything",
      "  radnet bench Resampl --quick      a smoke run of the resampling benchmarks",
      "  radnet bench --json result.json   keep JMH's own result file"
    })
final class BenchCommand implements Callable<Integer> {
  @Parameters(
      index = "0",
      arity = "0..1",
      paramLabel = "REGEX",
      description = "Benchmarks to run (default: all).")
  private String pattern = ".*";

  @Option(
      names = "--quick",
      description = "One short iteration each: does it run, and roughly how fast.")
  private boolean quick;

  @Option(names = "--list", description = "Print the names of the benchmarks and stop.")
  private boolean list;

  @Option(names = "--json", paramLabel = "FILE", description = "Write JMH's result file here.")
  private @Nullable Path json;

  @Mixin private VerboseOption verboseOption = new VerboseOption();

  @Spec private @Nullable CommandSpec spec;

  @Override
  public Integer call() throws RunnerException {
    PrintWriter out = java.util.Objects.requireNonNull(spec).commandLine().getOut();
    ChainedOptionsBuilder options =
        new OptionsBuilder()
            .include(pattern)
            .addProfiler(GCProfiler.class)
            .verbosity(
                quick && !list && !verboseOption.verbose()
                    ? VerboseMode.SILENT
                    : VerboseMode.NORMAL)
            .shouldFailOnError(true);
    if (quick) {
      options
          .warmupIterations(1)
          .warmupTime(TimeValue.milliseconds(300))
          .measurementIterations(3)
          .measurementTime(TimeValue.milliseconds(300))
          .forks(1);
    }
    if (json != null) {
      Path folder = json.toAbsolutePath().getParent();
      if (folder == null || !Files.isDirectory(folder)) {
        throw new InvalidInputException(json, "its folder does not exist");
      }
      options.resultFormat(ResultFormatType.JSON).result(json.toString());
    }
    Runner runner = new Runner(options.build());
    if (list) {
      runner.list();
      return 0;
    }
    out.println(Machine.describe());
    out.flush();
    Collection<RunResult> results;
    try {
      results = runner.run();
    } catch (NoBenchmarksException none) {
      throw new InvalidInputException(
          pattern, "no benchmark has such a name (see 'radnet bench --list')", none);
    }
    table(results, out);
    return 0;
  }

  private static void table(Collection<RunResult> results, PrintWriter out) {
    List<RunResult> sorted =
        results.stream()
            .sorted(
                Comparator.comparing((RunResult result) -> name(result))
                    .thenComparing(BenchCommand::parameters))
            .toList();
    int nameWidth = sorted.stream().mapToInt(result -> name(result).length()).max().orElse(10);
    int parameterWidth =
        sorted.stream().mapToInt(result -> parameters(result).length()).max().orElse(0);
    String format =
        "%-" + nameWidth + "s  %-" + Math.max(10, parameterWidth) + "s  %12s  %12s  %-7s  %14s%n";
    out.printf(format, "benchmark", "parameters", "score", "± 99.9 %", "unit", "bytes/op");
    for (RunResult result : sorted) {
      Result<?> primary = result.getPrimaryResult();
      Result<?> allocated = result.getSecondaryResults().get("gc.alloc.rate.norm");
      if (allocated == null) {
        allocated = result.getSecondaryResults().get("·gc.alloc.rate.norm");
      }
      out.printf(
          format,
          name(result),
          parameters(result),
          String.format("%.3f", primary.getScore()),
          Double.isNaN(primary.getScoreError())
              ? "-"
              : String.format("%.3f", primary.getScoreError()),
          primary.getScoreUnit(),
          allocated == null ? "-" : String.format("%.0f", allocated.getScore()));
    }
    out.flush();
  }

  private static String name(RunResult result) {
    String full = result.getParams().getBenchmark();
    int method = full.lastIndexOf('.');
    return full.substring(full.lastIndexOf('.', method - 1) + 1);
  }

  private static String parameters(RunResult result) {
    return result.getParams().getParamsKeys().stream()
        .map(key -> key + "=" + result.getParams().getParam(key))
        .collect(Collectors.joining(" "));
  }
}
