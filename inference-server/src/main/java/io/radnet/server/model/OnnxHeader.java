package io.radnet.server.model;

import com.google.protobuf.CodedInputStream;
import com.google.protobuf.ExtensionRegistryLite;
import com.google.protobuf.WireFormat;
import io.radnet.imaging.InvalidInputException;
import io.radnet.imaging.transform.Recipe;
import io.radnet.imaging.transform.RecipeJson;
import io.radnet.proto.onnx.StringStringEntryProto;
import io.radnet.proto.onnx.TensorProto;
import io.radnet.proto.onnx.ValueInfoProto;
import java.io.BufferedInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;

/**
 * What an ONNX file says of itself: inputs, outputs and metadata. The weights are skipped, not
 * read.
 *
 * @param inputs without those that are weights
 * @param outputs in order
 * @param metadata {@code metadata_props}
 */
record OnnxHeader(List<TensorSpec> inputs, List<TensorSpec> outputs, Map<String, String> metadata) {
  static final String RECIPE_KEY = "radnet.recipe";
  private static final String INPUT_KEY = "radnet.input";
  private static final String STORED = "stored values";

  private static final int MODEL_GRAPH = 7;
  private static final int MODEL_METADATA = 14;
  private static final int GRAPH_INITIALIZER = 5;
  private static final int GRAPH_INPUT = 11;
  private static final int GRAPH_OUTPUT = 12;
  private static final int TENSOR_NAME = 8;

  OnnxHeader {
    inputs = List.copyOf(inputs);
    outputs = List.copyOf(outputs);
    metadata = Map.copyOf(metadata);
  }

  /** The recipe, where the file carries one. */
  Optional<Recipe> recipe(Path file) {
    String json = metadata.get(RECIPE_KEY);
    return json == null ? Optional.empty() : Optional.of(RecipeJson.read(json, file));
  }

  /** Whether it maps intensities itself: made by {@code radnet export --preprocess}. */
  boolean takesStoredValues() {
    return STORED.equals(metadata.get(INPUT_KEY));
  }

  /**
   * @throws InvalidInputException where the file is no ONNX model or uses a type that the server
   *     does not carry
   */
  static OnnxHeader read(Path file) throws IOException {
    List<ValueInfoProto> inputs = new ArrayList<>();
    List<ValueInfoProto> outputs = new ArrayList<>();
    Set<String> weights = new HashSet<>();
    Map<String, String> metadata = new TreeMap<>();
    try (InputStream in = new BufferedInputStream(Files.newInputStream(file), 1 << 16)) {
      CodedInputStream stream = CodedInputStream.newInstance(in);
      stream.setSizeLimit(Integer.MAX_VALUE);
      for (int tag = stream.readTag(); tag != 0; tag = stream.readTag()) {
        switch (WireFormat.getTagFieldNumber(tag)) {
          case MODEL_GRAPH -> {
            int outer = stream.pushLimit(stream.readRawVarint32());
            readGraph(stream, inputs, outputs, weights);
            stream.popLimit(outer);
          }
          case MODEL_METADATA -> {
            StringStringEntryProto entry =
                stream.readMessage(
                    StringStringEntryProto.parser(), ExtensionRegistryLite.getEmptyRegistry());
            metadata.put(entry.getKey(), entry.getValue());
          }
          default -> stream.skipField(tag);
        }
      }
    } catch (com.google.protobuf.InvalidProtocolBufferException malformed) {
      throw new InvalidInputException(
          file, "not a readable ONNX model (truncated or corrupt)", malformed);
    }
    if (outputs.isEmpty()) {
      throw new InvalidInputException(file, "not an ONNX model: no graph with outputs");
    }
    return new OnnxHeader(
        inputs.stream()
            .filter(input -> !weights.contains(input.getName()))
            .map(input -> spec(input, file))
            .toList(),
        outputs.stream().map(output -> spec(output, file)).toList(),
        metadata);
  }

  private static void readGraph(
      CodedInputStream stream,
      List<ValueInfoProto> inputs,
      List<ValueInfoProto> outputs,
      Set<String> weights)
      throws IOException {
    for (int tag = stream.readTag(); tag != 0; tag = stream.readTag()) {
      switch (WireFormat.getTagFieldNumber(tag)) {
        case GRAPH_INITIALIZER -> {
          int outer = stream.pushLimit(stream.readRawVarint32());
          for (int field = stream.readTag(); field != 0; field = stream.readTag()) {
            if (WireFormat.getTagFieldNumber(field) == TENSOR_NAME) {
              weights.add(stream.readString());
            } else {
              stream.skipField(field);
            }
          }
          stream.popLimit(outer);
        }
        case GRAPH_INPUT -> inputs.add(valueInfo(stream));
        case GRAPH_OUTPUT -> outputs.add(valueInfo(stream));
        default -> stream.skipField(tag);
      }
    }
  }

  private static ValueInfoProto valueInfo(CodedInputStream stream) throws IOException {
    return stream.readMessage(ValueInfoProto.parser(), ExtensionRegistryLite.getEmptyRegistry());
  }

  private static TensorSpec spec(ValueInfoProto value, Path file) {
    int number = value.getType().getTensorType().getElemType();
    TensorType type = TensorType.ofOnnx(number);
    if (type == null) {
      throw new InvalidInputException(
          file,
          "tensor "
              + value.getName()
              + ": ONNX type "
              + name(number)
              + " (expected: one of "
              + List.of(TensorType.values())
              + ")");
    }
    List<Long> shape =
        value.getType().getTensorType().getShape().getDimList().stream()
            .map(dim -> dim.hasDimValue() && dim.getDimValue() > 0 ? dim.getDimValue() : -1L)
            .toList();
    return new TensorSpec(value.getName(), type, shape);
  }

  private static String name(int number) {
    TensorProto.DataType type = TensorProto.DataType.forNumber(number);
    return type == null ? Integer.toString(number) : type.name();
  }
}
