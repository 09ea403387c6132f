package io.radnet.benchmarks.commands;

import io.radnet.benchmarks.Machine;
import io.radnet.benchmarks.reading.ScanFiles;
import io.radnet.benchmarks.report.Comparison;
import io.radnet.benchmarks.report.HtmlPage;
import io.radnet.benchmarks.report.SuiteResult;
import io.radnet.benchmarks.report.TextTable;
import io.radnet.benchmarks.suite.BenchmarkClass;
import io.radnet.benchmarks.suite.Peer;
import io.radnet.benchmarks.suite.Suite;
import io.radnet.imaging.AtomicFiles;
import io.radnet.imaging.InvalidInputException;
import io.radnet.imaging.cli.VerboseOption;
import java.io.IOException;
import java.io.PrintStream;
import java.io.PrintWriter;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.Collection;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.Callable;
import java.util.regex.Pattern;
import java.util.regex.PatternSyntaxException;
import org.jspecify.annotations.Nullable;
import org.openjdk.jmh.results.RunResult;
import org.openjdk.jmh.results.format.ResultFormatFactory;
import org.openjdk.jmh.results.format.ResultFormatType;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** Runs the benchmarks whose name matches, and their peers, and reports. */
@Command(
    name = "bench",
    description = {
      "Run the JMH benchmarks and, beside them, the same work in other libraries; print a table with"
          + " error bars, write JSON and a page."
    },
    footer = {
      "",
      "Examples:",
      "  radnet bench --quick                 does everything run, and roughly how fast (2 minutes)",
      "  radnet bench                         everything, in full (about an hour)",
      "  radnet bench Resampling              one class in full, with its peers",
      "  radnet bench Resampling --forks 3    in three JVMs each, three times as long",
      "  radnet bench Resampling --compare bench-out/bench.json --out after",
      "",
      "Forks set their own JVM flags; each benchmark runs in a fresh JVM."
    })
final class BenchCommand implements Callable<Integer> {
  @Parameters(
      index = "0",
      arity = "0..1",
      paramLabel = "REGEX",
      description = "Benchmarks to run, a part of their full name (default: all).")
  private String pattern = ".*";

  @Option(
      names = "--quick",
      description = "Short iterations of the smallest parameters, without peers: a smoke run.")
  private boolean quick;

  @Option(names = "--list", description = "Print the names of the benchmarks and stop.")
  private boolean list;

  @Option(
      names = "--out",
      paramLabel = "DIR",
      description =
          "Folder for bench.json, bench.html and jmh.json, JMH's own result (default: ${DEFAULT-VALUE}).")
  private Path out = Path.of("bench-out");

  @Option(
      names = "--compare",
      paramLabel = "OLD.json",
      description = "Show ratios to an earlier bench.json, with their confidence intervals.")
  private @Nullable Path compare;

  @Option(
      names = "--peers",
      negatable = true,
      description = "Measure the other libraries too (default: yes, but not with --quick).")
  private @Nullable Boolean peers;

  @Option(
      names = "--forks",
      paramLabel = "N",
      description =
          "Fresh JVMs for each benchmark of a full run (default: ${DEFAULT-VALUE}); JVMs compile the"
              + " same code differently, which the interval of a single one does not show.")
  private int forks = 1;

  @Option(
      names = "--python",
      paramLabel = "COMMAND",
      description = "Python that runs the peers (default: ${DEFAULT-VALUE}).")
  private String python = "/usr/bin/python3";

  @Option(
      names = "--scans",
      paramLabel = "DIR",
      description =
          "DICOM files that the benchmarks of reading use (default: ../shared/data beside the"
              + " checkout where it is, else synthetic scans).")
  private @Nullable Path scans;

  @Mixin private VerboseOption verboseOption = new VerboseOption();

  @Spec private @Nullable CommandSpec spec;

  @Override
  public Integer call() throws IOException {
    PrintWriter terminal = Objects.requireNonNull(spec).commandLine().getOut();
    List<BenchmarkClass> classes = BenchmarkClass.matching(checked(pattern));
    if (classes.isEmpty()) {
      throw new InvalidInputException(
          pattern, "no benchmark has such a name (see 'radnet bench --list')");
    }
    if (list) {
      list(classes, terminal);
      return 0;
    }
    if (forks < 1) {
      throw new InvalidInputException("--forks", forks + " (expected: at least 1)");
    }
    if (scans != null) {
      System.setProperty(ScanFiles.PROPERTY, scans.toAbsolutePath().toString());
    }
    SuiteResult before = compare == null ? null : SuiteResult.read(compare);
    terminal.println(Machine.describe());
    terminal.flush();
    boolean withPeers = peers == null ? !quick : peers;
    Path home = Path.of(System.getProperty("radnet.home", "."));
    Suite suite =
        new Suite(
            classes,
            new Suite.Options(
                quick ? Suite.Length.QUICK : Suite.Length.FULL,
                withPeers
                    ? new Suite.PeerPrograms(home.resolve("benchmarks").resolve("peers"), python)
                    : null,
                forks,
                verboseOption.verbose()));
    PrintWriter errors = spec.commandLine().getErr();
    SuiteResult result =
        suite.run(
            line -> {
              errors.println(line);
              errors.flush();
            },
            (soFar, raw) -> write(soFar, raw, before));
    TextTable.print(result, terminal);
    if (before != null) {
      terminal.println();
      Comparison.of(result, before).print(terminal);
    }
    terminal.println(out.resolve("bench.html") + "  " + out.resolve("bench.json"));
    terminal.flush();
    return suite.failed() ? 1 : 0;
  }

  private static String checked(String regex) {
    try {
      return Pattern.compile(regex).pattern();
    } catch (PatternSyntaxException malformed) {
      throw new InvalidInputException(
          regex, "is no regular expression: " + malformed.getDescription(), malformed);
    }
  }

  private static void list(List<BenchmarkClass> classes, PrintWriter terminal) {
    for (BenchmarkClass benchmarks : classes) {
      benchmarks.methods().forEach(terminal::println);
      for (Peer peer : benchmarks.peers()) {
        terminal.println(
            "  peer " + peer.script() + " (" + String.join(", ", peer.packages()) + ")");
      }
    }
    terminal.flush();
  }

  private void write(SuiteResult result, Collection<RunResult> raw, @Nullable SuiteResult before)
      throws IOException {
    result.write(out.resolve("bench.json"));
    String page = HtmlPage.of(result, before == null ? null : Comparison.of(result, before));
    AtomicFiles.write(
        out.resolve("bench.html"), to -> to.write(page.getBytes(StandardCharsets.UTF_8)));
    AtomicFiles.write(
        out.resolve("jmh.json"),
        to -> {
          PrintStream stream = new PrintStream(to, false, StandardCharsets.UTF_8);
          ResultFormatFactory.getInstance(ResultFormatType.JSON, stream).writeOut(raw);
          stream.flush();
        });
  }
}
