package io.radnet.exporter;

import ai.djl.ndarray.NDManager;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.SerializationFeature;
import io.radnet.exporter.graph.Graph;
import io.radnet.exporter.graph.OnnxFile;
import io.radnet.exporter.inspect.TensorRtReadiness;
import io.radnet.exporter.parity.Timing;
import io.radnet.exporter.precision.Calibration;
import io.radnet.exporter.precision.HalfPrecisionGraph;
import io.radnet.exporter.precision.QuantizedGraph;
import io.radnet.exporter.repository.ModelRepository;
import io.radnet.exporter.repository.TritonConfiguration;
import io.radnet.exporter.runtime.OnnxSession;
import io.radnet.imaging.AtomicFiles;
import io.radnet.imaging.InvalidInputException;
import io.radnet.imaging.cli.Progress;
import io.radnet.imaging.transform.Recipe;
import io.radnet.imaging.transform.RecipeJson;
import io.radnet.trainer.checkpoint.Checkpoint;
import io.radnet.trainer.checkpoint.Sha256;
import io.radnet.trainer.checkpoint.Tensor;
import io.radnet.trainer.checkpoint.TrainedModel;
import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.TreeMap;
import java.util.stream.Stream;

/**
 * From a checkpoint to a version in a model repository: converts the network, writes it, runs it
 * beside the original, and publishes it only where both agree.
 */
public final class Exporter {
  /** The model's file in a version's folder. */
  public static final String MODEL_FILE = "model.onnx";

  /** The proof beside it. */
  public static final String PARITY_FILE = "parity.json";

  /** What TensorRT would take of the model. */
  public static final String READINESS_FILE = "readiness.json";

  private static final int RANDOM_INPUTS = 2;
  private static final int MOST_VOLUMES = 4;
  private static final int CALIBRATION_VOLUMES = 4;
  private static final int STEPS = 5;
  private static final int LARGEST_BATCH = 4;
  // A batch of two of a larger grid takes more memory than an export should.
  private static final int LARGEST_BATCHED_GRID = 400_000;
  private static final ObjectMapper JSON =
      new ObjectMapper().enable(SerializationFeature.INDENT_OUTPUT);

  private final ExportOptions options;
  private final Progress progress;

  private Exporter(ExportOptions options, Progress progress) {
    this.options = options;
    this.progress = progress;
  }

  /**
   * Exports.
   *
   * @throws InvalidInputException for a checkpoint that cannot be read, a repository that cannot be
   *     written, or a model that differs from the network by more than the tolerance; the
   *     repository is then as it was
   */
  public static ExportReport export(ExportOptions options) {
    try (Progress progress = Progress.start("export", " steps", STEPS)) {
      return new Exporter(options, progress).run();
    }
  }

  /** What of the checkpoint is wanted after its weights are let go. */
  private record Origin(Recipe recipe, String sha256, long parameters) {}

  private ExportReport run() {
    ModelRepository repository = ModelRepository.open(options.repository());
    Checkpoint checkpoint = Checkpoint.read(options.checkpoint());
    CheckpointChecks.check(checkpoint, options.checkpoint());
    Recipe recipe = checkpoint.recipe();
    Origin origin =
        new Origin(
            recipe,
            checkpoint.weightsSha256(),
            checkpoint.weights().values().stream().mapToLong(Exporter::elements).sum());
    ModelInputs inputs = ModelInputs.of(recipe, options.rawInput());
    List<Sample> samples = samples(recipe).stream().map(inputs::storable).toList();
    progress.step();

    Graph graph;
    Reference reference;
    try (NDManager manager = NDManager.newBaseManager("PyTorch")) {
      TrainedModel model = checkpoint.load(manager);
      checkpoint = null; // the weights are in native memory now, and memory is short for large ones
      releaseBuffers();
      reference = Reference.of(model, manager, recipe.grid(), samples, options.timedRuns());
      progress.step();
      graph = NetworkGraph.of(model.network(), recipe, options.dynamicShape());
    }
    progress.step();

    ModelRepository.Published<ExportReport> published =
        repository.add(
            options.name(),
            (folder, version) ->
                new ModelRepository.Written<>(
                    configuration(withClientStages(graph, recipe), recipe),
                    write(folder, version, graph, origin, reference, samples)));
    progress.step();
    return published.details().publishedAs(published.folder().resolve(MODEL_FILE));
  }

  /**
   * Gives back native memory whose owners are garbage: copies of all weights on their way to
   * PyTorch and the mapped file. The heap is far from full then, so nothing else would.
   */
  private static void releaseBuffers() {
    System.gc();
  }

  private List<Sample> samples(Recipe recipe) {
    List<Sample> samples = new ArrayList<>();
    for (int i = 0; i < RANDOM_INPUTS; i++) {
      samples.add(Sample.random(recipe.grid(), options.seed() + i));
    }
    samples.add(Sample.synthetic(recipe.grid(), options.seed()));
    samples.addAll(RealVolumes.load(options.volumes(), recipe, MOST_VOLUMES));
    return samples;
  }

  private String configuration(Graph graph, Recipe recipe) {
    return TritonConfiguration.text(
        options.name(),
        graph.inputs(),
        graph.outputs(),
        recipe.grid(),
        options.precision().name(),
        LARGEST_BATCH);
  }

  private ExportReport write(
      Path folder,
      int version,
      Graph single,
      Origin origin,
      Reference reference,
      List<Sample> samples)
      throws IOException {
    Path file = folder.resolve(MODEL_FILE);
    List<String> notes = new ArrayList<>();
    List<Integer> grid = origin.recipe().grid();
    long weightBytes = writeModel(file, single, origin, samples, notes);
    ModelInputs inputs = ModelInputs.of(origin.recipe(), options.rawInput());
    ParityCheck parity =
        new ParityCheck(
            origin.recipe(), samples, reference.answers(), inputs, options.decodedOutput());
    Timing timing;
    try (OnnxSession session = OnnxSession.open(file)) {
      int voxels = grid.stream().reduce(1, Math::multiplyExact);
      parity.run(session, voxels <= LARGEST_BATCHED_GRID);
      List<OnnxSession.Input> first = inputs.batch(List.of(samples.get(0)));
      timing = Timing.measure(options.timedRuns(), () -> session.runOnly(first));
    }
    progress.step();
    ExportReport report =
        new ExportReport(
            ExportReport.FORMAT,
            options.name(),
            version,
            file,
            options.precision(),
            options.tolerance(),
            origin.sha256(),
            modelBytes(folder),
            weightBytes,
            origin.parameters(),
            RANDOM_INPUTS,
            (int) samples.stream().filter(s -> s.source().equals(Sample.VOLUMES)).count(),
            parity.outputs(),
            reference.timing(),
            timing,
            Runtime.getRuntime().availableProcessors(),
            notes);
    parity.require(options.tolerance());
    AtomicFiles.write(
        folder.resolve(PARITY_FILE), out -> out.write(JSON.writeValueAsBytes(report)));
    writeChecksum(file);
    return report;
  }

  /**
   * The checksum of the model in the form of {@code sha256sum}; a server refuses a model that does
   * not match it.
   */
  private static void writeChecksum(Path file) throws IOException {
    String checksum;
    try (FileChannel channel = FileChannel.open(file)) {
      checksum = Sha256.of(channel.map(FileChannel.MapMode.READ_ONLY, 0, channel.size()));
    }
    byte[] line = (checksum + "  " + MODEL_FILE + "\n").getBytes(StandardCharsets.US_ASCII);
    AtomicFiles.write(file.resolveSibling(MODEL_FILE + ".sha256"), out -> out.write(line));
  }

  /** Writes the model in the wanted precision and returns the bytes of its constants. */
  private long writeModel(
      Path file, Graph single, Origin origin, List<Sample> samples, List<String> notes)
      throws IOException {
    Graph network =
        switch (options.precision()) {
          case FP32 -> single;
          case FP16 -> HalfPrecisionGraph.of(single);
          case INT8 -> quantized(single, file, origin.recipe(), samples, notes);
        };
    Graph graph = withClientStages(network, origin.recipe());
    OnnxFile.write(file, graph, options.name(), options.opset(), metadata(origin));
    byte[] readiness = JSON.writeValueAsBytes(readiness(graph, origin.recipe().grid()));
    AtomicFiles.write(file.resolveSibling(READINESS_FILE), out -> out.write(readiness));
    return graph.constantBytes();
  }

  private Graph withClientStages(Graph network, Recipe recipe) {
    Graph graph = network;
    if (options.rawInput()) {
      graph = ClientStages.withRawInput(graph, recipe.intensity());
    }
    return options.decodedOutput() ? ClientStages.withDecodedOutputs(graph, recipe) : graph;
  }

  private TensorRtReadiness readiness(Graph graph, List<Integer> grid) {
    return TensorRtReadiness.of(
        graph.outline(),
        options.opset(),
        Map.of(
            "depth", (long) grid.get(0), "height", (long) grid.get(1), "width", (long) grid.get(2)),
        new TreeMap<>(
            Map.of(
                "min", TritonConfiguration.profile(graph.inputs(), 1, grid),
                "opt", TritonConfiguration.profile(graph.inputs(), 1, grid),
                "max", TritonConfiguration.profile(graph.inputs(), LARGEST_BATCH, grid))));
  }

  private Graph quantized(
      Graph single, Path file, Recipe recipe, List<Sample> samples, List<String> notes)
      throws IOException {
    List<Sample> scans = new ArrayList<>();
    if (options.volumes().isEmpty()) {
      for (int i = 0; i < CALIBRATION_VOLUMES; i++) {
        scans.add(Sample.synthetic(recipe.grid(), options.seed() + i));
      }
      notes.add(
          "calibrated on "
              + scans.size()
              + " synthetic volumes; give real ones by --volumes for a smaller error");
    } else {
      samples.stream().filter(s -> s.source().equals(Sample.VOLUMES)).forEach(scans::add);
      notes.add("calibrated on " + scans.size() + " real volumes");
    }
    notes.add("8-bit ranges: percentile " + Calibration.PERCENTILE + " of the magnitudes");
    return QuantizedGraph.of(
        single,
        Calibration.ranges(
            single,
            options.opset(),
            Objects.requireNonNull(file.getParent(), "a model lies in a folder"),
            scans.stream().map(scan -> ModelInputs.direct(List.of(scan))).toList(),
            1,
            1,
            recipe.grid().get(0),
            recipe.grid().get(1),
            recipe.grid().get(2)));
  }

  private Map<String, String> metadata(Origin origin) {
    Map<String, String> metadata = new LinkedHashMap<>();
    metadata.put("radnet.recipe", RecipeJson.write(origin.recipe()));
    metadata.put("radnet.checkpoint_sha256", origin.sha256());
    metadata.put("radnet.model_version", origin.recipe().modelVersion());
    metadata.put("radnet.precision", options.precision().name().toLowerCase(java.util.Locale.ROOT));
    metadata.put("radnet.input", options.rawInput() ? "stored values" : "values in [0, 1]");
    metadata.put("radnet.outputs", options.decodedOutput() ? "logits and decoded" : "logits");
    metadata.put("radnet.producer", "radnet export");
    return metadata;
  }

  private static long elements(Tensor tensor) {
    return tensor.values().length;
  }

  private static long modelBytes(Path folder) throws IOException {
    try (Stream<Path> files = Files.list(folder)) {
      long sum = 0;
      for (Path file :
          (Iterable<Path>)
              files.filter(f -> f.getFileName().toString().startsWith(MODEL_FILE))::iterator) {
        sum += Files.size(file);
      }
      return sum;
    }
  }
}
