package io.radnet.server.scan;

import com.google.protobuf.ByteString;
import io.radnet.imaging.labels.Rules;
import io.radnet.imaging.labels.SeriesLabeler;
import io.radnet.imaging.segmentation.SegmentationOptions;
import io.radnet.imaging.segmentation.SegmentationSource;
import io.radnet.imaging.transform.Recipe;
import io.radnet.imaging.volume.LabelMap;
import io.radnet.proto.v1.ClassifyResponse;
import io.radnet.proto.v1.EmbedResponse;
import io.radnet.proto.v1.HeadResult;
import io.radnet.proto.v1.ResultFormat;
import io.radnet.proto.v1.ScanOptions;
import io.radnet.proto.v1.SegmentLabel;
import io.radnet.proto.v1.SegmentOptions;
import io.radnet.proto.v1.SegmentResult;
import io.radnet.server.model.ModelLease;
import io.radnet.server.model.ModelRepository;
import io.radnet.server.model.RequestException;
import io.radnet.server.model.RequestException.Reason;
import io.radnet.server.model.ServedModel;
import io.radnet.server.model.Tensor;
import io.radnet.server.telemetry.Stage;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.BooleanSupplier;
import java.util.function.ObjIntConsumer;

/** The answers to whole scans. Safe for several threads. */
public final class ScanInference {
  private final ModelRepository repository;
  private final ScanLimits limits;
  private final AnswerCache cache;
  private final SeriesLabeler labeler = new SeriesLabeler(Rules.builtIn());

  /** Answers with the models of a repository. */
  public ScanInference(ModelRepository repository, ScanLimits limits) {
    this.repository = repository;
    this.limits = limits;
    this.cache = new AnswerCache(limits.cacheBytes());
  }

  /** The answers that are kept. */
  public AnswerCache cache() {
    return cache;
  }

  /**
   * Borrows the model that the options name, or the only one for the task.
   *
   * @throws RequestException where there is none or a choice
   */
  public ModelLease acquire(ScanOptions options, Recipe.Task task) {
    String name = options.getModel().isEmpty() ? only(task) : options.getModel();
    ModelLease lease = repository.acquire(name, options.getModelVersion());
    try {
      check(lease.model(), task);
    } catch (RequestException unfit) {
      lease.close();
      throw unfit;
    }
    return lease;
  }

  private static void check(ServedModel model, Recipe.Task task) {
    if (!isFor(model, task)) {
      throw new RequestException(
          Reason.INVALID,
          "model " + model.name() + ": is no " + kind(task) + " model made for scans");
    }
    if (!model.takesScans()) {
      throw new RequestException(
          Reason.UNSUPPORTED,
          "model "
              + model.name()
              + ": maps intensities itself (export --preprocess), so it takes tensors (ModelInfer)"
              + " and no scans");
    }
  }

  private static boolean isFor(ServedModel model, Recipe.Task task) {
    return model.recipe().map(recipe -> recipe.task() == task).orElse(false);
  }

  /** The one that takes scans; where none does, one of which {@link #check} says why. */
  private String only(Recipe.Task task) {
    List<ServedModel> all =
        repository.ready().stream().filter(model -> isFor(model, task)).toList();
    if (all.isEmpty()) {
      throw new RequestException(Reason.NOT_FOUND, "this server has no " + kind(task) + " model");
    }
    List<String> names =
        all.stream().filter(ServedModel::takesScans).map(ServedModel::name).distinct().toList();
    if (names.size() > 1) {
      throw new RequestException(
          Reason.INVALID, "several " + kind(task) + " models: " + names + "; name one");
    }
    return names.isEmpty() ? all.get(0).name() : names.get(0);
  }

  private static String kind(Recipe.Task task) {
    return task == Recipe.Task.LABELS ? "labels" : "segmentation";
  }

  /** The embedding of a scan. */
  public EmbedResponse embed(ReceivedScan scan, ServedModel model, BooleanSupplier cancelled) {
    ScanJob job = job(scan, model, cancelled);
    ReadyScan ready = ScanReader.read(scan, limits);
    Map<String, Tensor> outputs = cache.labels(job, ready, () -> Labelling.run(job, ready));
    EmbedResponse.Builder response =
        EmbedResponse.newBuilder()
            .setRequestId(scan.options().getRequestId())
            .setModel(job.used())
            .setScan(ready.summary());
    for (float value : Labelling.embedding(outputs, model.name())) {
      response.addEmbedding(value);
    }
    return response.setTiming(job.finished()).build();
  }

  /** What the network sees in a scan, what its headers say, and where they contradict. */
  public ClassifyResponse classify(
      ReceivedScan scan, ServedModel model, BooleanSupplier cancelled) {
    ScanJob job = job(scan, model, cancelled);
    ReadyScan ready = ScanReader.read(scan, limits);
    Map<String, Tensor> outputs = cache.labels(job, ready, () -> Labelling.run(job, ready));
    List<HeadResult> heads =
        HeadAnswers.of(job.recipe(), outputs, Labelling.spacingFactor(job, ready));
    ClassifyResponse.Builder response =
        ClassifyResponse.newBuilder()
            .setRequestId(scan.options().getRequestId())
            .setModel(job.used())
            .setScan(ready.summary())
            .addAllHeads(heads);
    ready
        .series()
        .map(labeler::label)
        .ifPresent(
            labels ->
                response
                    .addAllHeaderLabels(HeaderAnswers.of(labels))
                    .addAllDisagreements(HeaderAnswers.disagreements(labels, job.recipe(), heads)));
    return response.setTiming(job.finished()).build();
  }

  /**
   * A mask and its description.
   *
   * @param result without the bytes
   * @param bytes in the format of the result
   */
  public record Mask(SegmentResult result, byte[] bytes) {}

  /**
   * The mask of a scan in the scan's own geometry.
   *
   * @param progress told the number of all windows and of those done
   */
  public Mask segment(
      ReceivedScan scan,
      ServedModel model,
      BooleanSupplier cancelled,
      ObjIntConsumer<Integer> progress) {
    ScanJob job = job(scan, model, cancelled);
    ResultFormat format = scan.options().getSegment().getFormat();
    if (format == ResultFormat.UNRECOGNIZED) {
      throw new RequestException(Reason.INVALID, "format: unknown");
    }
    if (format == ResultFormat.RESULT_FORMAT_UNSPECIFIED) {
      format = ResultFormat.RESULT_FORMAT_NIFTI_GZ;
    }
    boolean dicomSeg = format == ResultFormat.RESULT_FORMAT_DICOM_SEG;
    if (dicomSeg && !(scan.content() instanceof ReceivedScan.Dicom)) {
      throw new RequestException(
          Reason.INVALID, "format: DICOM SEG of a scan that is no DICOM (ask for NIfTI)");
    }
    ReadyScan ready = ScanReader.read(scan, limits);
    Optional<SegmentationSource> source =
        scan.stages()
            .time(
                Stage.ENCODE,
                () -> dicomSeg ? ready.stack().map(SegmentationSource::of) : Optional.empty());
    SegmentOptions options = scan.options().getSegment();
    LabelMap mask =
        cache.mask(job, ready, options, () -> Segmentation.run(job, ready, options, progress));
    job.checkWanted();
    ResultFormat wanted = format;
    SegmentationOptions making =
        new SegmentationOptions(
            model.name(),
            model.version(),
            Instant.now().truncatedTo(ChronoUnit.SECONDS),
            scan.options().getSegment().getKeepPatient());
    byte[] bytes =
        scan.stages().time(Stage.ENCODE, () -> MaskEncoder.encode(mask, wanted, source, making));
    SegmentResult.Builder result =
        SegmentResult.newBuilder()
            .setRequestId(scan.options().getRequestId())
            .setModel(job.used())
            .setFormat(format)
            .setSize(bytes.length)
            .setSha256(ByteString.copyFrom(sha256(bytes)))
            .setScan(
                ready.summary().toBuilder()
                    .addAllWarnings(source.map(SegmentationSource::warnings).orElse(List.of())));
    double[] millilitres = mask.millilitres();
    mask.names()
        .forEach(
            (value, name) ->
                result.addLabels(
                    SegmentLabel.newBuilder()
                        .setValue(value)
                        .setName(name)
                        .setMillilitres(millilitres[value])));
    return new Mask(result.setTiming(job.finished()).build(), bytes);
  }

  private static ScanJob job(ReceivedScan scan, ServedModel model, BooleanSupplier cancelled) {
    int priority = scan.options().getPriority();
    if (priority < 0) {
      throw new RequestException(Reason.INVALID, "priority (expected: 0 to 2147483647)");
    }
    ScanJob job = new ScanJob(model, priority, cancelled, scan);
    job.checkWanted();
    return job;
  }

  private static byte[] sha256(byte[] bytes) {
    try {
      return MessageDigest.getInstance("SHA-256").digest(bytes);
    } catch (NoSuchAlgorithmException impossible) {
      throw new IllegalStateException("every Java runtime has SHA-256", impossible);
    }
  }
}
