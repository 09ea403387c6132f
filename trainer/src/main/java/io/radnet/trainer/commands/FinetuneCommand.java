package io.radnet.trainer.commands;

import io.radnet.imaging.InvalidInputException;
import io.radnet.imaging.WriterLock;
import io.radnet.imaging.cli.Progress;
import io.radnet.imaging.cli.VerboseOption;
import io.radnet.imaging.transform.Recipe;
import io.radnet.trainer.checkpoint.Checkpoint;
import io.radnet.trainer.checkpoint.RunFolder;
import io.radnet.trainer.data.DiskScans;
import io.radnet.trainer.data.Split;
import io.radnet.trainer.network.Preset;
import io.radnet.trainer.segmentation.CaseReader;
import io.radnet.trainer.segmentation.FinetuneOptions;
import io.radnet.trainer.segmentation.SegmentationCase;
import io.radnet.trainer.segmentation.SegmentationSample;
import io.radnet.trainer.segmentation.SegmentationTraining;
import io.radnet.trainer.training.LearningRate;
import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** {@code radnet finetune}. */
@Command(
    name = "finetune",
    description = {
      "Train a segmentation network from a backbone, or from scratch.",
      "Reads cases.jsonl of 'radnet phantom --task liver', pairs in images/ and masks/ (or labels/):"
          + " NIfTI or a folder of DICOM, and NIfTI or DICOM SEG; or TotalSegmentator's folders."
    })
final class FinetuneCommand implements Callable<Integer> {
  private static final double WARM_UP = 0.1;
  private static final double WEIGHT_DECAY = 0.01;
  private static final double MAXIMUM_NORM = 2;
  private static final int VALIDATIONS = 5;

  @Spec private @Nullable CommandSpec spec;
  @Mixin private VerboseOption verbose = new VerboseOption();
  @Mixin private RunOptions run = new RunOptions();
  @Mixin private EncoderOptions encoder = new EncoderOptions();

  @Option(
      names = "--backbone",
      required = true,
      paramLabel = "DIR|none",
      description = "A label network of 'radnet train' to start from, or none.")
  private String backbone = "";

  @Option(
      names = "--preset",
      paramLabel = "PRESET",
      description = "tiny, small or paper, where there is no backbone (default: ${DEFAULT-VALUE}).")
  private Preset preset = Preset.SMALL;

  @Option(
      names = "--classes",
      paramLabel = "NAME=VALUE",
      split = ",",
      description = "Foreground classes with their label in mask files (default: liver=1).")
  private Map<String, Integer> classes = new LinkedHashMap<>(Map.of("liver", 1));

  @Option(
      names = "--labelled",
      paramLabel = "N",
      description = "Use only N training scans (default: all).")
  private @Nullable Integer labelled;

  @Option(
      names = "--steps",
      paramLabel = "N",
      description = "Optimiser steps, at most (default: as the preset says).")
  private @Nullable Integer steps;

  @Option(
      names = "--resume",
      description = "Continue after the last checkpoint in --out, with the same options.")
  private boolean resume;

  @Override
  public Integer call() throws IOException, InterruptedException {
    long start = System.nanoTime();
    if (!resume && RunFolder.pointer(run.out()).isPresent()) {
      throw new InvalidInputException(
          run.out(), "holds a run already; choose another --out, or continue it with --resume");
    }
    Optional<Checkpoint> given =
        backbone.equals("none")
            ? Optional.empty()
            : Optional.of(Checkpoint.read(Path.of(backbone)));
    Preset sizes = given.map(FinetuneCommand::presetOf).orElse(preset);
    List<String> labels = new ArrayList<>(List.of("background"));
    labels.addAll(classes.keySet());
    Recipe recipe = sizes.segmentationRecipe(labels);
    List<SegmentationCase> cases = SegmentationCase.find(run.data());
    try (WriterLock alone = WriterLock.take(WriterLock.inside(run.out()), run.out())) {
      return train(start, given, sizes, recipe, cases);
    }
  }

  private Integer train(
      long start,
      Optional<Checkpoint> given,
      Preset sizes,
      Recipe recipe,
      List<SegmentationCase> cases)
      throws IOException, InterruptedException {
    CaseReader reader = new CaseReader(recipe, List.copyOf(classes.values()), new DiskScans());
    List<SegmentationSample> train;
    List<SegmentationSample> validation;
    try (Progress progress = Progress.start("read", " scans", -1)) {
      List<SegmentationCase> chosen = of(cases, Split.TRAIN);
      train = read(reader, labelled == null ? chosen : draw(chosen, labelled), progress);
      validation = read(reader, of(cases, Split.VALIDATION), progress);
    }
    reader.requireEveryClass(train);
    PrintWriter out = Commands.out(spec);
    out.printf(
        Locale.ROOT,
        "%d scans to train on, %d to validate (%.1f s)%n",
        train.size(),
        validation.size(),
        (System.nanoTime() - start) / 1e9);
    out.flush();
    Defaults defaults = Defaults.of(sizes);
    FinetuneOptions options =
        new FinetuneOptions(
            steps == null ? defaults.steps() : steps,
            run.batch().orElse(defaults.windowBatch()),
            new LearningRate(run.learningRate().orElse(defaults.finetuneRate()), WARM_UP),
            encoder.schedule(),
            WEIGHT_DECAY,
            MAXIMUM_NORM,
            VALIDATIONS,
            run.seed(),
            run.secondsLeft(start),
            run.hardware());
    SegmentationTraining.Outcome outcome =
        new SegmentationTraining(
                run.out(), sizes.architecture(), recipe, given, train, validation, options)
            .run(resume);
    out.printf(
        Locale.ROOT,
        "%d steps in %.1f s, %.1f windows/s%n%nvalidation, on the scans' own grids%n%s"
            + "mean Dice %.3f%n%ncheckpoint: %s%n",
        outcome.steps(),
        outcome.seconds(),
        outcome.windowsPerSecond(),
        outcome.best().table(),
        outcome.best().meanDice(),
        run.out());
    out.flush();
    return 0;
  }

  /** The preset that a backbone was made with. */
  static Preset presetOf(Checkpoint checkpoint) {
    for (Preset each : Preset.values()) {
      if (each.architecture().equals(checkpoint.architecture())) {
        return each;
      }
    }
    throw new InvalidInputException(
        "--backbone",
        "architecture: " + checkpoint.architecture().name() + " (expected: a preset)");
  }

  static List<SegmentationCase> of(List<SegmentationCase> cases, Split split) {
    return cases.stream().filter(each -> each.split() == split).toList();
  }

  /** {@code count} cases, drawn by the seed. */
  private List<SegmentationCase> draw(List<SegmentationCase> cases, int count) {
    if (count < 1 || count > cases.size()) {
      throw new InvalidInputException(
          "--labelled", count + " (expected: 1 to " + cases.size() + " training scans)");
    }
    List<SegmentationCase> shuffled = new ArrayList<>(cases);
    java.util.Collections.shuffle(shuffled, new java.util.Random(run.seed()));
    return shuffled.subList(0, count);
  }

  static List<SegmentationSample> read(
      CaseReader reader, List<SegmentationCase> cases, Progress progress) throws IOException {
    List<SegmentationSample> samples = new ArrayList<>();
    for (SegmentationCase each : cases) {
      samples.add(reader.read(each));
      progress.step();
    }
    return samples;
  }
}
