package io.radnet.exporter;

import java.util.Locale;

/** The arithmetic of an exported model. Inputs and outputs stay in single precision in each. */
public enum Precision {
  /** Single precision throughout. */
  FP32(1e-4),
  /** Weights and convolutions in half precision, pooling and heads in single precision. */
  FP16(2e-2),
  /** Convolutions on 8-bit values: symmetric, one scale per filter, activations calibrated. */
  INT8(2.5e-1);

  private final double defaultTolerance;

  Precision(double defaultTolerance) {
    this.defaultTolerance = defaultTolerance;
  }

  /** The largest relative error that an export accepts where nothing else is asked for. */
  public double defaultTolerance() {
    return defaultTolerance;
  }

  /** As it is typed, such as {@code fp16}. */
  @Override
  public String toString() {
    return name().toLowerCase(Locale.ROOT);
  }
}
