package io.radnet.trainer.commands;

import io.radnet.imaging.InvalidInputException;
import io.radnet.imaging.cli.Progress;
import io.radnet.imaging.cli.VerboseOption;
import io.radnet.imaging.transform.Recipe;
import io.radnet.trainer.checkpoint.Checkpoint;
import io.radnet.trainer.data.DiskScans;
import io.radnet.trainer.data.Split;
import io.radnet.trainer.network.Preset;
import io.radnet.trainer.segmentation.CaseReader;
import io.radnet.trainer.segmentation.SegmentationCase;
import io.radnet.trainer.segmentation.SegmentationSample;
import io.radnet.trainer.study.TransferPlan;
import io.radnet.trainer.study.TransferResult;
import io.radnet.trainer.study.TransferStudy;
import io.radnet.trainer.training.Devices;
import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import java.util.stream.LongStream;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** {@code radnet study transfer}. */
@Command(
    name = "transfer",
    description = {
      "Fine-tune with a backbone and from scratch, on the same scans, steps and settings, and compare"
          + " on held-out patients.",
      "Writes rows.csv (one row per run), table.md and transfer.png. A study that was stopped goes on"
          + " when the same command is given again."
    })
final class TransferCommand implements Callable<Integer> {
  @Spec private @Nullable CommandSpec spec;
  @Mixin private VerboseOption verbose = new VerboseOption();
  @Mixin private EncoderOptions encoder = new EncoderOptions();

  @Option(
      names = "--data",
      required = true,
      paramLabel = "DIR",
      description = "Cases as 'radnet finetune' takes them, with a test split.")
  private Path data = Path.of("");

  @Option(
      names = "--backbone",
      required = true,
      paramLabel = "DIR",
      description = "A label network of 'radnet train'.")
  private Path backbone = Path.of("");

  @Option(
      names = "--out",
      required = true,
      paramLabel = "DIR",
      description = "Where rows, table, plot and checkpoints go.")
  private Path out = Path.of("");

  @Option(
      names = "--seeds",
      paramLabel = "N",
      description = "Repetitions, each with its own scans and weights (default: ${DEFAULT-VALUE}).")
  private int seeds = 3;

  @Option(
      names = "--labelled",
      paramLabel = "N",
      split = ",",
      description = "Numbers of labelled training scans (default: 2,4,8).")
  private List<Integer> labelled = List.of(2, 4, 8);

  @Option(
      names = "--steps",
      paramLabel = "N",
      split = ",",
      description = "Budgets of optimiser steps (default: as the preset says for finetune).")
  private List<Integer> steps = List.of();

  @Option(
      names = "--batch",
      paramLabel = "N",
      description = "Windows per step (default: as the preset says).")
  private @Nullable Integer batch;

  @Option(
      names = "--learning-rate",
      paramLabel = "RATE",
      description = "The highest learning rate of both starts (default: as the preset says).")
  private @Nullable Double learningRate;

  @Option(
      names = "--classes",
      paramLabel = "NAME=VALUE",
      split = ",",
      description = "Foreground classes with their label in mask files (default: liver=1).")
  private Map<String, Integer> classes = new LinkedHashMap<>(Map.of("liver", 1));

  @Option(
      names = "--device",
      paramLabel = "auto|cpu|gpu",
      description = "Where to train (default: auto).")
  private Devices device = Devices.AUTO;

  @Override
  public Integer call() throws IOException, InterruptedException {
    if (seeds < 1
        || labelled.isEmpty()
        || labelled.stream().anyMatch(n -> n < 1)
        || steps.stream().anyMatch(n -> n < 1)) {
      throw new InvalidInputException(
          "--seeds, --labelled, --steps", "a number below 1 (expected: all >= 1)");
    }
    Checkpoint given = Checkpoint.read(backbone);
    if (given.recipe().task() != Recipe.Task.LABELS) {
      throw new InvalidInputException(
          backbone, "is no label network (expected: of 'radnet train')");
    }
    Preset preset = FinetuneCommand.presetOf(given);
    List<String> names = new ArrayList<>(List.of("background"));
    names.addAll(classes.keySet());
    Recipe recipe = preset.segmentationRecipe(names);
    List<SegmentationSample> train;
    List<SegmentationSample> test;
    try (Progress progress = Progress.start("read", " scans", -1)) {
      List<SegmentationCase> cases = SegmentationCase.find(data);
      CaseReader reader = new CaseReader(recipe, List.copyOf(classes.values()), new DiskScans());
      train = FinetuneCommand.read(reader, FinetuneCommand.of(cases, Split.TRAIN), progress);
      test = FinetuneCommand.read(reader, FinetuneCommand.of(cases, Split.TEST), progress);
      reader.requireEveryClass(train); // the scans that a run draws from these may lack one
    }
    Defaults defaults = Defaults.of(preset);
    TransferPlan plan =
        new TransferPlan(
            LongStream.rangeClosed(1, seeds).boxed().toList(),
            labelled,
            steps.isEmpty() ? List.of(defaults.steps()) : steps,
            batch == null ? defaults.windowBatch() : batch,
            learningRate == null ? defaults.finetuneRate() : learningRate,
            encoder.schedule(),
            device);
    TransferResult result;
    try (Progress progress = Progress.start("study", " runs", -1)) {
      int[] last = new int[1];
      result =
          new TransferStudy(out, given, recipe, train, test, plan)
              .run(
                  (done, all) -> {
                    progress.advance(done - last[0]);
                    progress.message("of " + all);
                    last[0] = done;
                  });
    }
    PrintWriter terminal = Commands.out(spec);
    terminal.print(result.table());
    terminal.printf("%nrows, table and plot: %s%n", out);
    terminal.flush();
    return 0;
  }
}
