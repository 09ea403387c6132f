package io.radnet.imaging.commands;

import io.radnet.imaging.cli.VerboseOption;
import io.radnet.imaging.phantom.PhantomDataset;
import java.nio.file.Path;
import java.util.List;
import java.util.Set;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** Writes synthetic DICOM series with known labels and liver masks. */
@Command(
    name = "phantom",
    description = "Write synthetic DICOM series with known labels and liver masks.",
    sortOptions = false)
final class PhantomCommand implements Callable<Integer> {
  /** What the series are for. */
  enum Task {
    labels,
    liver
  }

  /** How large they are. */
  enum Size {
    small,
    full
  }

  /** Where the patients come from. */
  enum Distribution {
    train,
    wide
  }

  @Option(
      names = "--out",
      required = true,
      paramLabel = "DIR",
      description = "Folder for the data set.")
  private Path out;

  @Option(
      names = "--series",
      paramLabel = "N",
      defaultValue = "60",
      description = "Number of series (default: ${DEFAULT-VALUE}).")
  private int series;

  @Option(
      names = "--seed",
      paramLabel = "S",
      defaultValue = "1",
      description = "The same seed gives the same bytes (default: ${DEFAULT-VALUE}).")
  private long seed;

  @Option(
      names = "--task",
      defaultValue = "labels",
      description =
          "labels: all kinds of scans; liver: abdomens with liver masks (default:"
              + " ${DEFAULT-VALUE}).")
  private Task task;

  @Option(
      names = "--modalities",
      paramLabel = "CT|MR|PT",
      split = ",",
      description = "Only scans of these, separated by commas (default: all of the task).")
  private List<String> modalities = List.of();

  @Option(
      names = "--size",
      defaultValue = "small",
      description =
          "small: about 80x80x30 voxels; full: up to 256x256x120 (default: ${DEFAULT-VALUE}).")
  private Size size;

  @Option(
      names = "--distribution",
      defaultValue = "train",
      description =
          "train: test patients alone vary more than the others; wide: all patients do (default:"
              + " ${DEFAULT-VALUE}).")
  private Distribution distribution;

  @Option(
      names = "--wrong-headers",
      paramLabel = "FRACTION",
      defaultValue = "0",
      description =
          "Share of series whose header lies; wrong.jsonl lists them (default: ${DEFAULT-VALUE}).")
  private double wrongHeaders;

  @Option(
      names = "--misleading",
      paramLabel = "FRACTION",
      defaultValue = "0",
      description =
          "Share of series of which one description belongs to another scan while all else is true"
              + " (default: ${DEFAULT-VALUE}).")
  private double misleading;

  @Option(
      names = "--threads",
      paramLabel = "N",
      description = "Threads that render (default: all processors).")
  private @Nullable Integer threads;

  @Option(
      names = "--montage",
      paramLabel = "FILE.png",
      description = "Also write a picture of the middle slices.")
  private @Nullable Path montage;

  @Option(names = "--force", description = "Replace a phantom that is already in the folder.")
  private boolean force;

  @Mixin private VerboseOption verbose;
  @Spec private CommandSpec spec;

  @Override
  public Integer call() throws Exception {
    PhantomDataset dataset =
        new PhantomDataset(
            new PhantomDataset.Options(
                series,
                seed,
                task == Task.liver,
                size == Size.full,
                distribution == Distribution.wide,
                wrongHeaders,
                misleading,
                Set.copyOf(modalities),
                threads == null ? Runtime.getRuntime().availableProcessors() : threads));
    PhantomDataset.prepare(out, force);
    dataset.write(out, montage);
    spec.commandLine()
        .getOut()
        .println(dataset.size() + " series written to " + out + " (truth in truth.jsonl)");
    return 0;
  }
}
