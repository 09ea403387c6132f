package io.radnet.exporter;

import io.radnet.imaging.InvalidInputException;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.regex.Pattern;

/**
 * What to export and where to.
 *
 * @param checkpoint a checkpoint's folder, or a run's for its best checkpoint
 * @param repository the model repository, created where absent
 * @param name the model's name in it: letters, digits, dot, dash, underscore
 * @param precision the arithmetic
 * @param tolerance largest relative error accepted, in (0, 1]
 * @param dynamicShape whether depth, height and width may vary; the batch always may
 * @param opset version of ONNX's operators, 17 to 20
 * @param volumes folders or files with real scans for parity and calibration; may be empty
 * @param rawInput whether the graph takes stored values (int16) and maps the intensity window
 *     itself
 * @param decodedOutput whether the graph also answers with probabilities, or with the mask
 * @param timedRuns inferences timed at most
 * @param seed of the random inputs
 */
public record ExportOptions(
    Path checkpoint,
    Path repository,
    String name,
    Precision precision,
    double tolerance,
    boolean dynamicShape,
    int opset,
    List<Path> volumes,
    boolean rawInput,
    boolean decodedOutput,
    int timedRuns,
    long seed) {
  /** The operators' version where nothing else is asked for. */
  public static final int DEFAULT_OPSET = 17;

  private static final int DEFAULT_TIMED_RUNS = 15;
  private static final int NEWEST_OPSET = 20;
  private static final Pattern NAME = Pattern.compile("[A-Za-z0-9_][A-Za-z0-9._-]{0,127}");

  /** Checks what can be checked before any work, and copies. */
  public ExportOptions {
    volumes = List.copyOf(volumes);
    if (!NAME.matcher(name).matches()) {
      throw new InvalidInputException(
          "model name", name + " (expected: letters, digits, dot, dash, underscore)");
    }
    if (!(tolerance > 0 && tolerance <= 1)) {
      throw new InvalidInputException("tolerance", tolerance + " (expected: in (0, 1])");
    }
    if (timedRuns < 1) {
      throw new InvalidInputException("timed runs", timedRuns + " (expected: at least 1)");
    }
    if (opset < DEFAULT_OPSET || opset > NEWEST_OPSET) {
      throw new InvalidInputException(
          "opset",
          opset
              + " (expected: "
              + DEFAULT_OPSET
              + " to "
              + NEWEST_OPSET
              + "; TensorRT 10 takes no later one)");
    }
  }

  /** The defaults: single precision, fixed spatial size, opset 17. */
  public static ExportOptions of(Path checkpoint, Path repository, String name) {
    return new ExportOptions(
        checkpoint,
        repository,
        name,
        Precision.FP32,
        Precision.FP32.defaultTolerance(),
        false,
        DEFAULT_OPSET,
        List.of(),
        false,
        false,
        DEFAULT_TIMED_RUNS,
        1);
  }

  /** In another precision. @param tolerance empty for that precision's default */
  public ExportOptions withPrecision(Precision other, Optional<Double> tolerance) {
    return new ExportOptions(
        checkpoint,
        repository,
        name,
        other,
        tolerance.orElse(other.defaultTolerance()),
        dynamicShape,
        opset,
        volumes,
        rawInput,
        decodedOutput,
        timedRuns,
        seed);
  }

  /** With depth, height and width free, or fixed to the recipe's grid. */
  public ExportOptions withDynamicShape(boolean dynamic) {
    return new ExportOptions(
        checkpoint,
        repository,
        name,
        precision,
        tolerance,
        dynamic,
        opset,
        volumes,
        rawInput,
        decodedOutput,
        timedRuns,
        seed);
  }

  /** With another version of the operators. */
  public ExportOptions withOpset(int other) {
    return new ExportOptions(
        checkpoint,
        repository,
        name,
        precision,
        tolerance,
        dynamicShape,
        other,
        volumes,
        rawInput,
        decodedOutput,
        timedRuns,
        seed);
  }

  /** With other random inputs. */
  public ExportOptions withSeed(long other) {
    return new ExportOptions(
        checkpoint,
        repository,
        name,
        precision,
        tolerance,
        dynamicShape,
        opset,
        volumes,
        rawInput,
        decodedOutput,
        timedRuns,
        other);
  }

  /** With real scans for parity and calibration. */
  public ExportOptions withVolumes(List<Path> folders) {
    return new ExportOptions(
        checkpoint,
        repository,
        name,
        precision,
        tolerance,
        dynamicShape,
        opset,
        folders,
        rawInput,
        decodedOutput,
        timedRuns,
        seed);
  }

  /** With other effort spent on timing. */
  public ExportOptions withTimedRuns(int runs) {
    return new ExportOptions(
        checkpoint,
        repository,
        name,
        precision,
        tolerance,
        dynamicShape,
        opset,
        volumes,
        rawInput,
        decodedOutput,
        runs,
        seed);
  }

  /** With the client's work before and after the network in the graph, or without. */
  public ExportOptions withClientStages(boolean raw, boolean decoded) {
    return new ExportOptions(
        checkpoint,
        repository,
        name,
        precision,
        tolerance,
        dynamicShape,
        opset,
        volumes,
        raw,
        decoded,
        timedRuns,
        seed);
  }
}
