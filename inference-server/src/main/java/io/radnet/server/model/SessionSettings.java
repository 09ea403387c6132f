package io.radnet.server.model;

import java.nio.file.Path;
import java.util.List;
import java.util.Optional;

/**
 * How sessions are made.
 *
 * @param providers in order of preference
 * @param required whether a provider of the list that is absent is an error; otherwise it is passed
 *     over, which is logged
 * @param threads threads of the processor per session
 * @param fp16 whether TensorRT may compute in half precision
 * @param cache folder for TensorRT's engines and timings
 * @param gpuMemoryLimit bytes that CUDA's arena may take, 0 for no limit
 */
public record SessionSettings(
    List<Provider> providers,
    boolean required,
    int threads,
    boolean fp16,
    Optional<Path> cache,
    long gpuMemoryLimit) {
  /** Checks and copies. */
  public SessionSettings {
    providers = List.copyOf(providers);
    if (providers.isEmpty()) {
      throw new IllegalArgumentException("providers: none (expected: at least one)");
    }
    if (threads < 1) {
      throw new IllegalArgumentException("threads: " + threads + " (expected: >= 1)");
    }
  }

  /** Whatever is present, the fastest first. */
  public static SessionSettings defaults(int threads) {
    return new SessionSettings(
        List.of(Provider.TENSORRT, Provider.CUDA, Provider.CPU),
        false,
        threads,
        false,
        Optional.empty(),
        0);
  }
}
