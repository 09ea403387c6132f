package io.radnet.benchmarks.runtime;

import ai.djl.Device;
import ai.djl.MalformedModelException;
import ai.djl.Model;
import ai.djl.inference.Predictor;
import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDList;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.DataType;
import ai.djl.ndarray.types.Shape;
import ai.djl.translate.NoopTranslator;
import ai.djl.translate.TranslateException;
import ai.onnxruntime.OrtException;
import ai.onnxruntime.OrtSession;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Path;
import java.util.Map;

/** A model with one float input, on ONNX Runtime through DJL's predictor, as the server runs it. */
public final class DjlRuntime implements AutoCloseable {
  private final Model model;
  private final Predictor<NDList, NDList> predictor;
  private final String input;

  private DjlRuntime(Model model, String input) {
    this.model = model;
    this.predictor = model.newPredictor(new NoopTranslator());
    this.input = input;
  }

  /** Opens a model whose input has this name. */
  public static DjlRuntime open(Path file, String input, SessionVariant variant, int threads)
      throws OrtException, IOException, MalformedModelException {
    ai.djl.engine.Engine.getEngine("OnnxRuntime");
    try (OrtSession.SessionOptions options = variant.options(threads)) {
      Model model = Model.newInstance("model", Device.cpu(), "OnnxRuntime");
      model.load(
          file.toAbsolutePath().getParent(),
          String.valueOf(file.getFileName()),
          Map.of("sessionOptions", options));
      return new DjlRuntime(model, input);
    }
  }

  /** Runs the model and drops the answer. */
  public int run(ByteBuffer values, long[] shape) throws TranslateException {
    try (NDManager scope = model.getNDManager().newSubManager()) {
      return predicted(values, shape, scope).size();
    }
  }

  /** Runs the model and copies its last output. */
  public ByteBuffer answer(ByteBuffer values, long[] shape) throws TranslateException {
    try (NDManager scope = model.getNDManager().newSubManager()) {
      NDList answer = predicted(values, shape, scope);
      return answer.get(answer.size() - 1).toByteBuffer();
    }
  }

  private NDList predicted(ByteBuffer values, long[] shape, NDManager scope)
      throws TranslateException {
    ByteBuffer bytes = values.duplicate().order(ByteOrder.nativeOrder());
    NDArray array = scope.create(bytes, new Shape(shape), DataType.FLOAT32);
    array.setName(input);
    NDList answer = predictor.predict(new NDList(array));
    answer.attach(scope);
    return answer;
  }

  @Override
  public void close() {
    predictor.close();
    model.close();
  }
}
