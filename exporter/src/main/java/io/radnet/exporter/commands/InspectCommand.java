package io.radnet.exporter.commands;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.SerializationFeature;
import io.radnet.exporter.inspect.GraphPicture;
import io.radnet.exporter.inspect.Inspection;
import io.radnet.exporter.inspect.Layer;
import io.radnet.imaging.AtomicFiles;
import io.radnet.imaging.cli.VerboseOption;
import java.io.IOException;
import java.io.PrintWriter;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.Comparator;
import java.util.Locale;
import java.util.Objects;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

@Command(
    name = "inspect",
    description = "Show what is in an ONNX model: operators, cost per layer for batch 1, recipe.")
final class InspectCommand implements Callable<Integer> {
  private static final ObjectMapper JSON =
      new ObjectMapper().enable(SerializationFeature.INDENT_OUTPUT);

  @Parameters(paramLabel = "MODEL.onnx", description = "The model's file.")
  private Path file = Path.of("");

  @Option(names = "--json", description = "Print JSON instead of a table.")
  private boolean json;

  @Option(
      names = "--svg",
      paramLabel = "FILE",
      description = "Draw the network into this file as well.")
  private @Nullable Path svg;

  @Spec private @Nullable CommandSpec spec;
  @Mixin private VerboseOption verbose = new VerboseOption();

  @Override
  public Integer call() throws IOException {
    Inspection inspection = Inspection.of(file);
    if (svg != null) {
      String picture = GraphPicture.svg(inspection);
      AtomicFiles.write(svg, to -> to.write(picture.getBytes(StandardCharsets.UTF_8)));
    }
    PrintWriter out = Objects.requireNonNull(spec, "picocli sets it").commandLine().getOut();
    if (json) {
      out.println(JSON.writeValueAsString(inspection));
    } else {
      print(inspection, out);
    }
    out.flush();
    return 0;
  }

  private static void print(Inspection model, PrintWriter out) throws IOException {
    int width =
        model.layers().stream()
            .map(layer -> layer.name().length())
            .max(Comparator.naturalOrder())
            .orElse(5);
    String row = "%-" + width + "s  %-18s %-8s %-20s %12s %10s %10s%n";
    out.printf(row, "layer", "operator", "kernel", "output", "parameters", "MFLOP", "output KiB");
    for (Layer layer : model.layers()) {
      out.printf(
          Locale.ROOT,
          row,
          layer.name(),
          layer.operator(),
          Objects.requireNonNullElse(layer.kernel(), ""),
          Objects.requireNonNullElse(layer.output(), "?"),
          String.format(Locale.ROOT, "%,d", layer.parameters()),
          String.format(Locale.ROOT, "%,.1f", layer.flops() / 1e6),
          String.format(Locale.ROOT, "%,d", layer.outputBytes() / 1024));
    }
    out.println();
    out.printf(
        Locale.ROOT,
        "%s: %,d bytes, IR %d, opset %d, by %s%n",
        model.file(),
        model.fileBytes(),
        model.irVersion(),
        model.opset(),
        model.producer());
    model.inputs().forEach((name, shape) -> out.println("input   " + name + " " + shape));
    model.outputs().forEach((name, shape) -> out.println("output  " + name + " " + shape));
    out.println("operators " + model.operators());
    out.printf(
        Locale.ROOT,
        "%,d parameters (%,d bytes), %.2f GFLOP, activations at most %.1f MiB%n",
        model.parameters(),
        model.weightBytes(),
        model.flops() / 1e9,
        model.peakActivationBytes() / 1048576.0);
    model.metadata().forEach((key, value) -> out.println(key + " = " + value));
    if (model.recipe() != null) {
      out.println("recipe " + JSON.writeValueAsString(model.recipe()));
    }
  }
}
