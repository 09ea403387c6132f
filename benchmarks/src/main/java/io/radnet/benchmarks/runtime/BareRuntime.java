package io.radnet.benchmarks.runtime;

import ai.djl.engine.Engine;
import ai.onnxruntime.OnnxTensor;
import ai.onnxruntime.OrtEnvironment;
import ai.onnxruntime.OrtException;
import ai.onnxruntime.OrtSession;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Path;
import java.util.Map;

/** A model with one float input, on ONNX Runtime's own API. */
public final class BareRuntime implements AutoCloseable {
  private final OrtEnvironment environment;
  private final OrtSession session;
  private final String input;

  private BareRuntime(OrtEnvironment environment, OrtSession session) {
    this.environment = environment;
    this.session = session;
    this.input = session.getInputNames().iterator().next();
  }

  /** Opens a model. */
  public static BareRuntime open(Path model, SessionVariant variant, int threads)
      throws OrtException {
    Engine.getEngine("OnnxRuntime"); // makes the environment, and fails where there is one already
    OrtEnvironment environment = OrtEnvironment.getEnvironment();
    try (OrtSession.SessionOptions options = variant.options(threads)) {
      return new BareRuntime(environment, environment.createSession(model.toString(), options));
    }
  }

  /** Runs the model and drops the answer. */
  public int run(ByteBuffer values, long[] shape) throws OrtException {
    try (OnnxTensor tensor = tensor(values, shape);
        OrtSession.Result result = session.run(Map.of(input, tensor))) {
      return result.size();
    }
  }

  /** Runs the model and copies its last output. */
  public ByteBuffer answer(ByteBuffer values, long[] shape) throws OrtException {
    try (OnnxTensor tensor = tensor(values, shape);
        OrtSession.Result result = session.run(Map.of(input, tensor))) {
      return ((OnnxTensor) result.get(result.size() - 1)).getByteBuffer();
    }
  }

  private OnnxTensor tensor(ByteBuffer values, long[] shape) throws OrtException {
    return OnnxTensor.createTensor(
        environment, values.duplicate().order(ByteOrder.nativeOrder()).asFloatBuffer(), shape);
  }

  @Override
  public void close() throws OrtException {
    session.close();
  }
}
