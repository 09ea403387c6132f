package io.radnet.exporter.runtime;

import ai.djl.engine.Engine;
import ai.onnxruntime.OnnxTensor;
import ai.onnxruntime.OnnxValue;
import ai.onnxruntime.OrtEnvironment;
import ai.onnxruntime.OrtException;
import ai.onnxruntime.OrtLoggingLevel;
import ai.onnxruntime.OrtSession;
import ai.onnxruntime.TensorInfo;
import io.radnet.imaging.InvalidInputException;
import java.nio.Buffer;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.FloatBuffer;
import java.nio.LongBuffer;
import java.nio.ShortBuffer;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.BiConsumer;

/**
 * One model on ONNX Runtime's CPU provider, with a thread per core. Close it: it holds native
 * memory of about the file's size and more while it runs.
 */
public final class OnnxSession implements AutoCloseable {
  private final OrtEnvironment environment = environment();
  private final OrtSession session;
  private final Path file;

  private OnnxSession(Path file, OrtSession session) {
    this.file = file;
    this.session = session;
  }

  /**
   * Loads a model.
   *
   * @throws InvalidInputException where ONNX Runtime does not take the file
   */
  public static OnnxSession open(Path file) {
    return open(file, Runtime.getRuntime().availableProcessors());
  }

  /** As {@link #open(Path)}, with another number of threads. */
  public static OnnxSession open(Path file, int threads) {
    try (OrtSession.SessionOptions options = new OrtSession.SessionOptions()) {
      options.setIntraOpNumThreads(threads);
      options.setSessionLogLevel(OrtLoggingLevel.ORT_LOGGING_LEVEL_ERROR);
      OrtSession session = environment().createSession(file.toAbsolutePath().toString(), options);
      return new OnnxSession(file, session);
    } catch (OrtException failure) {
      throw refused(file, failure);
    }
  }

  /** The names of the outputs, in order. */
  public Set<String> outputNames() {
    return session.getOutputNames();
  }

  /**
   * One input of a run.
   *
   * @param name of the model's input
   * @param values float or 16-bit, in native byte order; a direct buffer is not copied
   * @param shape of the values
   */
  public record Input(String name, Buffer values, long... shape) {}

  /**
   * Runs the model on one input.
   *
   * @param input a name of the model's input
   * @param values in native byte order; a direct buffer is not copied
   * @param shape of the values
   * @return each output by name, whatever its type
   */
  public Map<String, float[]> run(String input, FloatBuffer values, long... shape) {
    return run(List.of(new Input(input, values, shape)), session.getOutputNames());
  }

  /** As {@link #run(String, FloatBuffer, long...)}, for some of the outputs. */
  public Map<String, float[]> run(
      String input, FloatBuffer values, Set<String> outputs, long... shape) {
    return run(List.of(new Input(input, values, shape)), outputs);
  }

  /** As {@link #run(String, FloatBuffer, long...)}, for all inputs of a model and all outputs. */
  public Map<String, float[]> run(List<Input> inputs) {
    return run(inputs, session.getOutputNames());
  }

  private Map<String, float[]> run(List<Input> inputs, Set<String> outputs) {
    Map<String, float[]> values = new LinkedHashMap<>();
    run(inputs, outputs, values::put);
    return values;
  }

  /** As {@link #run(List)}, with one output copied at a time: for many large ones. */
  public void run(List<Input> inputs, Set<String> outputs, BiConsumer<String, float[]> eachOutput) {
    try (Tensors tensors = new Tensors(environment, inputs);
        OrtSession.Result result = session.run(tensors.byName, outputs)) {
      for (Map.Entry<String, OnnxValue> output : result) {
        eachOutput.accept(output.getKey(), floats((OnnxTensor) output.getValue()));
      }
    } catch (OrtException failure) {
      throw refused(file, failure);
    }
  }

  /** Runs the model and drops the answer: for timing, without the cost of copying it. */
  public void runOnly(String input, FloatBuffer values, long... shape) {
    runOnly(List.of(new Input(input, values, shape)));
  }

  /** As {@link #runOnly(String, FloatBuffer, long...)}, for all inputs of a model. */
  public void runOnly(List<Input> inputs) {
    try (Tensors tensors = new Tensors(environment, inputs);
        OrtSession.Result result = session.run(tensors.byName)) {
      if (result.size() == 0) {
        throw new InvalidInputException(file, "the model has no output");
      }
    } catch (OrtException failure) {
      throw refused(file, failure);
    }
  }

  /** The inputs of one run as ONNX Runtime holds them. */
  private static final class Tensors implements AutoCloseable {
    private final Map<String, OnnxTensor> byName = new LinkedHashMap<>();

    Tensors(OrtEnvironment environment, List<Input> inputs) throws OrtException {
      for (Input input : inputs) {
        byName.put(
            input.name(),
            input.values() instanceof ShortBuffer shorts
                ? OnnxTensor.createTensor(environment, shorts, input.shape())
                : OnnxTensor.createTensor(
                    environment, (FloatBuffer) input.values(), input.shape()));
      }
    }

    @Override
    public void close() {
      byName.values().forEach(OnnxTensor::close);
    }
  }

  /** A direct buffer that {@link #run} does not have to copy. */
  public static FloatBuffer directBuffer(int elements) {
    return ByteBuffer.allocateDirect(Math.multiplyExact(elements, Float.BYTES))
        .order(ByteOrder.nativeOrder())
        .asFloatBuffer();
  }

  private static float[] floats(OnnxTensor tensor) {
    TensorInfo type = tensor.getInfo();
    float[] values = new float[Math.toIntExact(type.getNumElements())];
    switch (type.type) {
      case INT64 -> {
        LongBuffer longs = tensor.getLongBuffer();
        for (int i = 0; i < values.length; i++) {
          values[i] = longs.get(i);
        }
      }
      case UINT8 -> {
        ByteBuffer bytes = tensor.getByteBuffer();
        for (int i = 0; i < values.length; i++) {
          values[i] = bytes.get(i) & 0xff;
        }
      }
      default -> tensor.getFloatBuffer().get(values);
    }
    return values;
  }

  private static InvalidInputException refused(Path file, OrtException failure) {
    String reason = String.valueOf(failure.getMessage()).lines().findFirst().orElse("no reason");
    return new InvalidInputException(file, "ONNX Runtime: " + reason, failure);
  }

  @Override
  public void close() {
    try {
      session.close();
    } catch (OrtException failure) {
      throw refused(file, failure);
    }
  }

  /**
   * The one environment of the process. DJL's engine creates it with options and fails where there
   * is one already, so it comes first: a process that exports may then serve.
   */
  private static OrtEnvironment environment() {
    Engine.getEngine("OnnxRuntime");
    return OrtEnvironment.getEnvironment();
  }
}
