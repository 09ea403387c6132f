package io.radnet.trainer.commands;

import io.radnet.imaging.InvalidInputException;
import io.radnet.imaging.WriterLock;
import io.radnet.imaging.cli.VerboseOption;
import io.radnet.imaging.labels.SeriesLabels;
import io.radnet.imaging.transform.Recipe;
import io.radnet.trainer.checkpoint.Checkpoint;
import io.radnet.trainer.checkpoint.RunFolder;
import io.radnet.trainer.data.DataSetReader;
import io.radnet.trainer.data.DiskScans;
import io.radnet.trainer.data.InputCache;
import io.radnet.trainer.data.LabelDataSet;
import io.radnet.trainer.data.LabelFile;
import io.radnet.trainer.network.Preset;
import io.radnet.trainer.report.TrainingReport;
import io.radnet.trainer.training.CoarseStart;
import io.radnet.trainer.training.HeadWeights;
import io.radnet.trainer.training.LabelEvaluation;
import io.radnet.trainer.training.LabelTraining;
import io.radnet.trainer.training.LearningRate;
import io.radnet.trainer.training.MetricsLog;
import io.radnet.trainer.training.TrainingOptions;
import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** {@code radnet train}. */
@Command(
    name = "train",
    description = "Train the multi-head network on the labels of a data set's headers.")
final class TrainCommand implements Callable<Integer> {
  private static final double WARM_UP = 0.1;
  private static final double WEIGHT_DECAY = 0.01;
  private static final double MAXIMUM_NORM = 2;

  @Spec private @Nullable CommandSpec spec;
  @Mixin private VerboseOption verbose = new VerboseOption();
  @Mixin private RunOptions run = new RunOptions();

  @Option(
      names = "--labels",
      paramLabel = "FILE",
      description = "Rows of 'radnet label' (default: DIR/labels.jsonl of --data).")
  private @Nullable Path labels;

  @Option(
      names = "--preset",
      paramLabel = "PRESET",
      description = "tiny, small or paper (default: ${DEFAULT-VALUE}).")
  private Preset preset = Preset.SMALL;

  @Option(
      names = "--epochs",
      paramLabel = "N",
      description = "Passes over the data, at most (default: as the preset says).")
  private @Nullable Integer epochs;

  @Option(
      names = "--patience",
      paramLabel = "N",
      description =
          "Stop after this many epochs without a better validation score (default:"
              + " ${DEFAULT-VALUE}).")
  private int patience = 15;

  @Option(
      names = "--head-weight",
      paramLabel = "HEAD=WEIGHT",
      description =
          "How much a head counts in the loss, for example contrast=2; may be given again for"
              + " other heads (default: 1 for each).")
  private Map<String, Double> headWeights = Map.of();

  @Option(
      names = "--coarse",
      paramLabel = "SHARE",
      description =
          "Share of the epochs, the first ones, at half the in-plane resolution: a quarter of the"
              + " work each (default: as the preset says).")
  private @Nullable Double coarse;

  @Option(
      names = "--cache",
      paramLabel = "DIR",
      description = "Preprocessed volumes; safe to delete and to share (default: OUT/cache).")
  private @Nullable Path cache;

  @Option(
      names = "--resume",
      description = "Continue after the last whole epoch in --out, with the same options.")
  private boolean resume;

  @Override
  public Integer call() throws IOException, InterruptedException {
    long start = System.nanoTime();
    if (!resume && RunFolder.pointer(run.out()).isPresent()) {
      throw new InvalidInputException(
          run.out(), "holds a run already; continue it with --resume or choose another --out");
    }
    Recipe recipe = preset.labelRecipe();
    HeadWeights weights = new HeadWeights(headWeights);
    CoarseStart coarseStart =
        new CoarseStart(coarse == null ? Defaults.of(preset).coarse() : coarse);
    weights.of(recipe.heads()); // a wrong name is said before the data are read
    Path labelFile = labels == null ? run.data().resolve("labels.jsonl") : labels;
    List<SeriesLabels> rows = LabelFile.read(labelFile);
    try (WriterLock alone = WriterLock.take(WriterLock.inside(run.out()), run.out())) {
      return train(start, recipe, weights, coarseStart, rows);
    }
  }

  private Integer train(
      long start,
      Recipe recipe,
      HeadWeights weights,
      CoarseStart coarseStart,
      List<SeriesLabels> rows)
      throws IOException, InterruptedException {
    Defaults defaults = Defaults.of(preset);
    LabelDataSet data =
        new DataSetReader(
                run.data(),
                recipe,
                new InputCache(cache == null ? run.out().resolve("cache") : cache),
                new DiskScans(),
                run.threads())
            .read(rows);
    TrainingOptions options =
        new TrainingOptions(
            epochs == null ? defaults.epochs() : epochs,
            run.batch().orElse(defaults.batch()),
            new LearningRate(run.learningRate().orElse(defaults.rate()), WARM_UP),
            WEIGHT_DECAY,
            MAXIMUM_NORM,
            weights,
            coarseStart,
            patience,
            run.seed(),
            run.secondsLeft(start),
            run.hardware(),
            run.threads());
    double prepared = (System.nanoTime() - start) / 1e9;
    PrintWriter out = Commands.out(spec);
    out.printf(
        Locale.ROOT,
        "%d series of %d patients: %d train, %d validation, %d test; %d could not be read"
            + " (%.1f s)%n",
        data.train().size() + data.validation().size() + data.test().size(),
        data.patients(),
        data.train().size(),
        data.validation().size(),
        data.test().size(),
        data.skipped().size(),
        prepared);
    LabelEvaluation.unlearnable(recipe, data).forEach(out::println);
    out.flush();
    LabelTraining.Outcome outcome =
        new LabelTraining(run.out(), preset.architecture(), recipe, data, options).run(resume);
    report(out, outcome, data);
    return 0;
  }

  private void report(PrintWriter out, LabelTraining.Outcome outcome, LabelDataSet data)
      throws IOException, InterruptedException {
    out.printf(
        Locale.ROOT,
        "%d epochs in %.1f s, %.1f series/s, %.0f %% of the time waiting for data; best epoch"
            + " %d%n",
        outcome.epochs(),
        outcome.seconds(),
        outcome.samplesPerSecond(),
        100 * outcome.waitShare(),
        outcome.bestEpoch());
    Checkpoint best = Checkpoint.read(run.out());
    LabelEvaluation last = evaluate(best, data.validation());
    String split = "validation";
    out.printf("%nvalidation%n%s", last.scores().table());
    if (!data.test().isEmpty()) {
      last = evaluate(best, data.test());
      split = "test";
      out.printf("%ntest%n%s", last.scores().table());
    }
    Path page = run.out().resolve(TrainingReport.FILE);
    TrainingReport.write(page, MetricsLog.read(run.out()), split, last);
    out.printf("%ncheckpoint: %s%nreport: %s%n", run.out(), page);
    out.flush();
  }

  private LabelEvaluation evaluate(
      Checkpoint checkpoint, List<io.radnet.trainer.data.Sample> samples)
      throws InterruptedException {
    return LabelEvaluation.of(checkpoint, samples, run.device(), run.threads());
  }
}
