package io.radnet.trainer.study;

import ai.djl.ndarray.NDManager;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.radnet.imaging.AtomicFiles;
import io.radnet.imaging.InvalidInputException;
import io.radnet.imaging.WriterLock;
import io.radnet.imaging.transform.Recipe;
import io.radnet.trainer.checkpoint.Checkpoint;
import io.radnet.trainer.checkpoint.Sha256;
import io.radnet.trainer.data.Split;
import io.radnet.trainer.segmentation.FinetuneOptions;
import io.radnet.trainer.segmentation.SegmentationSample;
import io.radnet.trainer.segmentation.SegmentationScores;
import io.radnet.trainer.segmentation.SegmentationTraining;
import io.radnet.trainer.training.DataDigest;
import io.radnet.trainer.training.Devices;
import io.radnet.trainer.training.Hardware;
import io.radnet.trainer.training.LearningRate;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.function.BiConsumer;
import java.util.stream.Stream;

/**
 * Trains segmentation networks in pairs: once from a backbone, once from random weights, with the
 * same scans, windows, steps, batch and learning rate, and measures both on the same test scans.
 * The last weights count: no validation scans choose between checkpoints, since someone with four
 * labelled scans has none to spare.
 *
 * <p>Finished runs are rows of {@code rows.csv}; a study that was stopped goes on after them. What
 * must be the same for that, the scans by a checksum of their names and masks, is in {@code
 * study.json}.
 */
public final class TransferStudy {
  /** Shares of the run and rates as {@code radnet finetune} has them. */
  private static final double WARM_UP = 0.1;

  private static final double WEIGHT_DECAY = 0.01;
  private static final double MAXIMUM_NORM = 2;

  private static final ObjectMapper JSON = new ObjectMapper();

  private final Path folder;
  private final Checkpoint backbone;
  private final Recipe recipe;
  private final List<SegmentationSample> train;
  private final List<SegmentationSample> test;
  private final TransferPlan plan;

  /**
   * @param folder of rows and checkpoints
   * @param backbone a label network
   * @param recipe of the segmentation
   * @param train scans to choose the labelled ones from
   * @param test scans to measure on
   * @throws InvalidInputException where there are too few scans
   */
  public TransferStudy(
      Path folder,
      Checkpoint backbone,
      Recipe recipe,
      List<SegmentationSample> train,
      List<SegmentationSample> test,
      TransferPlan plan) {
    int most = Collections.max(plan.labelled());
    if (train.size() < most) {
      throw new InvalidInputException(
          "training split", "scans: " + train.size() + " (expected: >= " + most + ")");
    }
    if (test.isEmpty()) {
      throw new InvalidInputException("test split", "scans: 0 (expected: >= 1)");
    }
    this.folder = folder;
    this.backbone = backbone;
    this.recipe = recipe;
    this.train = List.copyOf(train);
    this.test = List.copyOf(test);
    this.plan = plan;
  }

  private Path rowsFile() {
    return folder.resolve("rows.csv");
  }

  /**
   * Runs what is missing.
   *
   * @param progress told the number of finished runs and of all
   */
  public TransferResult run(BiConsumer<Integer, Integer> progress)
      throws IOException, InterruptedException {
    try (WriterLock alone = WriterLock.take(WriterLock.inside(folder), folder)) {
      return runMissing(progress);
    }
  }

  private TransferResult runMissing(BiConsumer<Integer, Integer> progress)
      throws IOException, InterruptedException {
    checkPlan();
    List<TransferRow> rows = read();
    List<TransferRow.Key> runs = plan.runs();
    int done = 0;
    for (TransferRow.Key key : runs) {
      if (rows.stream().noneMatch(row -> row.key().equals(key))) {
        rows.add(train(key));
        write(rows);
      }
      progress.accept(++done, runs.size());
    }
    TransferResult result = new TransferResult(rows, test.size());
    result.write(folder);
    return result;
  }

  /** A folder belongs to one backbone, one data set and one way of training. */
  private void checkPlan() throws IOException {
    ObjectNode study = describe();
    Path file = folder.resolve("study.json");
    if (Files.exists(file)) {
      List<String> different = differences(study, file);
      if (!different.isEmpty()) {
        throw new InvalidInputException(
            folder,
            "holds a study of another backbone, data set, batch, learning rate or schedule of the"
                + " encoder, or one of an older version: its study.json has another or no "
                + String.join(", ", different)
                + "; choose another --out");
      }
    }
    String text = JSON.writerWithDefaultPrettyPrinter().writeValueAsString(study) + "\n";
    AtomicFiles.write(file, out -> out.write(text.getBytes(StandardCharsets.UTF_8)));
  }

  private ObjectNode describe() {
    ObjectNode node = JSON.createObjectNode();
    node.put("backbone", backbone.recipe().modelVersion());
    node.put("backbone_sha256", backbone.weightsSha256());
    node.put("batch", plan.batch());
    node.put("learning_rate", plan.learningRate());
    node.put("frozen_share", plan.encoder().frozenShare());
    node.put("encoder_rate", plan.encoder().rateShare());
    node.put("training_scans", train.size());
    node.put("test_scans", test.size());
    node.put(
        "data_digest",
        DataDigest.of(recipe, Stream.concat(items(Split.TRAIN, train), items(Split.TEST, test))));
    return node;
  }

  private static Stream<String> items(Split split, List<SegmentationSample> scans) {
    return scans.stream()
        .map(scan -> split + " " + scan.name() + Sha256.of(ByteBuffer.wrap(scan.truth().labels())));
  }

  /** The names of the fields that differ, in order. */
  private static List<String> differences(ObjectNode study, Path file) throws IOException {
    JsonNode here;
    JsonNode there;
    try {
      here = JSON.readTree(JSON.writeValueAsString(study)); // numbers as a file has them
      there = JSON.readTree(Files.readString(file));
    } catch (JsonProcessingException e) {
      throw new InvalidInputException(file, "not JSON", e);
    }
    List<String> different = new ArrayList<>();
    for (Map.Entry<String, JsonNode> field : here.properties()) {
      if (!field.getValue().equals(there.path(field.getKey()))) {
        different.add(field.getKey());
      }
    }
    return different;
  }

  private List<TransferRow> read() throws IOException {
    List<TransferRow> rows = new ArrayList<>();
    if (Files.exists(rowsFile())) {
      List<String> lines = Files.readAllLines(rowsFile());
      for (int n = 1; n < lines.size(); n++) {
        rows.add(TransferRow.parse(rowsFile(), n + 1, lines.get(n)));
      }
    }
    return rows;
  }

  private void write(List<TransferRow> rows) throws IOException {
    AtomicFiles.write(
        rowsFile(),
        out -> {
          out.write((TransferRow.HEADER + "\n").getBytes(StandardCharsets.UTF_8));
          for (TransferRow row : rows) {
            out.write((row.csv() + "\n").getBytes(StandardCharsets.UTF_8));
          }
        });
  }

  private TransferRow train(TransferRow.Key key) throws IOException, InterruptedException {
    Path run = folder.resolve("runs").resolve(key.folder());
    delete(run); // of a run that was stopped half-way
    List<SegmentationSample> shuffled = new ArrayList<>(train);
    Collections.shuffle(shuffled, new Random(key.seed()));
    FinetuneOptions options =
        new FinetuneOptions(
            key.steps(),
            plan.batch(),
            new LearningRate(plan.learningRate(), WARM_UP),
            plan.encoder(),
            WEIGHT_DECAY,
            MAXIMUM_NORM,
            1,
            key.seed(),
            Double.POSITIVE_INFINITY,
            Hardware.single(plan.device()));
    SegmentationTraining.Outcome outcome =
        new SegmentationTraining(
                run,
                backbone.architecture(),
                recipe,
                key.backbone() ? Optional.of(backbone) : Optional.empty(),
                shuffled.subList(0, key.labelled()),
                List.of(),
                options)
            .run(false);
    SegmentationScores scores;
    try (NDManager manager = NDManager.newBaseManager(plan.device().choose(), Devices.ENGINE)) {
      scores =
          SegmentationScores.of(
              Checkpoint.read(run).load(manager).network(), manager, recipe, test);
    }
    return new TransferRow(
        key.seed(),
        key.labelled(),
        key.steps(),
        key.backbone(),
        scores.meanDice(),
        scores.rows().stream().mapToDouble(row -> row.overlap().dice()).min().orElse(0),
        scores.rows().stream().mapToDouble(row -> row.overlap().surfaceDice()).average().orElse(0),
        scores.rows().stream()
            .mapToDouble(row -> row.overlap().hausdorff95())
            .average()
            .orElse(Double.NaN),
        outcome.seconds());
  }

  private static void delete(Path folder) throws IOException {
    if (!Files.exists(folder)) {
      return;
    }
    List<Path> paths;
    try (Stream<Path> walk = Files.walk(folder)) {
      paths = walk.sorted(Comparator.reverseOrder()).toList();
    }
    for (Path path : paths) {
      Files.delete(path);
    }
  }
}
