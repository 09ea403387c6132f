package io.radnet.trainer.commands;

import ai.djl.ndarray.NDManager;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.radnet.imaging.InvalidInputException;
import io.radnet.imaging.cli.VerboseOption;
import io.radnet.imaging.labels.SeriesLabels;
import io.radnet.imaging.transform.Recipe;
import io.radnet.trainer.checkpoint.Checkpoint;
import io.radnet.trainer.data.DataSetReader;
import io.radnet.trainer.data.DiskScans;
import io.radnet.trainer.data.InputCache;
import io.radnet.trainer.data.LabelDataSet;
import io.radnet.trainer.data.LabelFile;
import io.radnet.trainer.data.Sample;
import io.radnet.trainer.data.Split;
import io.radnet.trainer.segmentation.CaseReader;
import io.radnet.trainer.segmentation.SegmentationCase;
import io.radnet.trainer.segmentation.SegmentationSample;
import io.radnet.trainer.segmentation.SegmentationScores;
import io.radnet.trainer.training.Devices;
import io.radnet.trainer.training.LabelEvaluation;
import io.radnet.trainer.training.PredictionRows;
import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.EnumSet;
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

/** {@code radnet evaluate}. */
@Command(
    name = "evaluate",
    description = {
      "Measure a trained model on a data set.",
      "A label network: accuracy per head, and the series whose pixels contradict their header."
          + " A segmentation network: overlap per scan and class."
    })
final class EvaluateCommand implements Callable<Integer> {
  /** Part of a data set to measure on. */
  enum Part {
    TRAIN,
    VALIDATION,
    TEST,
    ALL
  }

  private static final ObjectMapper JSON = new ObjectMapper();

  @Spec private @Nullable CommandSpec spec;
  @Mixin private VerboseOption verbose = new VerboseOption();

  @Option(
      names = "--model",
      required = true,
      paramLabel = "DIR",
      description = "A checkpoint, or the folder of a run.")
  private Path model = Path.of("");

  @Option(names = "--data", required = true, paramLabel = "DIR", description = "The data set.")
  private Path data = Path.of("");

  @Option(
      names = "--labels",
      paramLabel = "FILE",
      description = "Rows of 'radnet label' (default: DIR/labels.jsonl of --data).")
  private @Nullable Path labels;

  @Option(
      names = "--split",
      paramLabel = "SPLIT",
      description = "train, validation, test or all (default: test where there is one, else all).")
  private @Nullable Part split;

  @Option(
      names = "--classes",
      paramLabel = "NAME=VALUE",
      split = ",",
      description = "Label of each class in mask files (default: 1, 2, ... in the model's order).")
  private Map<String, Integer> classes = Map.of();

  @Option(
      names = "--confidence",
      paramLabel = "P",
      description =
          "Series are listed where the network gives the header's value at most 1 - P (default:"
              + " ${DEFAULT-VALUE}).")
  private double confidence = 0.9;

  @Option(
      names = "--cache",
      paramLabel = "DIR",
      description = "Preprocessed volumes (default: the model's folder/cache).")
  private @Nullable Path cache;

  @Option(
      names = "--device",
      paramLabel = "DEVICE",
      description = "auto, cpu or gpu (default: ${DEFAULT-VALUE}).")
  private Devices device = Devices.AUTO;

  @Option(
      names = "--predictions",
      paramLabel = "FILE",
      description =
          "Write one JSON line per series with the probability of every class (label networks).")
  private @Nullable Path predictions;

  @Option(names = "--json", description = "Print one JSON object.")
  private boolean json;

  @Override
  public Integer call() throws IOException, InterruptedException {
    Checkpoint checkpoint = Checkpoint.read(model);
    PrintWriter out = Commands.out(spec);
    if (checkpoint.recipe().task() == Recipe.Task.LABELS) {
      evaluateLabels(checkpoint, out);
    } else if (predictions != null) {
      throw new InvalidInputException(
          "--predictions", "is for label networks; " + model + " is a segmentation network");
    } else {
      evaluateSegmentation(checkpoint, out);
    }
    out.flush();
    return 0;
  }

  private void evaluateLabels(Checkpoint checkpoint, PrintWriter out)
      throws IOException, InterruptedException {
    int threads = Math.max(1, Math.min(8, Runtime.getRuntime().availableProcessors()));
    List<SeriesLabels> rows =
        LabelFile.read(labels == null ? data.resolve("labels.jsonl") : labels);
    DataSetReader reader =
        new DataSetReader(
            data,
            checkpoint.recipe(),
            new InputCache(cache == null ? model.resolve("cache") : cache),
            new DiskScans(),
            threads);
    Chosen chosen = choose(reader, rows);
    List<Sample> samples = chosen.samples();
    LabelEvaluation evaluation = LabelEvaluation.of(checkpoint, samples, device, threads);
    if (predictions != null) {
      PredictionRows.write(predictions, evaluation);
    }
    List<LabelEvaluation.Disagreement> doubtful = evaluation.disagreements(confidence);
    if (json) {
      ObjectNode node = JSON.createObjectNode();
      node.put("model", checkpoint.recipe().modelVersion());
      node.put("series", samples.size());
      node.put("skipped", chosen.skipped().size());
      node.set("metrics", JSON.valueToTree(evaluation.scores().metrics()));
      ArrayNode list = node.putArray("disagreements");
      HeaderRows headers = new HeaderRows(rows);
      for (LabelEvaluation.Disagreement each : doubtful) {
        ObjectNode entry = JSON.valueToTree(each);
        headers
            .confidence(each)
            .ifPresent(value -> entry.put("header_confidence", value.doubleValue()));
        list.add(entry);
      }
      out.println(JSON.writeValueAsString(node));
      return;
    }
    out.printf("%s on %d series%n%n", checkpoint.recipe().modelVersion(), samples.size());
    out.print(evaluation.scores().table());
    if (!chosen.skipped().isEmpty()) {
      out.printf(
          "%nseries that could not be read: %d; the first: %s%n",
          chosen.skipped().size(), chosen.skipped().get(0));
    }
    printDoubtful(out, doubtful, rows);
  }

  /**
   * What is evaluated.
   *
   * @param skipped series that could not be read, with their reasons
   */
  private record Chosen(List<Sample> samples, List<String> skipped) {}

  /** Of the split that is asked for; unasked of the test patients, and of all without any. */
  private Chosen choose(DataSetReader reader, List<SeriesLabels> rows) throws InterruptedException {
    Part part = split == null ? Part.TEST : split;
    Chosen chosen =
        part == Part.ALL
            ? new Chosen(List.of(), List.of())
            : read(reader, rows, EnumSet.of(Split.valueOf(part.name())));
    if (part == Part.ALL || (split == null && chosen.samples().isEmpty())) {
      chosen = read(reader, rows, EnumSet.allOf(Split.class));
    }
    if (chosen.samples().isEmpty()) {
      List<String> skipped = chosen.skipped();
      throw new InvalidInputException(
          data,
          "series in split "
              + part
              + ": 0 (expected: >= 1)"
              + (skipped.isEmpty()
                  ? ""
                  : "; could not be read: " + skipped.size() + ", the first: " + skipped.get(0)));
    }
    return chosen;
  }

  private static Chosen read(DataSetReader reader, List<SeriesLabels> rows, EnumSet<Split> splits)
      throws InterruptedException {
    LabelDataSet set = splits.size() == 1 ? reader.read(rows, splits) : reader.read(rows);
    List<Sample> samples = new ArrayList<>();
    for (Split each : splits) {
      samples.addAll(set.samples(each));
    }
    return new Chosen(samples, set.skipped());
  }

  private void printDoubtful(
      PrintWriter out, List<LabelEvaluation.Disagreement> doubtful, List<SeriesLabels> rows) {
    out.printf(
        Locale.ROOT,
        "%nseries whose pixels contradict the header (with a probability of at least %.2f): %d%n",
        confidence,
        doubtful.size());
    if (doubtful.isEmpty()) {
      return;
    }
    HeaderRows headers = new HeaderRows(rows);
    out.printf("%-10s %-22s %-22s %s%n", "head", "header", "pixels", "series");
    for (LabelEvaluation.Disagreement each : doubtful) {
      out.printf(
          Locale.ROOT,
          "%-10s %-22s %-22s %s%n",
          each.head(),
          each.header()
              + headers
                  .confidence(each)
                  .map(value -> String.format(Locale.ROOT, " (%.2f)", value))
                  .orElse(""),
          String.format(Locale.ROOT, "%s (%.2f)", each.pixels(), each.confidence()),
          headers.name(each));
    }
  }

  private void evaluateSegmentation(Checkpoint checkpoint, PrintWriter out) throws IOException {
    List<SegmentationCase> cases = SegmentationCase.find(data);
    boolean anyTest = cases.stream().anyMatch(c -> c.split() == Split.TEST);
    Part part = split == null ? (anyTest ? Part.TEST : Part.ALL) : split;
    Recipe recipe = checkpoint.recipe();
    List<Integer> values = new ArrayList<>();
    for (int c = 1; c < recipe.labels().size(); c++) {
      values.add(classes.getOrDefault(recipe.labels().get(c), c));
    }
    CaseReader reader = new CaseReader(recipe, values, new DiskScans());
    List<SegmentationScores.Row> rows = new ArrayList<>();
    try (NDManager manager = NDManager.newBaseManager(device.choose(), Devices.ENGINE)) {
      var network = checkpoint.load(manager).network();
      for (SegmentationCase each : cases) {
        if (part == Part.ALL || part.name().equals(each.split().name())) {
          SegmentationSample sample = reader.read(each);
          rows.addAll(SegmentationScores.of(network, manager, recipe, List.of(sample)).rows());
        }
      }
    }
    if (rows.isEmpty()) {
      throw new InvalidInputException(data, "scans in split " + part + ": 0 (expected: >= 1)");
    }
    SegmentationScores scores = new SegmentationScores(rows);
    if (json) {
      ObjectNode node = JSON.createObjectNode();
      node.put("model", recipe.modelVersion());
      node.set("metrics", JSON.valueToTree(scores.metrics()));
      node.set("scans", JSON.valueToTree(scores.rows()));
      out.println(JSON.writeValueAsString(node));
    } else {
      out.print(scores.table());
      out.printf(Locale.ROOT, "mean Dice %.3f%n", scores.meanDice());
    }
  }
}
