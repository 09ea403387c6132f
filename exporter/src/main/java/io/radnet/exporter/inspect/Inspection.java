package io.radnet.exporter.inspect;

import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.PropertyNamingStrategies;
import com.fasterxml.jackson.databind.annotation.JsonNaming;
import io.radnet.exporter.graph.OnnxFile;
import io.radnet.imaging.InvalidInputException;
import io.radnet.proto.onnx.GraphProto;
import io.radnet.proto.onnx.ModelProto;
import io.radnet.proto.onnx.NodeProto;
import io.radnet.proto.onnx.StringStringEntryProto;
import io.radnet.proto.onnx.TensorProto;
import io.radnet.proto.onnx.ValueInfoProto;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * What is in a model file, with costs for one input of batch 1.
 *
 * @param file its name
 * @param fileBytes without external data
 * @param irVersion of the file's format
 * @param opset of the operators
 * @param producer that wrote it
 * @param inputs name to sizes, named axes by name
 * @param outputs name to sizes
 * @param operators how many nodes of each kind
 * @param parameters constants of more than one element, each counted once
 * @param weightBytes of all constants
 * @param flops of one inference
 * @param peakActivationBytes largest sum of values that live at the same time, nodes in file order
 * @param layers in file order
 * @param metadata all entries but the recipe
 * @param recipe the model's recipe; absent where the file has none
 */
@JsonNaming(PropertyNamingStrategies.SnakeCaseStrategy.class)
@JsonInclude(JsonInclude.Include.NON_NULL)
public record Inspection(
    String file,
    long fileBytes,
    long irVersion,
    long opset,
    String producer,
    Map<String, String> inputs,
    Map<String, String> outputs,
    Map<String, Integer> operators,
    long parameters,
    long weightBytes,
    long flops,
    long peakActivationBytes,
    List<Layer> layers,
    Map<String, String> metadata,
    @Nullable JsonNode recipe) {
  private static final String RECIPE = "radnet.recipe";
  private static final ObjectMapper JSON = new ObjectMapper();

  /**
   * Reads a model.
   *
   * @throws InvalidInputException where the file is no ONNX model
   */
  public static Inspection of(Path file) throws IOException {
    ModelProto model = OnnxFile.read(file);
    GraphProto graph = model.getGraph();
    Map<String, String> metadata = new LinkedHashMap<>();
    for (StringStringEntryProto entry : model.getMetadataPropsList()) {
      metadata.put(entry.getKey(), entry.getValue());
    }
    String recipeText = metadata.remove(RECIPE);
    JsonNode recipe = recipeText == null ? null : parse(recipeText, file);
    Map<String, ArrayType> types = ShapeInference.infer(graph, sizes(recipe));
    Map<String, ArrayType> constants = new HashMap<>();
    for (TensorProto constant : graph.getInitializerList()) {
      constants.put(constant.getName(), ShapeInference.typeOf(constant));
    }
    List<Layer> layers =
        graph.getNodeList().stream().map(node -> Layer.of(node, types, constants)).toList();
    Map<String, Integer> operators = new TreeMap<>();
    graph.getNodeList().forEach(node -> operators.merge(node.getOpType(), 1, Integer::sum));
    return new Inspection(
        String.valueOf(file.getFileName()),
        Files.size(file),
        model.getIrVersion(),
        model.getOpsetImport(0).getVersion(),
        (model.getProducerName() + " " + model.getProducerVersion()).strip(),
        described(graph.getInputList()),
        described(graph.getOutputList()),
        operators,
        constants.values().stream().mapToLong(ArrayType::elements).filter(n -> n > 1).sum(),
        constants.values().stream().mapToLong(ArrayType::bytes).sum(),
        layers.stream().mapToLong(Layer::flops).sum(),
        peak(graph, types, constants),
        layers,
        metadata,
        recipe);
  }

  private static JsonNode parse(String text, Path file) {
    try {
      return JSON.readTree(text);
    } catch (JsonProcessingException broken) {
      throw new InvalidInputException(file, "metadata " + RECIPE + ": no JSON", broken);
    }
  }

  /** A dynamic model is looked at on its recipe's own grid. */
  private static Map<String, Long> sizes(@Nullable JsonNode recipe) {
    Map<String, Long> sizes = new HashMap<>();
    if (recipe != null && recipe.path("grid").size() == 3) {
      sizes.put("depth", recipe.path("grid").path(0).asLong());
      sizes.put("height", recipe.path("grid").path(1).asLong());
      sizes.put("width", recipe.path("grid").path(2).asLong());
    }
    return sizes;
  }

  private static Map<String, String> described(List<ValueInfoProto> values) {
    Map<String, String> described = new LinkedHashMap<>();
    for (ValueInfoProto value : values) {
      List<String> sizes =
          value.getType().getTensorType().getShape().getDimList().stream()
              .map(d -> d.hasDimValue() ? Long.toString(d.getDimValue()) : d.getDimParam())
              .toList();
      described.put(value.getName(), String.join("x", sizes));
    }
    return described;
  }

  private static long peak(
      GraphProto graph, Map<String, ArrayType> types, Map<String, ArrayType> constants) {
    Map<String, Integer> lastUse = new HashMap<>();
    for (int index = 0; index < graph.getNodeCount(); index++) {
      for (String input : graph.getNode(index).getInputList()) {
        lastUse.put(input, index);
      }
    }
    graph.getOutputList().forEach(output -> lastUse.put(output.getName(), Integer.MAX_VALUE));
    long live = graph.getInputList().stream().mapToLong(v -> bytes(types, v.getName())).sum();
    long peak = live;
    for (int index = 0; index < graph.getNodeCount(); index++) {
      NodeProto node = graph.getNode(index);
      for (String output : node.getOutputList()) {
        live += bytes(types, output);
      }
      peak = Math.max(peak, live);
      for (String input : node.getInputList().stream().distinct().toList()) {
        if (!constants.containsKey(input) && lastUse.getOrDefault(input, -1) == index) {
          live -= bytes(types, input);
        }
      }
    }
    return peak;
  }

  private static long bytes(Map<String, ArrayType> types, String name) {
    ArrayType type = types.get(name);
    return type == null ? 0 : type.bytes();
  }
}
