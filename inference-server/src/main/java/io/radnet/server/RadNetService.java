package io.radnet.server;

import com.google.protobuf.UnsafeByteOperations;
import io.grpc.stub.ServerCallStreamObserver;
import io.grpc.stub.StreamObserver;
import io.radnet.imaging.transform.Recipe;
import io.radnet.proto.v1.ClassifyResponse;
import io.radnet.proto.v1.EmbedBatchResponse;
import io.radnet.proto.v1.EmbedResponse;
import io.radnet.proto.v1.RadNetGrpc;
import io.radnet.proto.v1.ScanOptions;
import io.radnet.proto.v1.ScanRequest;
import io.radnet.proto.v1.SegmentProgress;
import io.radnet.proto.v1.SegmentResponse;
import io.radnet.server.model.ModelLease;
import io.radnet.server.model.ModelRepository;
import io.radnet.server.model.ServedModel;
import io.radnet.server.scan.ReceivedScan;
import io.radnet.server.scan.ScanBudget;
import io.radnet.server.scan.ScanInference;
import io.radnet.server.scan.ScanLimits;
import io.radnet.server.scan.ScanReceiver;
import io.radnet.server.scan.ScanViewer;
import java.util.Iterator;
import java.util.List;
import java.util.concurrent.ScheduledExecutorService;
import java.util.function.BooleanSupplier;
import java.util.function.Function;
import java.util.stream.IntStream;
import java.util.stream.Stream;

/** Whole scans over gRPC. */
final class RadNetService extends RadNetGrpc.RadNetImplBase implements AutoCloseable {
  private static final int CHUNK = 256 << 10;

  private final ScanInference inference;
  private final ScanLimits limits;
  private final ScanBudget budget;
  private final ScanWorkers segmenting;
  private final ScanWorkers labelling;
  private final ScheduledExecutorService clock;
  private final RequestLog log;

  private RadNetService(
      ScanInference inference,
      ScanLimits limits,
      ScanBudget budget,
      int scans,
      ScheduledExecutorService clock,
      RequestLog log) {
    this.inference = inference;
    this.limits = limits;
    this.budget = budget;
    this.segmenting = new ScanWorkers("scan", scans);
    // Threads of their own: a short call does not wait until a whole scan is segmented.
    this.labelling = new ScanWorkers("label", Math.max(1, scans / 2));
    this.clock = clock;
    this.log = log;
  }

  static RadNetService create(
      ServerConfig config,
      ModelRepository repository,
      RequestLog log,
      ScheduledExecutorService clock,
      Metrics metrics) {
    ScanBudget budget = new ScanBudget(config.limits());
    metrics.gauge("radnet_pending_scans", "Scans received or worked on.", budget::scans);
    metrics.gauge("radnet_pending_scan_bytes", "Bytes that those scans hold.", budget::bytes);
    ScanInference inference = new ScanInference(repository, config.limits());
    metrics.counter(
        "radnet_response_cache_hits",
        "Scans whose answer was kept.",
        () -> inference.cache().hits());
    metrics.counter(
        "radnet_response_cache_misses",
        "Scans whose answer was looked for in vain.",
        () -> inference.cache().misses());
    return new RadNetService(inference, config.limits(), budget, config.scans(), clock, log);
  }

  private ScanReceiver receiver() {
    return new ScanReceiver(budget, limits);
  }

  /** Scans of the page go the same way as those of gRPC. */
  PageScans page(Inspection inspection) {
    return new PageScans(
        inspection,
        inference,
        new ScanViewer(limits),
        this::receiver,
        segmenting,
        log,
        budget::scans);
  }

  private <R> StreamObserver<ScanRequest> call(
      String name, ScanWorkers workers, StreamObserver<R> responses, ScanCall.Answer<R> answer) {
    return new ScanCall<>(
        responses,
        workers,
        clock,
        limits.stall().toNanos(),
        this::receiver,
        answer,
        (options, failure) -> refused(name, options, failure));
  }

  /** Borrows the model, runs, counts and logs. */
  private <T> T run(
      String call, ReceivedScan scan, Recipe.Task task, Function<ServedModel, T> work) {
    RequestLog.Request line = log.begin(call, scan);
    T answer;
    try (ModelLease lease = inference.acquire(scan.options(), task)) {
      line.model(lease.model());
      try {
        answer = work.apply(lease.model());
        lease.model().counters().succeeded(line.nanos());
      } catch (RuntimeException | OutOfMemoryError failure) {
        lease.model().counters().failed(failure, line.nanos());
        throw failure;
      }
    } catch (RuntimeException | OutOfMemoryError failure) {
      line.failed(failure);
      throw failure;
    }
    line.succeeded();
    return answer;
  }

  /** A scan that was refused, or broken off, before it was there. */
  private void refused(String call, ScanOptions options, Throwable failure) {
    log.begin(call, options.getRequestId()).failed(failure);
  }

  @Override
  public StreamObserver<ScanRequest> embed(StreamObserver<EmbedResponse> responses) {
    return call("Embed", labelling, responses, this::embed);
  }

  private Iterator<EmbedResponse> embed(
      ReceivedScan scan,
      BooleanSupplier cancelled,
      ServerCallStreamObserver<EmbedResponse> responses) {
    return run(
        "Embed",
        scan,
        Recipe.Task.LABELS,
        model -> List.of(inference.embed(scan, model, cancelled)).iterator());
  }

  @Override
  public StreamObserver<ScanRequest> classify(StreamObserver<ClassifyResponse> responses) {
    return call("Classify", labelling, responses, this::classify);
  }

  private Iterator<ClassifyResponse> classify(
      ReceivedScan scan,
      BooleanSupplier cancelled,
      ServerCallStreamObserver<ClassifyResponse> responses) {
    return run(
        "Classify",
        scan,
        Recipe.Task.LABELS,
        model -> List.of(inference.classify(scan, model, cancelled)).iterator());
  }

  @Override
  public StreamObserver<ScanRequest> segment(StreamObserver<SegmentResponse> responses) {
    return call("Segment", segmenting, responses, this::segment);
  }

  private Iterator<SegmentResponse> segment(
      ReceivedScan scan,
      BooleanSupplier cancelled,
      ServerCallStreamObserver<SegmentResponse> responses) {
    return run(
        "Segment",
        scan,
        Recipe.Task.SEGMENTATION,
        model ->
            parts(
                inference.segment(
                    scan, model, cancelled, (total, done) -> progress(responses, total, done))));
  }

  private static void progress(
      ServerCallStreamObserver<SegmentResponse> responses, int total, int done) {
    // A sender that does not read must not make the server buffer: progress is dropped then.
    if (responses.isReady()) {
      responses.onNext(
          SegmentResponse.newBuilder()
              .setProgress(SegmentProgress.newBuilder().setWindows(total).setWindowsDone(done))
              .build());
    }
  }

  private static Iterator<SegmentResponse> parts(ScanInference.Mask mask) {
    byte[] bytes = mask.bytes();
    Stream<SegmentResponse> chunks =
        IntStream.iterate(0, from -> from < bytes.length, from -> from + CHUNK)
            .mapToObj(from -> chunk(bytes, from));
    SegmentResponse result = SegmentResponse.newBuilder().setResult(mask.result()).build();
    return Stream.concat(Stream.of(result), chunks).iterator();
  }

  private static SegmentResponse chunk(byte[] bytes, int from) {
    int size = Math.min(CHUNK, bytes.length - from);
    return SegmentResponse.newBuilder()
        .setData(UnsafeByteOperations.unsafeWrap(bytes, from, size))
        .build();
  }

  @Override
  public StreamObserver<ScanRequest> embedBatch(StreamObserver<EmbedBatchResponse> responses) {
    return new EmbedBatchCall(
        responses,
        this::receiver,
        labelling,
        clock,
        limits.stall().toNanos(),
        (scan, cancelled) ->
            run(
                "EmbedBatch",
                scan,
                Recipe.Task.LABELS,
                model -> inference.embed(scan, model, cancelled)));
  }

  @Override
  public void close() {
    segmenting.close();
    labelling.close();
  }
}
