package io.radnet.exporter.commands;

import io.radnet.exporter.ExportOptions;
import io.radnet.exporter.ExportReport;
import io.radnet.exporter.Exporter;
import io.radnet.exporter.Precision;
import io.radnet.exporter.parity.OutputParity;
import io.radnet.exporter.precision.Calibration;
import io.radnet.imaging.cli.VerboseOption;
import io.radnet.imaging.transform.Recipe;
import io.radnet.trainer.checkpoint.Checkpoint;
import io.radnet.trainer.network.Preset;
import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Objects;
import java.util.Optional;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.ArgGroup;
import picocli.CommandLine.Command;
import picocli.CommandLine.ITypeConverter;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;
import picocli.CommandLine.TypeConversionException;

@Command(
    name = "export",
    description =
        "Write a checkpoint as ONNX into a model repository, checked against the original."
            + " A name that exists gets a new version; nothing is overwritten.")
final class ExportCommand implements Callable<Integer> {
  private static final int SEED = 1;

  @ArgGroup(exclusive = true, multiplicity = "1")
  private Source source = new Source();

  /** What is exported. */
  static final class Source {
    @Option(
        names = "--checkpoint",
        required = true,
        paramLabel = "DIR",
        description = "The checkpoint, or a training run for its best one.")
    private @Nullable Path checkpoint;

    @Option(
        names = "--untrained",
        required = true,
        paramLabel = "PRESET",
        description =
            "A network with random weights instead, to measure sizes and times: tiny, small or"
                + " paper.")
    private @Nullable Preset untrained;
  }

  @Option(
      names = "--task",
      paramLabel = "TASK",
      description = "What an untrained network answers: labels (the default) or segmentation.")
  private Recipe.Task task = Recipe.Task.LABELS;

  @Option(
      names = "--repository",
      required = true,
      paramLabel = "DIR",
      description = "The model repository, created where absent.")
  private Path repository = Path.of("");

  @Option(
      names = "--name",
      required = true,
      paramLabel = "NAME",
      description = "The model's name in the repository.")
  private String name = "";

  @Option(
      names = "--precision",
      paramLabel = "P",
      description = "fp32, fp16 or int8 (default: ${DEFAULT-VALUE}).")
  private Precision precision = Precision.FP32;

  @Option(
      names = "--tolerance",
      paramLabel = "T",
      description =
          "Largest relative error accepted (default: 1e-4 for fp32, 2e-2 for fp16, 0.25 for int8).")
  private @Nullable Double tolerance;

  @Option(
      names = "--dynamic-shape",
      negatable = true,
      description = "Leave depth, height and width free; the batch always is.")
  private boolean dynamicShape;

  @Option(
      names = "--fixed-shape",
      description = "Fix depth, height and width to the recipe's grid (the default).")
  private boolean fixedShape;

  @Option(
      names = "--smallest-shape",
      paramLabel = "DxHxW",
      converter = ShapeConverter.class,
      description =
          "With --dynamic-shape: the sizes that it will be served with start here (default: half the"
              + " recipe's grid).")
  private @Nullable Sizes smallestShape;

  @Option(
      names = "--largest-shape",
      paramLabel = "DxHxW",
      converter = ShapeConverter.class,
      description = "And end here (default: twice the grid).")
  private @Nullable Sizes largestShape;

  @Option(
      names = "--opset",
      paramLabel = "N",
      description = "Version of ONNX's operators, 17 to 20 (default: ${DEFAULT-VALUE}).")
  private int opset = ExportOptions.DEFAULT_OPSET;

  @Option(
      names = "--volumes",
      paramLabel = "PATH",
      description = "Real scans (DICOM or NIfTI) to compare on as well, and to calibrate int8 on.")
  private List<Path> volumes = List.of();

  @Option(
      names = "--calibration",
      paramLabel = "METHOD",
      description =
          "How int8 chooses its ranges: percentile or entropy (default: ${DEFAULT-VALUE}).")
  private Calibration.Method calibration = Calibration.Method.PERCENTILE;

  @Option(
      names = "--preprocess",
      description =
          "Let the graph take stored values (int16, such as HU, on the recipe's grid) and map them to"
              + " [0, 1] itself. Where the recipe names percentiles, a second input 'range' takes"
              + " their values.")
  private boolean preprocess;

  @Option(
      names = "--postprocess",
      description =
          "Let the graph answer with HEAD_probabilities, or with 'mask', besides the logits.")
  private boolean postprocess;

  @Option(
      names = "--embed-recipe",
      description = "Write the recipe into the model's metadata: always done.")
  private boolean embedRecipe;

  @Spec private @Nullable CommandSpec spec;
  @Mixin private VerboseOption verbose = new VerboseOption();

  /** Depth, height, width. */
  record Sizes(List<Integer> values) {}

  /** Three sizes such as 32x96x96. */
  static final class ShapeConverter implements ITypeConverter<Sizes> {
    @Override
    public Sizes convert(String text) {
      if (!text.matches("[0-9]{1,6}x[0-9]{1,6}x[0-9]{1,6}")) {
        throw new TypeConversionException("'" + text + "' (expected: sizes such as 32x96x96)");
      }
      return new Sizes(Arrays.stream(text.split("x", -1)).map(Integer::valueOf).toList());
    }
  }

  @Override
  public Integer call() throws IOException {
    if (source.checkpoint != null) {
      return export(source.checkpoint);
    }
    Path folder = Files.createTempDirectory("radnet-untrained");
    try {
      Preset preset = Objects.requireNonNull(source.untrained, "picocli requires one of both");
      Checkpoint.initial(preset, task, SEED).write(folder);
      return export(folder);
    } finally {
      Files.deleteIfExists(folder.resolve(Checkpoint.DESCRIPTION_FILE));
      Files.deleteIfExists(folder.resolve(Checkpoint.WEIGHTS_FILE));
      Files.deleteIfExists(folder);
    }
  }

  private int export(Path checkpoint) {
    ExportOptions options =
        ExportOptions.of(checkpoint, repository, name)
            .withPrecision(precision, Optional.ofNullable(tolerance))
            .withDynamicShape(
                dynamicShape && !fixedShape,
                Optional.ofNullable(smallestShape).map(Sizes::values),
                Optional.ofNullable(largestShape).map(Sizes::values))
            .withCalibration(calibration)
            .withOpset(opset)
            .withVolumes(volumes)
            .withClientStages(preprocess, postprocess);
    ExportReport report = Exporter.export(options);
    PrintWriter out = Objects.requireNonNull(spec, "picocli sets it").commandLine().getOut();
    print(report, out);
    out.flush();
    return 0;
  }

  private static void print(ExportReport report, PrintWriter out) {
    out.printf(
        Locale.ROOT,
        "%s version %d, %s: %s%n",
        report.model(),
        report.version(),
        report.precision(),
        report.file());
    out.printf(
        Locale.ROOT,
        "file %,d bytes, weights %,d bytes (file is %+.2f %%), %,d parameters%n",
        report.fileBytes(),
        report.weightBytes(),
        100.0 * (report.fileBytes() - report.weightBytes()) / report.weightBytes(),
        report.parameters());
    int width =
        report.outputs().stream().mapToInt(output -> output.name().length()).max().orElse(0);
    String row = "%-" + Math.max(width, "output".length()) + "s %-18s ";
    out.printf(
        Locale.ROOT,
        row + "%10s %10s %10s %10s%n",
        "output",
        "input",
        "max rel",
        "mean rel",
        "max abs",
        "agreement");
    for (OutputParity output : report.outputs()) {
      out.printf(
          Locale.ROOT,
          row + "%10.2e %10.2e %10.2e %10s%n",
          output.name(),
          output.source(),
          output.maxRelative(),
          output.meanRelative(),
          output.maxAbsolute(),
          agreement(output));
    }
    out.printf(
        Locale.ROOT,
        "one inference: DJL %.1f ms, ONNX Runtime %.1f ms (%.2fx, %d threads)%n",
        report.djl().medianMs(),
        report.onnxRuntime().medianMs(),
        report.speedUp(),
        report.threads());
    if (report.onnxRuntimeFp32() != null) {
      out.printf(
          Locale.ROOT, "in fp32 on ONNX Runtime: %.1f ms%n", report.onnxRuntimeFp32().medianMs());
    }
    report.notes().forEach(out::println);
  }

  private static String agreement(OutputParity output) {
    List<Double> dice = output.dice();
    if (dice != null) {
      double lowest = dice.stream().mapToDouble(Double::doubleValue).min().orElse(1);
      return String.format(Locale.ROOT, "Dice %.4f", lowest);
    }
    Double agreement = output.argmaxAgreement();
    return agreement == null ? "-" : String.format(Locale.ROOT, "%.1f %%", 100 * agreement);
  }
}
