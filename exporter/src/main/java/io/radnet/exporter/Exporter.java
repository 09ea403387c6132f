package io.radnet.exporter;

import ai.djl.ndarray.NDManager;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.SerializationFeature;
import io.radnet.exporter.graph.Graph;
import io.radnet.exporter.graph.OnnxFile;
import io.radnet.exporter.parity.Timing;
import io.radnet.exporter.repository.ModelFiles;
import io.radnet.exporter.repository.ModelRepository;
import io.radnet.exporter.runtime.OnnxSession;
import io.radnet.imaging.AtomicFiles;
import io.radnet.imaging.InvalidInputException;
import io.radnet.imaging.cli.Progress;
import io.radnet.imaging.transform.Recipe;
import io.radnet.trainer.checkpoint.Checkpoint;
import io.radnet.trainer.checkpoint.TrainedModel;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * From a checkpoint to a version in a model repository: converts the network, writes it, runs it
 * beside the original, and publishes it only where both agree.
 */
public final class Exporter {
  /** The model's file in a version's folder. */
  public static final String MODEL_FILE = ModelFiles.MODEL;

  /** The proof beside it. */
  public static final String PARITY_FILE = "parity.json";

  /** What TensorRT would take of the model. */
  public static final String READINESS_FILE = "readiness.json";

  private static final int RANDOM_INPUTS = 2;
  private static final int MOST_VOLUMES = 4;
  private static final int STEPS = 5;
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
    CheckpointChecks.check(checkpoint, options.checkpoint());
    Recipe recipe = checkpoint.recipe();
    Origin origin = Origin.of(checkpoint, options);
    ModelInputs inputs = ModelInputs.of(recipe, options.rawInput());
    List<Sample> samples = samples(origin).stream().map(inputs::storable).toList();
    progress.step();

    Graph graph;
    Reference reference;
    try (NDManager manager = NDManager.newBaseManager("PyTorch")) {
      TrainedModel model = checkpoint.load(manager);
      checkpoint = null; // the weights are in native memory now, and memory is short for large ones
      releaseBuffers();
      reference = Reference.of(model, manager, samples, options.timedRuns());
      progress.step();
      graph = NetworkGraph.of(model.network(), recipe, options.dynamicShape());
    }
    progress.step();

    ModelWriter writer = new ModelWriter(options, origin, samples);
    ModelRepository.Published<ExportReport> published =
        repository.add(
            options.name(),
            (folder, version) -> {
              long weightBytes = writer.write(folder, graph);
              Timing single =
                  options.precision() == Precision.FP32
                      ? null
                      : singlePrecision(folder, graph, samples.get(0));
              ExportReport report =
                  proven(
                      folder,
                      version,
                      weightBytes,
                      writer.notes(),
                      origin,
                      reference,
                      single,
                      samples);
              return new ModelRepository.Written<>(writer.configuration(graph), report);
            });
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

  private List<Sample> samples(Origin origin) {
    List<Integer> grid = origin.recipe().grid();
    List<Sample> samples = new ArrayList<>();
    for (int i = 0; i < RANDOM_INPUTS; i++) {
      samples.add(Sample.random(grid, options.seed() + i));
    }
    samples.add(Sample.synthetic(grid, options.seed()));
    if (origin.range().isDynamic()) {
      samples.add(Sample.random(Sample.SMALLEST, origin.range().smallest(), options.seed()));
    }
    samples.addAll(RealVolumes.load(options.volumes(), origin.recipe(), MOST_VOLUMES));
    return samples;
  }

  /** How fast the network is in single precision, which a smaller one has to be held against. */
  private Timing singlePrecision(Path folder, Graph graph, Sample sample) throws IOException {
    Path file = Files.createTempFile(folder, "single", ".onnx");
    try {
      OnnxFile.write(file, graph, options.name(), options.opset(), Map.of());
      try (OnnxSession session = OnnxSession.open(file)) {
        List<OnnxSession.Input> input = new ModelInputs(false, false, 0, 1).batch(List.of(sample));
        session.runOnly(input); // the first one takes memory
        return Timing.measure(options.timedRuns(), () -> session.runOnly(input));
      }
    } finally {
      Files.deleteIfExists(OnnxFile.dataFile(file));
      Files.deleteIfExists(file);
    }
  }

  /** Runs the model that was written, compares, and writes the proof beside it. */
  private ExportReport proven(
      Path folder,
      int version,
      long weightBytes,
      List<String> notes,
      Origin origin,
      Reference reference,
      @Nullable Timing single,
      List<Sample> samples)
      throws IOException {
    Path file = folder.resolve(MODEL_FILE);
    ModelInputs inputs = ModelInputs.of(origin.recipe(), options.rawInput());
    ParityCheck parity =
        new ParityCheck(
            origin.recipe(), samples, reference.answers(), inputs, options.decodedOutput());
    Timing timing;
    try (OnnxSession session = OnnxSession.open(file)) {
      parity.run(session);
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
            ModelFiles.bytes(folder),
            weightBytes,
            origin.parameters(),
            RANDOM_INPUTS,
            (int) samples.stream().filter(s -> s.source().equals(Sample.VOLUMES)).count(),
            parity.outputs(),
            reference.timing(),
            timing,
            single,
            Runtime.getRuntime().availableProcessors(),
            notes);
    parity.require(options.tolerance(), options.precision());
    AtomicFiles.write(
        folder.resolve(PARITY_FILE), out -> out.write(JSON.writeValueAsBytes(report)));
    ModelFiles.writeChecksums(folder);
    return report;
  }
}
