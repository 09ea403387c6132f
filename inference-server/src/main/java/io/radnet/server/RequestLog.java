package io.radnet.server;

import io.grpc.Context;
import io.radnet.server.model.ServedModel;
import io.radnet.server.scan.ReceivedScan;
import io.radnet.server.security.Client;
import io.radnet.server.telemetry.RequestSummary;
import io.radnet.server.telemetry.Stage;
import io.radnet.server.telemetry.Stages;
import io.radnet.server.telemetry.Traces;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.concurrent.CompletionException;
import java.util.concurrent.ExecutionException;
import java.util.stream.Collectors;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.slf4j.spi.LoggingEventBuilder;

/**
 * One line and one trace per request: call, id, client, model, sizes, times, status. Nothing of the
 * patient.
 */
final class RequestLog {
  private static final Logger LOG = LoggerFactory.getLogger("io.radnet.server.requests");
  private static final int ID_LENGTH = 64;
  private static final double NANOS_PER_MILLI = 1e6;

  private final Traces traces;

  RequestLog(Traces traces) {
    this.traces = traces;
  }

  /** A request that begins now; the client and the caller's trace are those of the context. */
  Request begin(String call, String id) {
    return new Request(call, id, System.nanoTime(), new Stages());
  }

  /** A scan that has been received. */
  Request begin(String call, ReceivedScan scan) {
    Request request =
        new Request(
            call,
            scan.options().getRequestId(),
            System.nanoTime() - scan.receiveNanos(),
            scan.stages());
    request.fields.put("model", printable(scan.options().getModel()));
    request.fields.put("bytes", scan.bytes());
    return request;
  }

  /** A call that was refused before anything of it was read. */
  void refused(String call, String client, RuntimeException failure) {
    Request request = begin(call, "");
    request.fields.put("client", client);
    request.failed(failure);
  }

  /** One request on its way. For one thread at a time. */
  final class Request {
    private final String call;
    private final long start;
    private final Stages stages;
    private final String parent = Traces.CALLER.get(Context.current());
    private final Map<String, Object> fields = new LinkedHashMap<>();

    private Request(String call, String id, long start, Stages stages) {
      this.call = call;
      this.start = start;
      this.stages = stages;
      fields.put("id", printable(id));
      fields.put("client", printable(Client.CURRENT.get(Context.current()).name()));
    }

    /** The model that answers. */
    void model(ServedModel model) {
      fields.put("model", model.name());
      fields.put("version", model.version());
      fields.put("provider", model.provider().label());
    }

    /** A size, such as windows. */
    void size(String name, long value) {
      fields.put(name, value);
    }

    Stages stages() {
      return stages;
    }

    long nanos() {
      return System.nanoTime() - start;
    }

    void succeeded() {
      finish("OK");
    }

    void failed(Throwable failure) {
      Throwable cause = cause(failure);
      if (Statuses.unexpected(cause)) {
        // The kind and the place of a failure; its message may hold anything.
        fields.put("failure", cause.getClass().getName());
        fields.put(
            "at",
            Arrays.stream(cause.getStackTrace())
                .limit(8)
                .map(frame -> frame.getFileName() + ":" + frame.getLineNumber())
                .collect(Collectors.joining(" < ")));
      } else {
        fields.put("reason", String.valueOf(Statuses.of(cause).getDescription()));
      }
      finish(Statuses.of(cause).getCode().name());
    }

    private void finish(String status) {
      long end = System.nanoTime();
      for (Stage stage : Stage.values()) {
        long nanos = stages.nanos(stage);
        if (nanos > 0) {
          fields.put(stage.label() + "_ms", Math.round(nanos / 1e4) / 100.0);
        }
      }
      fields.put("ms", Math.round((end - start) / NANOS_PER_MILLI));
      LoggingEventBuilder line = status.equals("INTERNAL") ? LOG.atError() : LOG.atInfo();
      line = line.addKeyValue("call", call).addKeyValue("status", status);
      StringBuilder text = new StringBuilder(call).append(" status=").append(status);
      Object reason = fields.remove("reason");
      for (Map.Entry<String, Object> field : fields.entrySet()) {
        line = line.addKeyValue(field.getKey(), field.getValue());
        text.append(' ').append(field.getKey()).append('=').append(field.getValue());
      }
      if (reason != null) {
        line = line.addKeyValue("reason", reason);
        text.append(": ").append(reason);
      }
      line.log(text.toString());
      traces.send(new RequestSummary(call, status, start, end, fields, stages.spans(), parent));
    }
  }

  /** The failure inside the wrappers that futures put around it. */
  static Throwable cause(Throwable failure) {
    Throwable cause = failure;
    while ((cause instanceof CompletionException || cause instanceof ExecutionException)
        && cause.getCause() != null) {
      cause = cause.getCause();
    }
    return cause;
  }

  /** A line break in an identifier must not forge a line of the log. */
  private static String printable(String id) {
    String cut = id.length() > ID_LENGTH ? id.substring(0, ID_LENGTH) : id;
    return cut.isEmpty() ? "-" : cut.replaceAll("[^\\x21-\\x7e]", "?");
  }
}
