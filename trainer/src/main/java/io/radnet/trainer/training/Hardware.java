package io.radnet.trainer.training;

import ai.djl.Device;
import ai.djl.engine.Engine;
import io.radnet.imaging.InvalidInputException;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;

/**
 * Where a run computes. Each batch is cut into {@code devices * accumulate} parts of nearly equal
 * size. Every device keeps a copy of the network and takes its share of the parts, one after the
 * other; the gradients are averaged, so all copies make the same step. Batch normalisation uses the
 * statistics of each part, as data parallelism does elsewhere.
 *
 * @param kind CPU or GPU
 * @param devices copies of the network; GPUs have one each
 * @param accumulate parts that a device computes one after the other, to need the memory of one
 */
public record Hardware(Devices kind, int devices, int accumulate) {
  /** Checks the ranges. */
  public Hardware {
    if (devices < 1 || accumulate < 1) {
      throw new IllegalArgumentException(
          "devices " + devices + ", accumulate " + accumulate + " (expected: both at least 1)");
    }
  }

  /** One device and whole batches. */
  public static Hardware single(Devices kind) {
    return new Hardware(kind, 1, 1);
  }

  /** Parts of a batch. */
  public int parts() {
    return devices * accumulate;
  }

  /**
   * The device of each copy.
   *
   * @throws InvalidInputException where there are fewer GPUs
   */
  List<Device> choose() {
    Device first = kind.choose();
    if (!first.isGpu()) {
      return Collections.nCopies(devices, first);
    }
    int gpus = Engine.getEngine(Devices.ENGINE).getGpuCount();
    if (devices > gpus) {
      throw new InvalidInputException(
          "--devices", devices + " (expected: at most " + gpus + ", the GPUs that PyTorch sees)");
    }
    List<Device> chosen = new ArrayList<>();
    for (int gpu = 0; gpu < devices; gpu++) {
      chosen.add(Device.gpu(gpu));
    }
    return chosen;
  }

  /**
   * Checks that every device has something to do.
   *
   * @param batch volumes per step
   */
  void check(int batch) {
    if (batch < parts()) {
      throw new InvalidInputException(
          "--batch",
          batch + " (expected: >= " + parts() + ", the devices times the parts of each)");
    }
  }
}
