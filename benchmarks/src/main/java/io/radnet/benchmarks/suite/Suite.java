package io.radnet.benchmarks.suite;

import io.radnet.benchmarks.Machine;
import io.radnet.benchmarks.reading.ScanFiles;
import io.radnet.benchmarks.report.Measurement;
import io.radnet.benchmarks.report.SuiteResult;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;
import org.openjdk.jmh.profile.GCProfiler;
import org.openjdk.jmh.results.RunResult;
import org.openjdk.jmh.runner.Runner;
import org.openjdk.jmh.runner.RunnerException;
import org.openjdk.jmh.runner.options.ChainedOptionsBuilder;
import org.openjdk.jmh.runner.options.OptionsBuilder;
import org.openjdk.jmh.runner.options.TimeValue;
import org.openjdk.jmh.runner.options.VerboseMode;

/**
 * Runs benchmarks class by class, each followed at once by its peers, so that both see the machine
 * in the same state.
 */
public final class Suite {
  /** What a run may take and show. */
  public enum Length {
    /** As the benchmarks' annotations say. */
    FULL,
    /** Few short iterations of the smallest parameters: about two minutes in all. */
    QUICK
  }

  /**
   * What to run.
   *
   * @param length full or quick
   * @param peers folder of the Python programs, and the command that runs them; null to leave them
   *     out
   * @param forks fresh JVMs that a full run measures each benchmark in, at least 1; a quick run
   *     takes one
   * @param verbose whether JMH prints every iteration
   */
  public record Options(
      Length length,
      @org.jspecify.annotations.Nullable PeerPrograms peers,
      int forks,
      boolean verbose) {}

  /**
   * Where peers are.
   *
   * @param folder of the programs
   * @param python command that runs them
   */
  public record PeerPrograms(Path folder, String python) {}

  private static final String QUICK_NOTE =
      "a quick run: half a second of warm-up and three short iterations, so code may not be compiled"
          + " yet; judge by a full run (without --quick)";

  private final List<BenchmarkClass> classes;
  private final Options options;
  private final List<RunResult> raw = new ArrayList<>();
  private final List<Measurement> measurements = new ArrayList<>();
  private final List<String> notes = new ArrayList<>();
  private boolean failed;

  /** Prepares a run of {@code classes}. */
  public Suite(List<BenchmarkClass> classes, Options options) {
    this.classes = List.copyOf(classes);
    this.options = options;
  }

  /** Receives the results so far after each class. */
  @FunctionalInterface
  public interface Progress {
    /** Takes all that is measured until now. */
    void accept(SuiteResult result, List<RunResult> raw) throws IOException;
  }

  /**
   * Runs. A class that fails becomes a note, and the others go on.
   *
   * @param announce takes one line before each class
   * @param progress takes the results so far after each class
   */
  public SuiteResult run(Consumer<String> announce, Progress progress) throws IOException {
    Machine machine = Machine.describe();
    boolean quick = options.length() == Length.QUICK;
    if (quick) {
      notes.add(QUICK_NOTE);
    } else if (options.forks() > 1) {
      notes.add(
          "each benchmark in "
              + options.forks()
              + " fresh JVMs; intervals are of all their iterations");
    }
    int number = 0;
    for (BenchmarkClass benchmarks : classes) {
      announce.accept(
          String.format("[%d/%d] %s", ++number, classes.size(), benchmarks.type().getSimpleName()));
      measure(benchmarks);
      PeerPrograms programs = options.peers();
      if (programs != null) {
        String pack = benchmarks.type().getPackageName();
        for (Peer peer : benchmarks.peers()) {
          announce.accept("      peer " + peer.script());
          measurements.addAll(
              new Peers(programs.folder(), programs.python())
                  .run(peer, pack.substring(pack.lastIndexOf('.') + 1), quick, notes));
        }
      }
      progress.accept(SuiteResult.of(machine, quick, measurements, notes), raw);
    }
    return SuiteResult.of(machine, quick, measurements, notes);
  }

  /** Whether a benchmark failed. */
  public boolean failed() {
    return failed;
  }

  private void measure(BenchmarkClass benchmarks) {
    Map<String, List<String>> atHand = benchmarks.atHand();
    if (atHand.containsValue(List.<String>of())) {
      notes.add(benchmarks.type().getSimpleName() + " left out: no such files (see --scans)");
      return;
    }
    ChainedOptionsBuilder jmh =
        new OptionsBuilder()
            .include(benchmarks.include())
            .addProfiler(GCProfiler.class)
            .verbosity(options.verbose() ? VerboseMode.NORMAL : VerboseMode.SILENT)
            .shouldFailOnError(true);
    if (options.length() == Length.QUICK) {
      jmh.warmupIterations(1)
          .warmupTime(TimeValue.milliseconds(500))
          .measurementIterations(3)
          .measurementTime(TimeValue.milliseconds(200))
          .forks(1);
      benchmarks.quickParameters().forEach(jmh::param);
    } else {
      jmh.forks(options.forks());
      atHand.forEach((name, values) -> jmh.param(name, values.toArray(String[]::new)));
    }
    String scans = System.getProperty(ScanFiles.PROPERTY);
    if (scans != null) {
      jmh.jvmArgsPrepend("-D" + ScanFiles.PROPERTY + "=" + scans);
    }
    try {
      for (RunResult result : new Runner(jmh.build()).run()) {
        raw.add(result);
        measurements.add(Measurement.of(result));
      }
    } catch (RunnerException broken) {
      failed = true;
      notes.add(
          benchmarks.type().getSimpleName()
              + " failed: "
              + broken.getMessage()
              + "; --verbose shows why");
    }
  }
}
