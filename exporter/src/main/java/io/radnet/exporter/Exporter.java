package io.radnet.exporter;

import ai.djl.ndarray.NDManager;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.SerializationFeature;
import io.radnet.exporter.graph.Graph;
import io.radnet.exporter.graph.OnnxFile;
import io.radnet.exporter.parity.Timing;
import io.radnet.exporter.repository.ModelRepository;
import io.radnet.exporter.repository.TritonConfiguration;
import io.radnet.exporter.runtime.OnnxSession;
import io.radnet.imaging.AtomicFiles;
import io.radnet.imaging.InvalidInputException;
import io.radnet.imaging.cli.Progress;
import io.radnet.imaging.transform.Recipe;
import io.radnet.imaging.transform.RecipeJson;
import io.radnet.trainer.checkpoint.Checkpoint;
import io.radnet.trainer.checkpoint.Tensor;
import java.io.IOException;
import java.nio.FloatBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
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

  private static final int RANDOM_INPUTS = 2;
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

  private ExportReport run() {
    ModelRepository repository = ModelRepository.open(options.repository());
    Checkpoint checkpoint = Checkpoint.read(options.checkpoint());
    Recipe recipe = checkpoint.recipe();
    CheckpointChecks.check(checkpoint, options.checkpoint());
    List<Sample> samples = new ArrayList<>();
    for (int i = 0; i < RANDOM_INPUTS; i++) {
      samples.add(Sample.random(recipe.grid(), options.seed() + i));
    }
    progress.step();

    Graph graph;
    Reference reference;
    try (NDManager manager = NDManager.newBaseManager("PyTorch")) {
      var model = checkpoint.load(manager);
      reference = Reference.of(model, manager, recipe.grid(), samples);
      progress.step();
      graph = NetworkGraph.of(model.network(), recipe, options.dynamicShape());
    }
    progress.step();

    ModelRepository.Published<ExportReport> published =
        repository.add(
            options.name(),
            (folder, version) ->
                new ModelRepository.Written<>(
                    configuration(graph, recipe),
                    write(folder, version, graph, checkpoint, reference, samples)));
    progress.step();
    return published.details().publishedAs(published.folder().resolve(MODEL_FILE));
  }

  private String configuration(Graph graph, Recipe recipe) {
    return TritonConfiguration.text(
        options.name(),
        graph.inputs(),
        graph.outputs(),
        recipe.grid(),
        options.precision() != Precision.FP32,
        LARGEST_BATCH);
  }

  private ExportReport write(
      Path folder,
      int version,
      Graph graph,
      Checkpoint checkpoint,
      Reference reference,
      List<Sample> samples)
      throws IOException {
    Path file = folder.resolve(MODEL_FILE);
    OnnxFile.write(file, graph, options.name(), options.opset(), metadata(checkpoint));
    Recipe recipe = checkpoint.recipe();
    List<Integer> grid = recipe.grid();
    ParityCheck parity = new ParityCheck(recipe, samples, reference.answers());
    Timing timing;
    try (OnnxSession session = OnnxSession.open(file)) {
      parity.run(
          session, grid, grid.stream().reduce(1, Math::multiplyExact) <= LARGEST_BATCHED_GRID);
      FloatBuffer first = ParityCheck.direct(List.of(samples.get(0)));
      long[] shape = ParityCheck.shape(1, grid);
      timing = Timing.measure(() -> session.runOnly(NetworkGraph.INPUT, first, shape));
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
            checkpoint.weightsSha256(),
            bytes(folder),
            graph.constantBytes(),
            checkpoint.weights().values().stream().mapToLong(Exporter::elements).sum(),
            RANDOM_INPUTS,
            samples.size() - RANDOM_INPUTS,
            parity.outputs(),
            reference.timing(),
            timing,
            Runtime.getRuntime().availableProcessors(),
            List.of());
    parity.require(options.tolerance());
    AtomicFiles.write(
        folder.resolve(PARITY_FILE), out -> out.write(JSON.writeValueAsBytes(report)));
    return report;
  }

  private Map<String, String> metadata(Checkpoint checkpoint) {
    Map<String, String> metadata = new LinkedHashMap<>();
    metadata.put("radnet.recipe", RecipeJson.write(checkpoint.recipe()));
    metadata.put("radnet.checkpoint_sha256", checkpoint.weightsSha256());
    metadata.put("radnet.model_version", checkpoint.recipe().modelVersion());
    metadata.put("radnet.precision", options.precision().name().toLowerCase(java.util.Locale.ROOT));
    metadata.put("radnet.producer", "radnet export");
    return metadata;
  }

  private static long elements(Tensor tensor) {
    return tensor.values().length;
  }

  private static long bytes(Path folder) throws IOException {
    try (Stream<Path> files = Files.list(folder)) {
      long sum = 0;
      for (Path file : (Iterable<Path>) files::iterator) {
        sum += Files.size(file);
      }
      return sum;
    }
  }
}
