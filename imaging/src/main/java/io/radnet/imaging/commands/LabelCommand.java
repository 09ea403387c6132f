package io.radnet.imaging.commands;

import io.radnet.imaging.InvalidInputException;
import io.radnet.imaging.cli.CommandRunner;
import io.radnet.imaging.cli.Progress;
import io.radnet.imaging.cli.VerboseOption;
import io.radnet.imaging.labels.LabelReport;
import io.radnet.imaging.labels.LabelRun;
import io.radnet.imaging.labels.Pseudonyms;
import io.radnet.imaging.labels.Rules;
import io.radnet.imaging.labels.SeriesLabeler;
import io.radnet.imaging.series.ScanResult;
import io.radnet.imaging.series.Series;
import io.radnet.imaging.series.SeriesScanner;
import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** {@code radnet label}: headers in, one row of labels per series out. */
@Command(
    name = "label",
    description = {
      "Reads the headers of all DICOM files under PATH and writes one row of labels per series.",
      "Files that are no readable DICOM are listed in FILE.skipped.jsonl with their reason. An interrupted run",
      "goes on where it stopped when the same command is given again."
    })
final class LabelCommand implements Callable<Integer> {
  @Mixin private VerboseOption verbose = new VerboseOption();

  @Spec private @Nullable CommandSpec spec;

  @Parameters(paramLabel = "PATH", arity = "1..*", description = "Files or folders.")
  private List<Path> paths = List.of();

  @Option(
      names = "--out",
      paramLabel = "FILE",
      description = "Rows as FILE.jsonl, FILE.csv or FILE.parquet.")
  private @Nullable Path out;

  @Option(
      names = "--threads",
      paramLabel = "N",
      description = "Threads that read headers; default: the processors of this machine.")
  private int threads = Runtime.getRuntime().availableProcessors();

  @Option(
      names = "--rules",
      paramLabel = "FILE.yaml",
      description = "Rules that extend and override the built-in ones.")
  private @Nullable Path rules;

  @Option(names = "--report", paramLabel = "FILE.html", description = "Also write a report.")
  private @Nullable Path report;

  @Option(
      names = "--explain",
      description =
          "Print every attribute that was looked at, every vote and why the winner won, instead of"
              + " writing rows.")
  private boolean explain;

  @Option(names = "--pseudonymize", description = "Replace UIDs by salted hashes (2.25.NUMBER).")
  private boolean pseudonymize;

  @Option(
      names = "--salt",
      paramLabel = "TEXT",
      description = "Secret of --pseudonymize; the same secret gives the same stand-ins.")
  private String salt = "";

  @Option(names = "--strict", description = "End with exit code 1 where a file was skipped.")
  private boolean strict;

  @Override
  public Integer call() throws IOException {
    CommandSpec command = java.util.Objects.requireNonNull(spec, "picocli sets the spec");
    if (threads < 1) {
      throw new ParameterException(
          command.commandLine(), "--threads: " + threads + " (expected: at least 1)");
    }
    Rules loaded = rules == null ? Rules.builtIn() : Rules.with(rules);
    SeriesLabeler labeler = new SeriesLabeler(loaded);
    PrintWriter stdout = command.commandLine().getOut();
    if (explain) {
      return explain(labeler, stdout);
    }
    Path file = out;
    if (file == null) {
      throw new ParameterException(command.commandLine(), "Missing required option: '--out=FILE'");
    }
    return write(labeler, file, stdout, command.commandLine().getErr());
  }

  private int explain(SeriesLabeler labeler, PrintWriter stdout) {
    ScanResult scan = SeriesScanner.scan(paths, threads);
    if (scan.series().isEmpty()) {
      throw new InvalidInputException(
          paths.get(0),
          scan.skipped().isEmpty()
              ? "no DICOM series"
              : "no DICOM series: " + scan.skipped().get(0).reason());
    }
    for (Series series : scan.series()) {
      labeler.explain(series).print(stdout);
      stdout.println();
    }
    stdout.flush();
    return 0;
  }

  private int write(SeriesLabeler labeler, Path file, PrintWriter stdout, PrintWriter stderr)
      throws IOException {
    String settings =
        "labels 1 pseudonyms "
            + (pseudonymize ? new Pseudonyms(salt).of("") : "none")
            + " rules "
            + (rules == null ? "" : Files.readString(rules));
    LabelRun run =
        new LabelRun(labeler, settings, threads, pseudonymize ? new Pseudonyms(salt) : null);
    long start = System.nanoTime();
    Bar bar = new Bar();
    LabelRun.Outcome outcome;
    try (bar) {
      outcome =
          run.run(
              paths,
              file,
              bar,
              (base, rows, skipped) -> {
                if (report != null) {
                  LabelReport.write(report, base, rows, skipped);
                }
              });
    }
    double seconds = (System.nanoTime() - start) / 1e9;
    stdout.printf(
        Locale.ROOT,
        "%d series of %d files, %d rejected, %d files skipped; %.1f s, %.0f files/s -> %s%n",
        outcome.series(),
        outcome.files(),
        outcome.rejected(),
        outcome.skipped(),
        seconds,
        outcome.filesNow() / Math.max(seconds, 1e-3),
        file);
    stdout.flush();
    if (outcome.skipped() > 0) {
      stderr.printf(
          Locale.ROOT,
          "radnet: %d files were skipped; the reasons are in %s%n",
          outcome.skipped(),
          LabelRun.skippedFile(file));
      stderr.flush();
    }
    return strict && outcome.skipped() > 0 ? CommandRunner.FAILED : 0;
  }

  /** The progress bar, which starts when the number of files is known. */
  private static final class Bar implements LabelRun.Listener, AutoCloseable {
    private @Nullable Progress progress;

    @Override
    public void planned(long files) {
      progress = Progress.start("label", " files", files);
    }

    @Override
    public void done(long files) {
      if (progress != null) {
        progress.advance(files);
      }
    }

    @Override
    public void joining(long files) {
      close();
      progress = Progress.start("join scattered series", " files", files);
    }

    @Override
    public void close() {
      if (progress != null) {
        progress.close();
      }
    }
  }
}
