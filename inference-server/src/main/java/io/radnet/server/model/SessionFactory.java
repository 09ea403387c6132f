package io.radnet.server.model;

import ai.djl.Device;
import ai.djl.MalformedModelException;
import ai.djl.Model;
import ai.djl.engine.Engine;
import ai.djl.engine.EngineException;
import ai.onnxruntime.OrtException;
import ai.onnxruntime.OrtSession;
import ai.onnxruntime.providers.OrtCUDAProviderOptions;
import ai.onnxruntime.providers.OrtTensorRTProviderOptions;
import io.radnet.imaging.InvalidInputException;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Collectors;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Opens ONNX files as sessions on the first provider that works here. */
public final class SessionFactory {
  private static final Logger LOG = LoggerFactory.getLogger(SessionFactory.class);
  static final String ENGINE = "OnnxRuntime";
  private static final String LIBRARY_ERROR = "with error: ";

  private final SessionSettings settings;
  private final List<Provider> usable;

  /**
   * @throws InvalidInputException where a required provider is not in this build of ONNX Runtime
   */
  public SessionFactory(SessionSettings settings) {
    this.settings = settings;
    // Touching DJL's engine first makes it unpack and load the native library once.
    Engine.getEngine(ENGINE);
    List<Provider> present = new ArrayList<>();
    for (Provider provider : settings.providers()) {
      if (provider.built()) {
        present.add(provider);
      } else if (settings.required()) {
        throw new InvalidInputException(
            "--provider",
            provider.label()
                + " is not in this build of ONNX Runtime (present: cpu; for a GPU build with Maven's"
                + " profile gpu, which RADNET_GPU=1 ./radnet does)");
      } else {
        LOG.info("provider {} is not in this build of ONNX Runtime", provider.label());
      }
    }
    if (present.isEmpty()) {
      present.add(Provider.CPU);
    }
    this.usable = List.copyOf(present);
  }

  /** The providers of the order that this build has. */
  public List<Provider> usable() {
    return usable;
  }

  /**
   * Opens a model on the first provider that takes it.
   *
   * @throws InvalidInputException where no provider takes it, or a required one does not
   */
  ModelSession open(Path file, OnnxHeader header, int maxBatch) throws IOException {
    String last = "";
    for (Provider provider : usable) {
      try {
        return open(file, header, provider, maxBatch);
      } catch (OrtException | EngineException unavailable) {
        String reason = reason(unavailable);
        if (settings.required() || provider == Provider.CPU) {
          throw new InvalidInputException(
              file, "provider " + provider.label() + " failed: " + reason, unavailable);
        }
        LOG.info("provider {} does not work here: {}", provider.label(), reason);
        last = reason;
      }
    }
    throw new InvalidInputException(file, "no provider of " + usable + " works here: " + last);
  }

  /** ONNX Runtime's message; of a library that does not load, only which and why. */
  private static String reason(Exception failure) {
    String line = String.valueOf(failure.getMessage()).lines().findFirst().orElse("");
    int library = line.lastIndexOf(LIBRARY_ERROR);
    return library < 0 ? line : line.substring(library + LIBRARY_ERROR.length());
  }

  private ModelSession open(Path file, OnnxHeader header, Provider provider, int maxBatch)
      throws IOException, OrtException {
    try (OrtSession.SessionOptions options = new OrtSession.SessionOptions()) {
      options.setIntraOpNumThreads(settings.threads());
      options.setInterOpNumThreads(1);
      // Idle threads that spin would take the processor from the work around the network.
      options.addConfigEntry("session.intra_op.allow_spinning", "0");
      if (provider != Provider.CPU) {
        addGpu(options, provider, header, maxBatch);
      }
      // The device is the processor for DJL in all cases, or it would add CUDA once more itself.
      Model model = Model.newInstance("model", Device.cpu(), ENGINE);
      try {
        model.load(
            file.toAbsolutePath().getParent(),
            String.valueOf(file.getFileName()),
            Map.of("sessionOptions", options));
        return new ModelSession(model, provider, header);
      } catch (MalformedModelException malformed) {
        model.close();
        Throwable cause = malformed.getCause() == null ? malformed : malformed.getCause();
        if (provider != Provider.CPU && cause instanceof OrtException ort) {
          throw ort;
        }
        throw new InvalidInputException(
            file,
            "ONNX Runtime cannot load it: "
                + String.valueOf(cause.getMessage()).lines().findFirst().orElse(""),
            malformed);
      } catch (IOException | RuntimeException | Error failure) {
        model.close();
        throw failure;
      }
    }
  }

  private void addTensorRt(OrtSession.SessionOptions options, OnnxHeader header, int maxBatch)
      throws OrtException, IOException {
    try (OrtTensorRTProviderOptions tensorRt = new OrtTensorRTProviderOptions()) {
      tensorRt.add("trt_fp16_enable", settings.fp16() ? "1" : "0");
      Optional<Path> cache = settings.cache().flatMap(EngineCache::usable);
      if (cache.isPresent()) {
        String folder = cache.get().toString();
        tensorRt.add("trt_engine_cache_enable", "1");
        tensorRt.add("trt_engine_cache_path", folder);
        tensorRt.add("trt_timing_cache_enable", "1");
        tensorRt.add("trt_timing_cache_path", folder);
      }
      // TensorRT has no 16-bit integers and begins behind their cast, whose name is not known here.
      if (header.inputs().stream()
          .allMatch(
              input ->
                  input.type().direct()
                      && input.shape().size() > 1
                      && input.shape().subList(1, input.shape().size()).stream()
                          .allMatch(size -> size > 0))) {
        // One engine for every batch size, or each new size would cost a build of tens of seconds.
        tensorRt.add("trt_profile_min_shapes", profile(header, 1));
        tensorRt.add("trt_profile_opt_shapes", profile(header, maxBatch));
        tensorRt.add("trt_profile_max_shapes", profile(header, maxBatch));
      }
      options.addTensorrt(tensorRt);
    }
  }

  private static String profile(OnnxHeader header, int batch) {
    return header.inputs().stream()
        .map(
            input ->
                input.name()
                    + ":"
                    + batch
                    + "x"
                    + input.shape().stream()
                        .skip(1)
                        .map(String::valueOf)
                        .collect(Collectors.joining("x")))
        .collect(Collectors.joining(","));
  }

  private void addGpu(
      OrtSession.SessionOptions options, Provider provider, OnnxHeader header, int maxBatch)
      throws OrtException, IOException {
    // Made first: that unpacks CUDA's library, without which TensorRT's options cannot be made.
    try (OrtCUDAProviderOptions cuda = new OrtCUDAProviderOptions()) {
      if (provider == Provider.TENSORRT) {
        addTensorRt(options, header, maxBatch);
      }
      cuda.add("cudnn_conv_algo_search", "EXHAUSTIVE");
      if (settings.gpuMemoryLimit() > 0) {
        cuda.add("gpu_mem_limit", Long.toString(settings.gpuMemoryLimit()));
        cuda.add("arena_extend_strategy", "kSameAsRequested");
      }
      options.addCUDA(cuda);
    }
  }
}
