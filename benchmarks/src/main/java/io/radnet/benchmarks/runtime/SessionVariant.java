package io.radnet.benchmarks.runtime;

import ai.onnxruntime.OrtException;
import ai.onnxruntime.OrtSession.SessionOptions;
import ai.onnxruntime.OrtSession.SessionOptions.OptLevel;

/** The server's session options, and each with one of them otherwise. */
public enum SessionVariant {
  /** As the server opens its sessions: idle threads sleep. */
  SERVER,
  /** Idle threads spin, as ONNX Runtime has it by default. */
  SPINNING,
  /** Memory of intermediate values comes from malloc instead of the arena. */
  NO_ARENA,
  /** No plan of the intermediate values' places from the first run. */
  NO_MEMORY_PATTERN,
  /** Weights are not laid out for the matrix kernels when the session is made. */
  NO_PREPACKING,
  /** No rewriting of the graph by ONNX Runtime. */
  NO_OPTIMISATION,
  /** Only rewriting that is valid on every provider; no fused Conv and ReLU. */
  BASIC_OPTIMISATION,
  /** Denormal numbers count as zero. */
  DENORMALS_AS_ZERO,
  /**
   * Work is handed out in pieces that become smaller, so that threads of unequal speed even out.
   */
  DYNAMIC_BLOCKS,
  /** The batch is fixed to 1 when the session is made. */
  FIXED_BATCH;

  /** New options for {@code threads} threads; close them. */
  public SessionOptions options(int threads) throws OrtException {
    SessionOptions options = new SessionOptions();
    options.setIntraOpNumThreads(threads);
    options.setInterOpNumThreads(1);
    options.addConfigEntry("session.intra_op.allow_spinning", this == SPINNING ? "1" : "0");
    switch (this) {
      case NO_ARENA -> options.setCPUArenaAllocator(false);
      case NO_MEMORY_PATTERN -> options.setMemoryPatternOptimization(false);
      case NO_PREPACKING -> options.addConfigEntry("session.disable_prepacking", "1");
      case NO_OPTIMISATION -> options.setOptimizationLevel(OptLevel.NO_OPT);
      case BASIC_OPTIMISATION -> options.setOptimizationLevel(OptLevel.BASIC_OPT);
      case DENORMALS_AS_ZERO -> options.addConfigEntry("session.set_denormal_as_zero", "1");
      case DYNAMIC_BLOCKS -> options.addConfigEntry("session.dynamic_block_base", "4");
      case FIXED_BATCH -> options.setSymbolicDimensionValue("batch", 1);
      default -> {
        // as they are
      }
    }
    return options;
  }
}
