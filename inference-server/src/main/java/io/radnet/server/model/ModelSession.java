package io.radnet.server.model;

import ai.djl.Model;
import ai.djl.inference.Predictor;
import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDList;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.Shape;
import ai.djl.onnxruntime.engine.OrtNDArray;
import ai.djl.translate.NoopTranslator;
import ai.djl.translate.TranslateException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.Arrays;
import java.util.EnumMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * One open model. Runs may overlap; closing waits for nobody, so close it when none is under way.
 */
final class ModelSession implements AutoCloseable {
  private final Model model;
  private final Predictor<NDList, NDList> predictor;
  private final Provider provider;
  private final OnnxHeader header;
  private final Map<TensorType, IntegerCast> casts = new EnumMap<>(TensorType.class);

  ModelSession(Model model, Provider provider, OnnxHeader header) {
    this.model = model;
    this.provider = provider;
    this.header = header;
    this.predictor = model.newPredictor(new NoopTranslator());
    for (TensorSpec input : header.inputs()) {
      if (!input.type().direct()) {
        casts.computeIfAbsent(input.type(), IntegerCast::of);
      }
    }
  }

  Provider provider() {
    return provider;
  }

  /** What one run gave and where its time went, in nanoseconds. */
  record Run(Map<String, Tensor> outputs, long inputNanos, long inferNanos, long outputNanos) {}

  /** Runs the network; the outputs come in the model's order. */
  Run run(List<Tensor> inputs) {
    long start = System.nanoTime();
    try (NDManager manager = model.getNDManager().newSubManager()) {
      NDList list = new NDList(inputs.size());
      for (Tensor input : inputs) {
        NDArray array = array(input, manager);
        array.setName(input.name());
        list.add(array);
      }
      long prepared = System.nanoTime();
      NDList result = predictor.predict(list);
      result.attach(manager);
      long inferred = System.nanoTime();
      Map<String, Tensor> outputs = new LinkedHashMap<>();
      for (TensorSpec output : header.outputs()) {
        if (result.get(output.name()) instanceof OrtNDArray array) {
          outputs.put(output.name(), tensor(output, array));
        }
      }
      return new Run(outputs, prepared - start, inferred - prepared, System.nanoTime() - inferred);
    } catch (TranslateException failure) {
      throw new IllegalStateException("the network failed", failure);
    }
  }

  private NDArray array(Tensor input, NDManager manager) throws TranslateException {
    IntegerCast cast = casts.get(input.type());
    if (cast != null) {
      return cast.array(input, manager);
    }
    return manager.create(direct(input.data()), shape(input), input.type().djl());
  }

  static Shape shape(Tensor tensor) {
    return new Shape(tensor.shape().stream().mapToLong(Long::longValue).toArray());
  }

  /** DJL's own copy fails for the types that it lacks; ONNX Runtime has the bytes of all. */
  private static Tensor tensor(TensorSpec output, OrtNDArray array) {
    List<Long> shape = Arrays.stream(array.getShape().getShape()).boxed().toList();
    return new Tensor(output.name(), output.type(), shape, array.getTensor().getByteBuffer());
  }

  static ByteBuffer direct(ByteBuffer data) {
    if (data.isDirect()) {
      return data.duplicate().order(ByteOrder.nativeOrder());
    }
    ByteBuffer copy = ByteBuffer.allocateDirect(data.remaining()).order(ByteOrder.nativeOrder());
    copy.put(data.duplicate());
    return copy.flip();
  }

  @Override
  public void close() {
    predictor.close();
    model.close();
    casts.values().forEach(IntegerCast::close);
  }
}
