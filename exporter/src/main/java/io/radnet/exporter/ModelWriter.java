package io.radnet.exporter;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.SerializationFeature;
import io.radnet.exporter.graph.Graph;
import io.radnet.exporter.graph.OnnxFile;
import io.radnet.exporter.inspect.TensorRtReadiness;
import io.radnet.exporter.precision.Calibration;
import io.radnet.exporter.precision.HalfPrecisionGraph;
import io.radnet.exporter.precision.QuantizedGraph;
import io.radnet.exporter.repository.ModelFiles;
import io.radnet.exporter.repository.ShapeRange;
import io.radnet.exporter.repository.TritonConfiguration;
import io.radnet.imaging.AtomicFiles;
import io.radnet.imaging.transform.RecipeJson;
import java.io.IOException;
import java.nio.FloatBuffer;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/** Writes a network's graph in the wanted precision, with what a server and TensorRT need of it. */
final class ModelWriter {
  private static final int CALIBRATION_VOLUMES = 4;
  private static final int LARGEST_BATCH = 4;
  private static final ObjectMapper JSON =
      new ObjectMapper().enable(SerializationFeature.INDENT_OUTPUT);

  private final ExportOptions options;
  private final Origin origin;
  private final List<Sample> samples;
  private final List<String> notes = new ArrayList<>();

  ModelWriter(ExportOptions options, Origin origin, List<Sample> samples) {
    this.options = options;
    this.origin = origin;
    this.samples = samples;
  }

  /** What a reader of the report should know. */
  List<String> notes() {
    return List.copyOf(notes);
  }

  /** The text of config.pbtxt. */
  String configuration(Graph network) {
    Graph graph = withClientStages(network);
    return TritonConfiguration.text(
        options.name(),
        graph.inputs(),
        graph.outputs(),
        origin.range(),
        options.precision().name(),
        LARGEST_BATCH);
  }

  /**
   * Writes the model and its readiness into {@code folder}.
   *
   * @param single the network in single precision
   * @return bytes of its constants
   */
  long write(Path folder, Graph single) throws IOException {
    Graph network =
        switch (options.precision()) {
          case FP32 -> single;
          case FP16 -> HalfPrecisionGraph.of(single);
          case INT8 -> quantized(single, folder);
        };
    Graph graph = withClientStages(network);
    OnnxFile.write(
        folder.resolve(ModelFiles.MODEL),
        graph,
        options.name(),
        options.opset(),
        metadata(),
        options.largestFile());
    byte[] readiness = JSON.writeValueAsBytes(readiness(graph));
    AtomicFiles.write(folder.resolve(Exporter.READINESS_FILE), out -> out.write(readiness));
    return graph.constantBytes();
  }

  private Graph withClientStages(Graph network) {
    Graph graph = network;
    if (options.rawInput()) {
      graph = ClientStages.withRawInput(graph, origin.recipe().intensity());
    }
    return options.decodedOutput()
        ? ClientStages.withDecodedOutputs(graph, origin.recipe())
        : graph;
  }

  private TensorRtReadiness readiness(Graph graph) {
    ShapeRange range = origin.range();
    List<Integer> grid = range.usual();
    return TensorRtReadiness.of(
        graph.outline(),
        options.opset(),
        Map.of(
            "depth", (long) grid.get(0), "height", (long) grid.get(1), "width", (long) grid.get(2)),
        new TreeMap<>(
            Map.of(
                "min", TritonConfiguration.profile(graph.inputs(), 1, range.smallest()),
                "opt", TritonConfiguration.profile(graph.inputs(), 1, range.usual()),
                "max",
                    TritonConfiguration.profile(graph.inputs(), LARGEST_BATCH, range.largest()))),
        range.isDynamic());
  }

  private Graph quantized(Graph single, Path folder) throws IOException {
    List<Integer> grid = origin.recipe().grid();
    List<Sample> scans = new ArrayList<>();
    if (options.volumes().isEmpty()) {
      for (int i = 0; i < CALIBRATION_VOLUMES; i++) {
        scans.add(Sample.synthetic(grid, options.seed() + i));
      }
      notes.add(
          "calibrated on "
              + scans.size()
              + " synthetic volumes; give real ones by --volumes for a smaller error");
    } else {
      samples.stream().filter(s -> s.source().equals(Sample.VOLUMES)).forEach(scans::add);
      notes.add("calibrated on " + scans.size() + " real volumes");
    }
    notes.add("8-bit ranges: " + options.calibration().description());
    notes.add("the tolerance is about scans; noise is far from what was calibrated on");
    List<FloatBuffer> inputs =
        scans.stream().map(scan -> ModelInputs.direct(List.of(scan))).toList();
    return QuantizedGraph.of(
        single,
        Calibration.ranges(
            single,
            options.opset(),
            folder,
            options.calibration(),
            inputs,
            1,
            1,
            grid.get(0),
            grid.get(1),
            grid.get(2)));
  }

  private Map<String, String> metadata() {
    Map<String, String> metadata = new LinkedHashMap<>();
    metadata.put("radnet.recipe", RecipeJson.write(origin.recipe()));
    metadata.put("radnet.checkpoint_sha256", origin.sha256());
    metadata.put("radnet.model_version", origin.recipe().modelVersion());
    metadata.put("radnet.precision", options.precision().toString());
    metadata.put("radnet.input", options.rawInput() ? "stored values" : "values in [0, 1]");
    metadata.put("radnet.outputs", options.decodedOutput() ? "logits and decoded" : "logits");
    metadata.put("radnet.producer", "radnet export");
    return metadata;
  }
}
