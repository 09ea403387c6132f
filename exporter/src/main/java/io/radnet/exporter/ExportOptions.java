package io.radnet.exporter;

import io.radnet.exporter.graph.OnnxFile;
import io.radnet.exporter.precision.Calibration;
import io.radnet.imaging.InvalidInputException;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.function.Consumer;
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
 * @param smallestShape depth, height, width that a dynamic shape is served from; half the recipe's
 *     grid where empty
 * @param largestShape and up to; twice the grid where empty
 * @param opset version of ONNX's operators, 17 to 20
 * @param volumes folders or files with real scans for parity and calibration; may be empty
 * @param calibration how the 8-bit ranges are chosen
 * @param rawInput whether the graph takes stored values (int16) and maps the intensity window
 *     itself
 * @param decodedOutput whether the graph also answers with probabilities, or with the mask
 * @param timedRuns inferences timed at most
 * @param seed of the random inputs
 * @param largestFile bytes of weights beyond which they lie in a file beside the model
 */
public record ExportOptions(
    Path checkpoint,
    Path repository,
    String name,
    Precision precision,
    double tolerance,
    boolean dynamicShape,
    Optional<List<Integer>> smallestShape,
    Optional<List<Integer>> largestShape,
    int opset,
    List<Path> volumes,
    Calibration.Method calibration,
    boolean rawInput,
    boolean decodedOutput,
    int timedRuns,
    long seed,
    long largestFile) {
  /** The operators' version where nothing else is asked for. */
  public static final int DEFAULT_OPSET = 17;

  private static final int DEFAULT_TIMED_RUNS = 15;
  private static final int NEWEST_OPSET = 20;
  private static final Pattern NAME = Pattern.compile("[A-Za-z0-9_][A-Za-z0-9._-]{0,127}");

  /** Checks what can be checked before any work, and copies. */
  public ExportOptions {
    volumes = List.copyOf(volumes);
    smallestShape = smallestShape.map(List::copyOf);
    largestShape = largestShape.map(List::copyOf);
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
    if (!dynamicShape && (smallestShape.isPresent() || largestShape.isPresent())) {
      throw new InvalidInputException(
          "smallest or largest shape", "the shape is fixed (expected: --dynamic-shape as well)");
    }
    if (opset < DEFAULT_OPSET || opset > NEWEST_OPSET) {
      throw new InvalidInputException(
          "opset",
          opset
              + " (expected: "
              + DEFAULT_OPSET
              + " to "
              + NEWEST_OPSET
              + ", which every TensorRT 10 takes)");
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
        Optional.empty(),
        Optional.empty(),
        DEFAULT_OPSET,
        List.of(),
        Calibration.Method.PERCENTILE,
        false,
        false,
        DEFAULT_TIMED_RUNS,
        1,
        OnnxFile.LARGEST_EMBEDDED);
  }

  /** In another precision. @param tolerance empty for that precision's default */
  public ExportOptions withPrecision(Precision other, Optional<Double> tolerance) {
    return with(
        draft -> {
          draft.precision = other;
          draft.tolerance = tolerance.orElse(other.defaultTolerance());
        });
  }

  /** With depth, height and width free, or fixed to the recipe's grid. */
  public ExportOptions withDynamicShape(boolean dynamic) {
    return withDynamicShape(dynamic, Optional.empty(), Optional.empty());
  }

  /** As above, for the sizes from {@code smallest} to {@code largest}. */
  public ExportOptions withDynamicShape(
      boolean dynamic, Optional<List<Integer>> smallest, Optional<List<Integer>> largest) {
    return with(
        draft -> {
          draft.dynamicShape = dynamic;
          draft.smallestShape = smallest;
          draft.largestShape = largest;
        });
  }

  /** With another version of the operators. */
  public ExportOptions withOpset(int other) {
    return with(draft -> draft.opset = other);
  }

  /** With other random inputs. */
  public ExportOptions withSeed(long other) {
    return with(draft -> draft.seed = other);
  }

  /** With real scans for parity and calibration. */
  public ExportOptions withVolumes(List<Path> folders) {
    return with(draft -> draft.volumes = folders);
  }

  /** With 8-bit ranges chosen in another way. */
  public ExportOptions withCalibration(Calibration.Method method) {
    return with(draft -> draft.calibration = method);
  }

  /** With other effort spent on timing. */
  public ExportOptions withTimedRuns(int runs) {
    return with(draft -> draft.timedRuns = runs);
  }

  /** With the client's work before and after the network in the graph, or without. */
  public ExportOptions withClientStages(boolean raw, boolean decoded) {
    return with(
        draft -> {
          draft.rawInput = raw;
          draft.decodedOutput = decoded;
        });
  }

  /** With weights of more than {@code bytes} in a file beside the model. */
  public ExportOptions withLargestFile(long bytes) {
    return with(draft -> draft.largestFile = bytes);
  }

  private ExportOptions with(Consumer<Draft> change) {
    Draft draft = new Draft(this);
    change.accept(draft);
    return draft.options(this);
  }

  /** Options under change. */
  private static final class Draft {
    private Precision precision;
    private double tolerance;
    private boolean dynamicShape;
    private Optional<List<Integer>> smallestShape;
    private Optional<List<Integer>> largestShape;
    private int opset;
    private List<Path> volumes;
    private Calibration.Method calibration;
    private boolean rawInput;
    private boolean decodedOutput;
    private int timedRuns;
    private long seed;
    private long largestFile;

    Draft(ExportOptions from) {
      precision = from.precision;
      tolerance = from.tolerance;
      dynamicShape = from.dynamicShape;
      smallestShape = from.smallestShape;
      largestShape = from.largestShape;
      opset = from.opset;
      volumes = from.volumes;
      calibration = from.calibration;
      rawInput = from.rawInput;
      decodedOutput = from.decodedOutput;
      timedRuns = from.timedRuns;
      seed = from.seed;
      largestFile = from.largestFile;
    }

    ExportOptions options(ExportOptions from) {
      return new ExportOptions(
          from.checkpoint,
          from.repository,
          from.name,
          precision,
          tolerance,
          dynamicShape,
          smallestShape,
          largestShape,
          opset,
          volumes,
          calibration,
          rawInput,
          decodedOutput,
          timedRuns,
          seed,
          largestFile);
    }
  }
}
