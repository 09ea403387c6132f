package io.radnet.server.model;

import ai.onnxruntime.OrtEnvironment;
import ai.onnxruntime.OrtProvider;
import io.radnet.imaging.InvalidInputException;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.List;
import java.util.Locale;

/** What ONNX Runtime computes with. */
public enum Provider {
  /** NVIDIA TensorRT, which falls back to CUDA for operators that it lacks. */
  TENSORRT(OrtProvider.TENSOR_RT),
  /** NVIDIA CUDA. */
  CUDA(OrtProvider.CUDA),
  /** The processor. */
  CPU(OrtProvider.CPU);

  private final OrtProvider runtime;

  Provider(OrtProvider runtime) {
    this.runtime = runtime;
  }

  /** The name on the command line and in answers. */
  public String label() {
    return name().toLowerCase(Locale.ROOT);
  }

  /** Whether this ONNX Runtime was built with it; a driver may still be missing. */
  boolean built() {
    return built(runtime);
  }

  private static boolean built(OrtProvider wanted) {
    EnumSet<OrtProvider> present = OrtEnvironment.getAvailableProviders();
    return present.contains(wanted);
  }

  /**
   * Reads an order such as {@code tensorrt,cuda,cpu}.
   *
   * @throws InvalidInputException where a name is unknown or the list is empty
   */
  public static List<Provider> parse(String list) {
    List<Provider> providers = new ArrayList<>();
    for (String name : list.split(",", -1)) {
      try {
        providers.add(valueOf(name.strip().toUpperCase(Locale.ROOT)));
      } catch (IllegalArgumentException unknown) {
        throw new InvalidInputException(
            "--provider", "unknown: " + name.strip() + " (expected: tensorrt, cuda or cpu)");
      }
    }
    return List.copyOf(providers);
  }
}
