package io.radnet.server;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.grpc.Context;
import io.radnet.imaging.transform.Recipe;
import io.radnet.proto.inference.InferStatistics;
import io.radnet.proto.inference.ModelStatistics;
import io.radnet.proto.inference.RepositoryIndexResponse;
import io.radnet.proto.v1.ScanOptions;
import io.radnet.server.model.ModelLease;
import io.radnet.server.model.RequestException;
import io.radnet.server.model.ServedModel;
import io.radnet.server.scan.ReceivedScan;
import io.radnet.server.scan.ScanInference;
import io.radnet.server.scan.ScanReceiver;
import io.radnet.server.scan.ScanView;
import io.radnet.server.scan.ScanViewer;
import io.radnet.server.web.WebScans;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.function.IntSupplier;
import java.util.function.ObjIntConsumer;
import java.util.function.Supplier;

/** Scans that come from the page: the same receiver, threads, models and log as over gRPC. */
final class PageScans implements WebScans {
  private static final String NONE = "-";

  private final Inspection inspection;
  private final ScanInference inference;
  private final ScanViewer viewer;
  private final Supplier<ScanReceiver> receivers;
  private final ScanWorkers workers;
  private final RequestLog log;
  private final IntSupplier pending;
  private final ObjectMapper mapper = new ObjectMapper();

  PageScans(
      Inspection inspection,
      ScanInference inference,
      ScanViewer viewer,
      Supplier<ScanReceiver> receivers,
      ScanWorkers workers,
      RequestLog log,
      IntSupplier pending) {
    this.inspection = inspection;
    this.inference = inference;
    this.viewer = viewer;
    this.receivers = receivers;
    this.workers = workers;
    this.log = log;
    this.pending = pending;
  }

  @Override
  public ScanReceiver receiver() {
    return receivers.get();
  }

  @Override
  public ScanView view(
      ReceivedScan scan, String segmentation, String labels, ObjIntConsumer<Integer> progress) {
    RequestLog.Request line = log.begin("View", scan);
    CompletableFuture<ScanView> answer = new CompletableFuture<>();
    try {
      workers.execute(
          Context.current(),
          scan.options().getPriority(),
          () -> {
            try {
              answer.complete(work(line, scan, segmentation, labels, progress));
            } catch (RuntimeException | OutOfMemoryError failure) {
              answer.completeExceptionally(failure);
            }
          });
      ScanView view = answer.join();
      line.succeeded();
      return view;
    } catch (CompletionException wrapped) {
      line.failed(wrapped);
      throw RequestLog.cause(wrapped) instanceof RuntimeException cause ? cause : wrapped;
    } catch (RuntimeException failure) {
      line.failed(failure);
      throw failure;
    }
  }

  private ScanView work(
      RequestLog.Request line,
      ReceivedScan scan,
      String segmentation,
      String labels,
      ObjIntConsumer<Integer> progress) {
    List<ModelLease> leases = new ArrayList<>();
    try {
      Optional<ServedModel> drawing = borrow(segmentation, Recipe.Task.SEGMENTATION, leases);
      Optional<ServedModel> naming = borrow(labels, Recipe.Task.LABELS, leases);
      drawing.or(() -> naming).ifPresent(line::model);
      long start = System.nanoTime();
      try {
        ScanView view = viewer.view(scan, drawing, naming, () -> false, progress);
        leases.forEach(lease -> lease.model().counters().succeeded(System.nanoTime() - start));
        return view;
      } catch (RuntimeException | OutOfMemoryError failure) {
        leases.forEach(
            lease -> lease.model().counters().failed(failure, System.nanoTime() - start));
        throw failure;
      }
    } finally {
      leases.forEach(ModelLease::close);
    }
  }

  /** The model of a name; the only one where there is no name; none where there is none. */
  private Optional<ServedModel> borrow(String name, Recipe.Task task, List<ModelLease> leases) {
    if (name.equals(NONE)) {
      return Optional.empty();
    }
    try {
      ModelLease lease = inference.acquire(ScanOptions.newBuilder().setModel(name).build(), task);
      leases.add(lease);
      return Optional.of(lease.model());
    } catch (RequestException absent) {
      boolean none =
          absent.reason() == RequestException.Reason.NOT_FOUND
              || absent.reason() == RequestException.Reason.UNSUPPORTED;
      if (name.isEmpty() && none) {
        return Optional.empty();
      }
      throw absent;
    }
  }

  @Override
  public String status() {
    ObjectNode status = mapper.createObjectNode();
    status.put("version", Inspection.version());
    status.put("ready", inspection.serverReady());
    status.put("pending_scans", pending.getAsInt());
    ArrayNode models = status.putArray("models");
    for (Map.Entry<ServedModel, ModelStatistics> entry : inspection.all()) {
      ServedModel model = entry.getKey();
      InferStatistics times = entry.getValue().getInferenceStats();
      ObjectNode node =
          models
              .addObject()
              .put("name", model.name())
              .put("version", model.version())
              .put("ready", true)
              .put("provider", model.provider().label())
              .put("sha256", model.sha256())
              .put("task", task(model))
              .put("waiting", model.counters().pending())
              .put("requests", times.getSuccess().getCount())
              .put("failures", times.getFail().getCount())
              .put("request_ms", times.getSuccess().getNs() / 1e6)
              .put("runs", entry.getValue().getExecutionCount())
              .put("queue_ms", times.getQueue().getNs() / 1e6)
              .put("infer_ms", times.getComputeInfer().getNs() / 1e6);
      ArrayNode classes = node.putArray("classes");
      model.recipe().ifPresent(recipe -> recipe.labels().stream().skip(1).forEach(classes::add));
    }
    try {
      for (RepositoryIndexResponse.ModelIndex each : inspection.index(false).getModelsList()) {
        if (!each.getState().equals("READY")) {
          models
              .addObject()
              .put("name", each.getName())
              .put("ready", false)
              .put("reason", each.getReason());
        }
      }
    } catch (IOException unreadable) {
      throw new UncheckedIOException(unreadable);
    }
    return status.toString();
  }

  private static String task(ServedModel model) {
    return model
        .recipe()
        .filter(recipe -> model.takesScans())
        .map(recipe -> recipe.task().name())
        .orElse("TENSORS");
  }
}
