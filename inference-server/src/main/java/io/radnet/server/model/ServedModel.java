package io.radnet.server.model;

import io.radnet.imaging.InvalidInputException;
import io.radnet.imaging.transform.Recipe;
import io.radnet.proto.inference.ModelConfig;
import io.radnet.proto.inference.ModelInput;
import io.radnet.proto.inference.ModelOutput;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * One version of a model, open and warm. Borrow it from the {@link ModelRepository} and give it
 * back: it is closed when it has been retired and nobody uses it any more.
 */
public final class ServedModel {
  private static final Logger LOG = LoggerFactory.getLogger(ServedModel.class);

  /** Opens the session of a file. */
  @FunctionalInterface
  interface Opener {
    ModelSession open(Path file, OnnxHeader header, int maxBatch) throws IOException;
  }

  private final ModelConfig config;
  private final long version;
  private final String sha256;
  private final OnnxHeader header;
  private final Optional<Recipe> recipe;
  private final ModelSession session;
  private final DynamicBatcher batcher;
  private final ModelCounters counters = new ModelCounters();
  private final CompletableFuture<Void> closed = new CompletableFuture<>();
  private int users = 1; // the repository itself

  private ServedModel(
      ModelConfig config,
      long version,
      String sha256,
      OnnxHeader header,
      Optional<Recipe> recipe,
      ModelSession session,
      QueueLimits limits) {
    this.config = config;
    this.version = version;
    this.sha256 = sha256;
    this.header = header;
    this.recipe = recipe;
    this.session = session;
    this.batcher = new DynamicBatcher(config.getName(), session, config, limits, counters);
  }

  /**
   * Opens and warms up.
   *
   * @throws InvalidInputException where the file is missing, corrupt, replaced meanwhile or
   *     contradicts its configuration
   */
  static ServedModel open(
      ModelFolder folder, long version, SessionFactory sessions, QueueLimits limits)
      throws IOException {
    return open(folder, version, sessions::open, limits);
  }

  static ServedModel open(ModelFolder folder, long version, Opener sessions, QueueLimits limits)
      throws IOException {
    Path file = folder.file(version);
    String sha256 = ModelChecksum.verify(file);
    OnnxHeader header = OnnxHeader.read(file);
    Optional<Recipe> recipe = header.recipe(file);
    ModelConfig config = completed(folder, header);
    long start = System.nanoTime();
    ModelSession session =
        sessions.open(file, header, Math.max(1, folder.config().getMaxBatchSize()));
    try {
      ModelChecksum.verifyAgain(file, sha256);
      warmUp(file, header, recipe, config, session);
      ServedModel model = new ServedModel(config, version, sha256, header, recipe, session, limits);
      LOG.info(
          "model {} version {} is ready on {} after {} ms",
          config.getName(),
          version,
          session.provider().label(),
          (System.nanoTime() - start) / 1_000_000);
      return model;
    } catch (Throwable failure) {
      // Also where memory ran out, which the server survives: the weights lie outside the heap.
      session.close();
      throw failure;
    }
  }

  private static void warmUp(
      Path file,
      OnnxHeader header,
      Optional<Recipe> recipe,
      ModelConfig config,
      ModelSession session) {
    try {
      WarmUp.run(header, recipe, config, inputs -> session.run(inputs).inferNanos());
    } catch (RuntimeException failure) {
      throw new InvalidInputException(
          file,
          "the first run failed: "
              + String.valueOf(failure.getMessage()).lines().findFirst().orElse(""),
          failure);
    }
  }

  private static ModelConfig completed(ModelFolder folder, OnnxHeader header) {
    ModelConfig.Builder builder = folder.config().toBuilder();
    if (builder.getPlatform().isEmpty() && builder.getBackend().isEmpty()) {
      builder.setPlatform("onnxruntime_onnx").setBackend("onnxruntime");
    }
    for (ModelInput input : folder.config().getInputList()) {
      if (header.inputs().stream().noneMatch(spec -> spec.name().equals(input.getName()))) {
        throw new InvalidInputException(
            folder.path().resolve("config.pbtxt"),
            "input " + input.getName() + ": the model has none of that name");
      }
    }
    int skip = builder.getMaxBatchSize() > 0 ? 1 : 0;
    if (builder.getInputCount() == 0) {
      header
          .inputs()
          .forEach(
              spec ->
                  builder.addInput(
                      ModelInput.newBuilder()
                          .setName(spec.name())
                          .setDataType(spec.type().config())
                          .addAllDims(tail(spec, skip))));
    }
    if (builder.getOutputCount() == 0) {
      header
          .outputs()
          .forEach(
              spec ->
                  builder.addOutput(
                      ModelOutput.newBuilder()
                          .setName(spec.name())
                          .setDataType(spec.type().config())
                          .addAllDims(tail(spec, skip))));
    }
    return builder.build();
  }

  private static List<Long> tail(TensorSpec spec, int skip) {
    return spec.shape().subList(Math.min(skip, spec.shape().size()), spec.shape().size());
  }

  /** The model's name. */
  public String name() {
    return config.getName();
  }

  /** The version as clients write it. */
  public String version() {
    return Long.toString(version);
  }

  /** The SHA-256 of the model, weights in a file of their own included, in hexadecimal digits. */
  public String sha256() {
    return sha256;
  }

  /** The configuration with what the file leaves out filled in. */
  public ModelConfig config() {
    return config;
  }

  /** Inputs in order; the shape includes the batch. */
  public List<TensorSpec> inputs() {
    return header.inputs();
  }

  /** Outputs in order; the shape includes the batch. */
  public List<TensorSpec> outputs() {
    return header.outputs();
  }

  /** How scans become inputs; absent for a model that was not made by this project. */
  public Optional<Recipe> recipe() {
    return recipe;
  }

  /** Whether scans become inputs by the recipe; else a recipe is for those who send tensors. */
  public boolean takesScans() {
    return recipe.isPresent() && !header.takesStoredValues();
  }

  /** What it computes with. */
  public Provider provider() {
    return session.provider();
  }

  /** Its statistics. */
  public ModelCounters counters() {
    return counters;
  }

  /** How many volumes of several senders a run has at most; 1 where they run one by one. */
  public int largestRun() {
    return batcher.largestRun();
  }

  /**
   * Queues work.
   *
   * @throws RequestException where the queue is full
   */
  public void submit(Work work) {
    batcher.submit(work);
  }

  /** Completes when the session's memory has been freed. */
  CompletableFuture<Void> closed() {
    return closed;
  }

  synchronized boolean retain() {
    if (users == 0) {
      return false;
    }
    users++;
    return true;
  }

  void release() {
    synchronized (this) {
      users--;
      if (users > 0) {
        return;
      }
    }
    // The last user may be one of the batcher's own threads, which cannot wait for itself.
    Thread closer =
        new Thread(
            () -> {
              batcher.close();
              session.close();
              LOG.info("model {} version {} is closed", name(), version());
              closed.complete(null);
            },
            "close-" + name());
    closer.start();
  }
}
