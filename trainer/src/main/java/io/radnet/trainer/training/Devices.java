package io.radnet.trainer.training;

import ai.djl.Device;
import ai.djl.engine.Engine;
import io.radnet.imaging.InvalidInputException;
import java.util.Locale;

/** Where networks run. */
public enum Devices {
  /** The first GPU where there is one, else the CPU. */
  AUTO,
  /** The CPU. */
  CPU,
  /** The first GPU. */
  GPU;

  /** The name of the engine that trains. */
  public static final String ENGINE = "PyTorch";

  /**
   * The device of this choice.
   *
   * @throws InvalidInputException where a GPU is asked for and none is there
   */
  public Device choose() {
    if (this == CPU) {
      return Device.cpu();
    }
    int gpus = Engine.getEngine(ENGINE).getGpuCount();
    if (gpus == 0 && this == GPU) {
      throw new InvalidInputException(
          "--device gpu", "GPUs that PyTorch sees: 0 (expected: >= 1); use --device cpu");
    }
    return gpus == 0 ? Device.cpu() : Device.gpu(0);
  }

  /** As people write it in options. */
  @Override
  public String toString() {
    return name().toLowerCase(Locale.ROOT);
  }
}
