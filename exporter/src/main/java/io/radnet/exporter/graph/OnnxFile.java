package io.radnet.exporter.graph;

import com.google.protobuf.CodedInputStream;
import com.google.protobuf.InvalidProtocolBufferException;
import io.radnet.imaging.AtomicFiles;
import io.radnet.imaging.InvalidInputException;
import io.radnet.proto.onnx.GraphProto;
import io.radnet.proto.onnx.ModelProto;
import io.radnet.proto.onnx.OperatorSetIdProto;
import io.radnet.proto.onnx.StringStringEntryProto;
import io.radnet.proto.onnx.TensorProto;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.Objects;

/**
 * A model file. Where the constants are larger than a protobuf message can be (2 GiB), they lie in
 * a second file beside it, {@code NAME.data}, as ONNX's external data.
 */
public final class OnnxFile {
  /** Constants beyond this many bytes go into a second file. */
  public static final long LARGEST_EMBEDDED = (2L << 30) - (64L << 20);

  // ONNX asks for external data to begin at a page, so that a runtime can map it.
  private static final long ALIGNMENT = 4096;
  private static final int SMALLEST_EXTERNAL = 1024;

  private OnnxFile() {}

  /**
   * Writes a model.
   *
   * @param opset version of the operators
   * @param metadata goes into the file's {@code metadata_props}
   * @throws IOException where the disk does not take it; nothing half-written stays behind
   */
  public static void write(
      Path file, Graph graph, String name, int opset, Map<String, String> metadata)
      throws IOException {
    write(file, graph, name, opset, metadata, LARGEST_EMBEDDED);
  }

  /**
   * As above, with another size from which constants go into a second file.
   *
   * @param largestEmbedded bytes of constants, at most {@link #LARGEST_EMBEDDED}
   */
  public static void write(
      Path file,
      Graph graph,
      String name,
      int opset,
      Map<String, String> metadata,
      long largestEmbedded)
      throws IOException {
    GraphProto.Builder body = graph.toProto(name);
    if (graph.constantBytes() <= Math.min(largestEmbedded, LARGEST_EMBEDDED)) {
      graph
          .constants()
          .forEach((constant, tensor) -> body.addInitializer(tensor.toProto(constant)));
    } else {
      addExternal(body, graph, file);
    }
    ModelProto.Builder model =
        ModelProto.newBuilder()
            .setIrVersion(irVersion(opset))
            .setProducerName("radnet")
            .setProducerVersion(
                Objects.requireNonNullElse(
                    OnnxFile.class.getPackage().getImplementationVersion(), "0.1.0"))
            .addOpsetImport(OperatorSetIdProto.newBuilder().setVersion(opset))
            .setGraph(body);
    metadata.forEach(
        (key, value) ->
            model.addMetadataProps(
                StringStringEntryProto.newBuilder().setKey(key).setValue(value)));
    AtomicFiles.write(file, model.build()::writeTo);
  }

  /** Where the weights of a model lie that are too large for its own file. */
  public static Path dataFile(Path file) {
    return file.resolveSibling(file.getFileName() + ".data");
  }

  private static void addExternal(GraphProto.Builder body, Graph graph, Path file)
      throws IOException {
    Path data = dataFile(file);
    AtomicFiles.write(
        data,
        out -> {
          long position = 0;
          for (Map.Entry<String, Tensor> constant : graph.constants().entrySet()) {
            Tensor tensor = constant.getValue();
            if (tensor.size() < SMALLEST_EXTERNAL) {
              body.addInitializer(tensor.toProto(constant.getKey()));
              continue;
            }
            long start = (position + ALIGNMENT - 1) / ALIGNMENT * ALIGNMENT;
            out.write(new byte[Math.toIntExact(start - position)]);
            tensor.content().writeTo(out);
            position = start + tensor.size();
            body.addInitializer(
                tensor
                    .header(constant.getKey())
                    .setDataLocation(TensorProto.DataLocation.EXTERNAL)
                    .addExternalData(entry("location", data.getFileName().toString()))
                    .addExternalData(entry("offset", Long.toString(start)))
                    .addExternalData(entry("length", Long.toString(tensor.size()))));
          }
        });
  }

  private static StringStringEntryProto entry(String key, String value) {
    return StringStringEntryProto.newBuilder().setKey(key).setValue(value).build();
  }

  /** The version of the file's format that came with a version of the operators. */
  static int irVersion(int opset) {
    return opset >= 21 ? 10 : opset >= 19 ? 9 : 8;
  }

  /**
   * Reads a model, without its external data.
   *
   * @throws InvalidInputException where the file is no ONNX model
   */
  public static ModelProto read(Path file) throws IOException {
    try (InputStream in = Files.newInputStream(file)) {
      CodedInputStream coded = CodedInputStream.newInstance(in, 1 << 16);
      coded.setSizeLimit(Integer.MAX_VALUE);
      ModelProto model = ModelProto.parseFrom(coded);
      if (!model.hasGraph() || model.getOpsetImportCount() == 0) {
        throw new InvalidInputException(file, "no ONNX model: it has no graph or no operator set");
      }
      return model;
    } catch (InvalidProtocolBufferException broken) {
      throw new InvalidInputException(
          file, "no ONNX model, or a truncated one: " + broken.getMessage(), broken);
    }
  }
}
