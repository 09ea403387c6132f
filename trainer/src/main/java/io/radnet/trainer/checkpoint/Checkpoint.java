package io.radnet.trainer.checkpoint;

import ai.djl.ndarray.NDManager;
import ai.djl.nn.Block;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.radnet.imaging.AtomicFiles;
import io.radnet.imaging.InvalidInputException;
import io.radnet.imaging.transform.Recipe;
import io.radnet.imaging.transform.RecipeJson;
import io.radnet.trainer.network.Architecture;
import io.radnet.trainer.network.Networks;
import io.radnet.trainer.network.Preset;
import io.radnet.trainer.network.Weights;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/**
 * A network as a folder: {@code checkpoint.json} (sizes, recipe, epoch, metrics, checksum) and
 * {@code weights.safetensors} (float32, one tensor per path in the block tree). A run's folder, as
 * {@code radnet train} leaves it, stands for its best checkpoint.
 */
public final class Checkpoint {
  /** Format that this code writes and reads. */
  public static final int FORMAT = 1;

  /** Decoders that this code builds; their weights would fit older ones, with other results. */
  private static final int DECODER = 2;

  /** The file that describes the network. */
  public static final String DESCRIPTION_FILE = "checkpoint.json";

  /** The file that holds the weights. */
  public static final String WEIGHTS_FILE = "weights.safetensors";

  private static final ObjectMapper JSON = new ObjectMapper();

  private final Architecture architecture;
  private final Recipe recipe;
  private final int epoch;
  private final Map<String, Double> metrics;
  private final Map<String, Tensor> weights;
  private final String weightsSha256;

  private Checkpoint(
      Architecture architecture,
      Recipe recipe,
      int epoch,
      Map<String, Double> metrics,
      Map<String, Tensor> weights,
      String weightsSha256) {
    this.architecture = architecture;
    this.recipe = recipe;
    this.epoch = epoch;
    this.metrics = Collections.unmodifiableMap(new TreeMap<>(metrics));
    this.weights = Collections.unmodifiableMap(new TreeMap<>(weights));
    this.weightsSha256 = weightsSha256;
  }

  /** A checkpoint of these weights. */
  public static Checkpoint of(
      Architecture architecture,
      Recipe recipe,
      int epoch,
      Map<String, Double> metrics,
      Map<String, Tensor> weights) {
    return new Checkpoint(architecture, recipe, epoch, metrics, weights, Sha256.of(bytes(weights)));
  }

  /**
   * An untrained network with the preset's own recipe.
   *
   * @param labels class names of a segmentation network, index 0 is background; ignored for {@link
   *     Recipe.Task#LABELS}
   * @param seed of the random weights
   */
  public static Checkpoint initial(
      Preset preset, Recipe.Task task, List<String> labels, long seed) {
    Recipe recipe =
        task == Recipe.Task.LABELS ? preset.labelRecipe() : preset.segmentationRecipe(labels);
    return initial(preset.architecture(), recipe, seed);
  }

  /** As above, for a liver where the task is {@link Recipe.Task#SEGMENTATION}. */
  public static Checkpoint initial(Preset preset, Recipe.Task task, long seed) {
    return initial(preset, task, List.of("background", "liver"), seed);
  }

  /** An untrained network of any sizes. */
  public static Checkpoint initial(Architecture architecture, Recipe recipe, long seed) {
    Block network = Networks.build(architecture, recipe);
    try (NDManager manager = NDManager.newBaseManager("PyTorch")) {
      Weights.initialize(network, manager, recipe.grid(), Weights.random(seed));
      return of(architecture, recipe, 0, Map.of(), Weights.copy(network));
    }
  }

  /**
   * Reads a checkpoint's folder, or the best checkpoint of a run's folder.
   *
   * @throws InvalidInputException where a file is missing, malformed, or does not match its
   *     checksum
   */
  public static Checkpoint read(Path folder) {
    Path directory = RunFolder.resolveBest(folder);
    Path description = directory.resolve(DESCRIPTION_FILE);
    if (!Files.isRegularFile(description)) {
      throw new InvalidInputException(
          folder, "no checkpoint: neither " + DESCRIPTION_FILE + " nor " + RunFolder.POINTER_FILE);
    }
    try {
      JsonNode json = JSON.readTree(Files.readString(description));
      int format = json.path("format").asInt(-1);
      if (format != FORMAT) {
        throw new InvalidInputException(
            description, "format: " + format + " (expected: " + FORMAT + ")");
      }
      Recipe recipe = RecipeJson.read(json.path("recipe").toString(), description);
      int decoder = json.path("decoder").asInt(1);
      if (recipe.task() == Recipe.Task.SEGMENTATION && decoder != DECODER) {
        throw new InvalidInputException(
            description,
            "decoder: "
                + decoder
                + " (expected: "
                + DECODER
                + "); of another version of radnet, fine-tune again");
      }
      Path file = directory.resolve(WEIGHTS_FILE);
      ByteBuffer content = map(file);
      String actual = Sha256.of(content);
      String expected = json.path("weights_sha256").asText();
      if (!actual.equals(expected)) {
        throw new InvalidInputException(
            file, "SHA-256: " + actual + " (expected: " + expected + "); the file was altered");
      }
      Map<String, Double> metrics = new TreeMap<>();
      json.path("metrics")
          .properties()
          .forEach(metric -> metrics.put(metric.getKey(), metric.getValue().asDouble()));
      return new Checkpoint(
          JSON.treeToValue(json.path("architecture"), Architecture.class),
          recipe,
          json.path("epoch").asInt(),
          metrics,
          Safetensors.read(content, file),
          actual);
    } catch (JsonProcessingException e) {
      throw new InvalidInputException(
          description, "malformed: " + String.valueOf(e.getOriginalMessage()), e);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static ByteBuffer map(Path file) throws IOException {
    if (!Files.isRegularFile(file)) {
      throw new InvalidInputException(file, "missing (expected beside " + DESCRIPTION_FILE + ")");
    }
    try (FileChannel channel = FileChannel.open(file)) {
      return channel.map(FileChannel.MapMode.READ_ONLY, 0, channel.size());
    }
  }

  /**
   * Writes both files into {@code folder}: the weights first, so that a description never stands
   * without them.
   */
  public void write(Path folder) throws IOException {
    AtomicFiles.write(folder.resolve(WEIGHTS_FILE), out -> Safetensors.write(out, weights));
    AtomicFiles.write(
        folder.resolve(DESCRIPTION_FILE),
        out -> out.write(JSON.writerWithDefaultPrettyPrinter().writeValueAsBytes(description())));
  }

  private ObjectNode description() throws JsonProcessingException {
    ObjectNode json = JSON.createObjectNode();
    json.put("format", FORMAT);
    if (recipe.task() == Recipe.Task.SEGMENTATION) {
      json.put("decoder", DECODER);
    }
    json.set("architecture", JSON.valueToTree(architecture));
    json.set("recipe", JSON.readTree(RecipeJson.write(recipe)));
    json.put("epoch", epoch);
    json.set("metrics", JSON.valueToTree(metrics));
    json.put("weights_sha256", weightsSha256);
    return json;
  }

  /** The sizes of the network. */
  public Architecture architecture() {
    return architecture;
  }

  /** The road from a scan to the input and back. */
  public Recipe recipe() {
    return recipe;
  }

  /** Epochs trained; 0 for an untrained network. */
  public int epoch() {
    return epoch;
  }

  /** Validation metrics at that epoch. */
  public Map<String, Double> metrics() {
    return metrics;
  }

  /** All weights by path, running statistics included. */
  public Map<String, Tensor> weights() {
    return weights;
  }

  /** Checksum of the weights' file, lower-case hexadecimal. */
  public String weightsSha256() {
    return weightsSha256;
  }

  /** The checkpoint's values for a network of the same sizes; a missing or odd one is an error. */
  public Weights.Source source() {
    return (path, type, shape) -> {
      Tensor tensor = weights.get(path);
      if (tensor == null || !Arrays.equals(tensor.shape(), shape)) {
        throw new InvalidInputException(
            "checkpoint",
            path
                + ": "
                + (tensor == null ? "missing" : Arrays.toString(tensor.shape()))
                + " (expected: "
                + Arrays.toString(shape)
                + "); another architecture");
      }
      return tensor;
    };
  }

  /**
   * The network with its weights in {@code manager}, ready to predict; gradients are off.
   *
   * @throws InvalidInputException where the weights do not fit the architecture
   */
  public TrainedModel load(NDManager manager) {
    Block network = Networks.build(architecture, recipe);
    Weights.byPath(network).values().forEach(parameter -> parameter.freeze(true));
    Weights.initialize(network, manager, recipe.grid(), source());
    if (weights.size() != Weights.byPath(network).size()) {
      throw new InvalidInputException(
          "checkpoint",
          "weights: "
              + weights.size()
              + " (expected: "
              + Weights.byPath(network).size()
              + "); another architecture");
    }
    return new TrainedModel(network, recipe, manager);
  }

  private static ByteBuffer bytes(Map<String, Tensor> weights) {
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    try {
      Safetensors.write(out, weights);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    return ByteBuffer.wrap(out.toByteArray());
  }
}
