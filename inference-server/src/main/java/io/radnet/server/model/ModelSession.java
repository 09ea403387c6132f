package io.radnet.server.model;

import ai.djl.Model;
import ai.djl.inference.Predictor;
import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDList;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.Shape;
import ai.djl.translate.NoopTranslator;
import ai.djl.translate.TranslateException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.ArrayList;
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

  ModelSession(Model model, Provider provider, OnnxHeader header) {
    this.model = model;
    this.provider = provider;
    this.header = header;
    this.predictor = model.newPredictor(new NoopTranslator());
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
        NDArray array =
            manager.create(
                direct(input.data()),
                new Shape(input.shape().stream().mapToLong(Long::longValue).toArray()),
                input.type().djl());
        array.setName(input.name());
        list.add(array);
      }
      long prepared = System.nanoTime();
      NDList result = predictor.predict(list);
      result.attach(manager);
      long inferred = System.nanoTime();
      Map<String, Tensor> outputs = new LinkedHashMap<>();
      for (NDArray array : ordered(result)) {
        List<Long> shape = new ArrayList<>();
        for (long size : array.getShape().getShape()) {
          shape.add(size);
        }
        String name = array.getName();
        TensorType type = TensorType.ofDjl(array.getDataType());
        outputs.put(name, new Tensor(name, type, shape, array.toByteBuffer()));
      }
      return new Run(outputs, prepared - start, inferred - prepared, System.nanoTime() - inferred);
    } catch (TranslateException failure) {
      throw new IllegalStateException("the network failed", failure);
    }
  }

  private List<NDArray> ordered(NDList result) {
    List<NDArray> arrays = new ArrayList<>();
    for (TensorSpec output : header.outputs()) {
      NDArray array = result.get(output.name());
      if (array != null) {
        arrays.add(array);
      }
    }
    return arrays;
  }

  private static ByteBuffer direct(ByteBuffer data) {
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
  }
}
