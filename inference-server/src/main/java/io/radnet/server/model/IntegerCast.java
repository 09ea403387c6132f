package io.radnet.server.model;

import ai.djl.Device;
import ai.djl.MalformedModelException;
import ai.djl.Model;
import ai.djl.inference.Predictor;
import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDList;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.DataType;
import ai.djl.translate.NoopTranslator;
import ai.djl.translate.TranslateException;
import ai.onnxruntime.OrtException;
import ai.onnxruntime.OrtSession;
import io.radnet.proto.onnx.AttributeProto;
import io.radnet.proto.onnx.GraphProto;
import io.radnet.proto.onnx.ModelProto;
import io.radnet.proto.onnx.NodeProto;
import io.radnet.proto.onnx.OperatorSetIdProto;
import io.radnet.proto.onnx.TensorProto;
import io.radnet.proto.onnx.TypeProto;
import io.radnet.proto.onnx.ValueInfoProto;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.IntBuffer;
import java.nio.ShortBuffer;
import java.nio.file.Files;
import java.util.Map;

/**
 * Hands integers over that DJL has no way for, such as the 16-bit input that {@code radnet export
 * --preprocess} writes: as integers that DJL takes, through a graph of one Cast in front of the
 * model.
 */
final class IntegerCast implements AutoCloseable {
  private final Model model;
  private final Predictor<NDList, NDList> predictor;
  private final DataType from;

  private IntegerCast(Model model, DataType from) {
    this.model = model;
    this.predictor = model.newPredictor(new NoopTranslator());
    this.from = from;
  }

  static IntegerCast of(TensorType type) {
    Model model = Model.newInstance("cast", Device.cpu(), SessionFactory.ENGINE);
    try (OrtSession.SessionOptions options = new OrtSession.SessionOptions()) {
      options.setIntraOpNumThreads(1);
      options.setInterOpNumThreads(1);
      // The values are large and soon gone: an arena would keep room for the largest ever.
      options.setCPUArenaAllocator(false);
      model.load(graph(type).toByteString().newInput(), Map.of("sessionOptions", options));
      // DJL makes an empty folder for a model that comes as a stream.
      Files.deleteIfExists(model.getModelPath());
      return new IntegerCast(model, type.djl());
    } catch (IOException | OrtException | MalformedModelException impossible) {
      model.close();
      throw new IllegalStateException("no cast to " + type, impossible);
    }
  }

  private static ModelProto graph(TensorType type) {
    int from =
        type.djl() == DataType.INT64
            ? TensorProto.DataType.INT64_VALUE
            : TensorProto.DataType.INT32_VALUE;
    return ModelProto.newBuilder()
        .setIrVersion(8)
        .addOpsetImport(OperatorSetIdProto.newBuilder().setVersion(17))
        .setGraph(
            GraphProto.newBuilder()
                .setName("cast")
                .addInput(value("x", from))
                .addOutput(value("y", type.onnx()))
                .addNode(
                    NodeProto.newBuilder()
                        .setOpType("Cast")
                        .addInput("x")
                        .addOutput("y")
                        .addAttribute(
                            AttributeProto.newBuilder()
                                .setName("to")
                                .setType(AttributeProto.AttributeType.INT)
                                .setI(type.onnx()))))
        .build();
  }

  /** Without a shape, so of any. */
  private static ValueInfoProto value(String name, int type) {
    return ValueInfoProto.newBuilder()
        .setName(name)
        .setType(
            TypeProto.newBuilder().setTensorType(TypeProto.Tensor.newBuilder().setElemType(type)))
        .build();
  }

  /** The tensor as an array of its own type, which a session takes. */
  NDArray array(Tensor tensor, NDManager manager) throws TranslateException {
    NDArray integers = manager.create(integers(tensor), ModelSession.shape(tensor), from);
    integers.setName("x");
    NDList cast = predictor.predict(new NDList(integers));
    cast.attach(manager);
    integers.close();
    return cast.head();
  }

  /** The same bits, those of 16-bit integers widened: a cast keeps the lower ones. */
  private static ByteBuffer integers(Tensor tensor) {
    if (tensor.type().bytes() > Short.BYTES) {
      return ModelSession.direct(tensor.data());
    }
    ShortBuffer narrow = tensor.data().duplicate().order(ByteOrder.LITTLE_ENDIAN).asShortBuffer();
    ByteBuffer wide =
        ByteBuffer.allocateDirect(Math.multiplyExact(narrow.remaining(), Integer.BYTES))
            .order(ByteOrder.nativeOrder());
    IntBuffer out = wide.asIntBuffer();
    while (narrow.hasRemaining()) {
      out.put(narrow.get());
    }
    return wide;
  }

  @Override
  public void close() {
    predictor.close();
    model.close();
  }
}
