package io.radnet.server;

import com.google.protobuf.ByteString;
import io.radnet.imaging.transform.Recipe;
import io.radnet.imaging.transform.RecipeJson;
import io.radnet.proto.onnx.AttributeProto;
import io.radnet.proto.onnx.GraphProto;
import io.radnet.proto.onnx.ModelProto;
import io.radnet.proto.onnx.NodeProto;
import io.radnet.proto.onnx.OperatorSetIdProto;
import io.radnet.proto.onnx.StringStringEntryProto;
import io.radnet.proto.onnx.TensorProto;
import io.radnet.proto.onnx.TensorShapeProto;
import io.radnet.proto.onnx.TypeProto;
import io.radnet.proto.onnx.ValueInfoProto;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;

/** Small ONNX models whose answers can be told by hand, written into a repository. */
public final class TestModels {
  /** The grid of the segmentation model. */
  public static final int WINDOW = 16;

  private TestModels() {}

  /**
   * Class 1 where the input is above one half. Values 0 to 1000 become 0 to 1; 1 mm voxels in
   * patient axes.
   */
  public static Path threshold(Path repository, String name, int maxBatch) throws IOException {
    GraphProto graph =
        GraphProto.newBuilder()
            .setName("threshold")
            .addInput(value("volume", -1, 1, WINDOW, WINDOW, WINDOW))
            .addOutput(value("logits", -1, 2, WINDOW, WINDOW, WINDOW))
            .addInitializer(tensor("w", new float[] {-10, 10}, 2, 1, 1, 1, 1))
            .addInitializer(tensor("b", new float[] {5, -5}, 2))
            .addNode(node("Conv", "logits", "volume", "w", "b"))
            .build();
    return write(repository, name, 1, graph, bright(), maxBatch);
  }

  /** The same as {@code radnet export --preprocess} makes it: takes the values themselves. */
  public static Path stored(Path repository, String name) throws IOException {
    int int16 = TensorProto.DataType.INT16_VALUE;
    GraphProto graph =
        GraphProto.newBuilder()
            .setName("stored")
            .addInput(value(int16, "volume", -1, 1, WINDOW, WINDOW, WINDOW))
            .addOutput(value("logits", -1, 2, WINDOW, WINDOW, WINDOW))
            .addInitializer(tensor("width", new float[] {1000}, 1))
            .addInitializer(tensor("w", new float[] {-10, 10}, 2, 1, 1, 1, 1))
            .addInitializer(tensor("b", new float[] {5, -5}, 2))
            .addNode(node("Cast", "float", "volume"))
            .addNode(node("Div", "scaled", "float", "width"))
            .addNode(node("Conv", "logits", "scaled", "w", "b"))
            .build();
    Path file = write(repository, name, 1, graph, bright(), 4);
    ModelProto.Builder model = ModelProto.parseFrom(Files.readAllBytes(file)).toBuilder();
    model.addMetadataProps(
        StringStringEntryProto.newBuilder().setKey("radnet.input").setValue("stored values"));
    return Files.write(file, model.build().toByteArray());
  }

  private static Recipe bright() {
    return new Recipe(
        Recipe.FORMAT_VERSION,
        Recipe.Task.SEGMENTATION,
        Recipe.Orientation.LPS,
        List.of(1.0, 1.0, 1.0),
        List.of(WINDOW, WINDOW, WINDOW),
        new Recipe.Intensity(Recipe.Intensity.Kind.WINDOW, 0, 1000),
        new Recipe.SlidingWindowSpec(0.25, 0.25),
        List.of(),
        List.of("background", "bright"),
        0,
        "test",
        "",
        Map.of());
  }

  /**
   * The embedding is {mean, 2 mean, -mean} of the input; modality is MR for bright scans; spacing
   * is always 5 mm; liver is always seen.
   */
  public static Path labels(Path repository, String name, int version, float factor)
      throws IOException {
    int side = 8;
    Recipe recipe =
        new Recipe(
            Recipe.FORMAT_VERSION,
            Recipe.Task.LABELS,
            Recipe.Orientation.ACQUISITION,
            List.of(0.0, 1.0, 1.0),
            List.of(side, side, side),
            new Recipe.Intensity(Recipe.Intensity.Kind.WINDOW, 0, 1000),
            new Recipe.SlidingWindowSpec(0, 0),
            List.of(
                new Recipe.Head(
                    "modality", Recipe.Head.Activation.SOFTMAX, List.of("CT", "MR", "PT")),
                new Recipe.Head(
                    "regions", Recipe.Head.Activation.SIGMOID, List.of("brain", "liver")),
                new Recipe.Head("spacing", Recipe.Head.Activation.LINEAR, List.of("log_mm"))),
            List.of(),
            3,
            "test",
            "",
            Map.of());
    GraphProto graph =
        GraphProto.newBuilder()
            .setName("labels")
            .addInput(value("volume", -1, 1, side, side, side))
            .addOutput(value("embedding", -1, 3))
            .addOutput(value("modality", -1, 3))
            .addOutput(value("regions", -1, 2))
            .addOutput(value("spacing", -1, 1))
            .addInitializer(tensor("e", new float[] {factor, 2 * factor, -factor}, 1, 3))
            .addInitializer(tensor("mw", new float[] {-9, 9, -9, 0, 0, 0, 0, 0, 0}, 3, 3))
            .addInitializer(tensor("mb", new float[] {1, 0, -5}, 3))
            .addInitializer(tensor("zero2", new float[6], 3, 2))
            .addInitializer(tensor("rb", new float[] {-4, 4}, 2))
            .addInitializer(tensor("zero1", new float[3], 3, 1))
            .addInitializer(tensor("sb", new float[] {(float) Math.log(5)}, 1))
            .addNode(node("GlobalAveragePool", "mean5", "volume"))
            .addNode(node("Flatten", "mean", "mean5"))
            .addNode(node("MatMul", "embedding", "mean", "e"))
            .addNode(node("Gemm", "modality", "embedding", "mw", "mb"))
            .addNode(node("Gemm", "regions", "embedding", "zero2", "rb"))
            .addNode(node("Gemm", "spacing", "embedding", "zero1", "sb"))
            .build();
    return write(repository, name, version, graph, recipe, 4);
  }

  /** Gives back a tensor of one type; carries no recipe. */
  public static Path identity(Path repository, String name, int onnxType) throws IOException {
    GraphProto graph =
        GraphProto.newBuilder()
            .setName("identity")
            .addInput(value(onnxType, "x", -1, 4))
            .addOutput(value(onnxType, "y", -1, 4))
            .addNode(node("Identity", "y", "x"))
            .build();
    return write(repository, name, 1, graph, null, 0);
  }

  /** Adds two tensors of four values each; carries no recipe. */
  public static Path sum(Path repository, String name) throws IOException {
    GraphProto graph =
        GraphProto.newBuilder()
            .setName("sum")
            .addInput(value("a", -1, 4))
            .addInput(value("b", -1, 4))
            .addOutput(value("y", -1, 4))
            .addNode(node("Add", "y", "a", "b"))
            .build();
    return write(repository, name, 1, graph, null, 4);
  }

  private static Path write(
      Path repository,
      String name,
      int version,
      GraphProto graph,
      @org.jspecify.annotations.Nullable Recipe recipe,
      int maxBatch)
      throws IOException {
    Path folder = repository.resolve(name);
    Files.createDirectories(folder.resolve(Integer.toString(version)));
    Files.writeString(
        folder.resolve("config.pbtxt"),
        "name: \""
            + name
            + "\"\nplatform: \"onnxruntime_onnx\"\nmax_batch_size: "
            + maxBatch
            + "\n"
            + (maxBatch > 1 ? "dynamic_batching { max_queue_delay_microseconds: 500 }\n" : "")
            + "some_later_field { nested: 1 }\n");
    ModelProto.Builder model =
        ModelProto.newBuilder()
            .setIrVersion(8)
            .setProducerName("test")
            .addOpsetImport(OperatorSetIdProto.newBuilder().setVersion(17))
            .setGraph(graph);
    if (recipe != null) {
      model.addMetadataProps(
          StringStringEntryProto.newBuilder()
              .setKey("radnet.recipe")
              .setValue(RecipeJson.write(recipe)));
    }
    Path file = folder.resolve(Integer.toString(version)).resolve("model.onnx");
    Files.write(file, model.build().toByteArray());
    return file;
  }

  private static NodeProto node(String type, String output, String... inputs) {
    NodeProto.Builder node =
        NodeProto.newBuilder().setOpType(type).addOutput(output).addAllInput(List.of(inputs));
    if (type.equals("Flatten")) {
      node.addAttribute(
          AttributeProto.newBuilder()
              .setName("axis")
              .setType(AttributeProto.AttributeType.INT)
              .setI(1));
    }
    if (type.equals("Cast")) {
      node.addAttribute(
          AttributeProto.newBuilder()
              .setName("to")
              .setType(AttributeProto.AttributeType.INT)
              .setI(TensorProto.DataType.FLOAT_VALUE));
    }
    return node.build();
  }

  private static ValueInfoProto value(String name, long... shape) {
    return value(TensorProto.DataType.FLOAT_VALUE, name, shape);
  }

  private static ValueInfoProto value(int type, String name, long... shape) {
    TensorShapeProto.Builder dims = TensorShapeProto.newBuilder();
    for (long size : shape) {
      TensorShapeProto.Dimension.Builder dim = TensorShapeProto.Dimension.newBuilder();
      dims.addDim(size < 0 ? dim.setDimParam("batch") : dim.setDimValue(size));
    }
    return ValueInfoProto.newBuilder()
        .setName(name)
        .setType(
            TypeProto.newBuilder()
                .setTensorType(TypeProto.Tensor.newBuilder().setElemType(type).setShape(dims)))
        .build();
  }

  private static TensorProto tensor(String name, float[] values, long... shape) {
    ByteBuffer raw = ByteBuffer.allocate(values.length * 4).order(ByteOrder.LITTLE_ENDIAN);
    for (float value : values) {
      raw.putFloat(value);
    }
    TensorProto.Builder tensor =
        TensorProto.newBuilder()
            .setName(name)
            .setDataType(TensorProto.DataType.FLOAT_VALUE)
            .setRawData(ByteString.copyFrom(raw.flip()));
    for (long size : shape) {
      tensor.addDims(size);
    }
    return tensor.build();
  }
}
