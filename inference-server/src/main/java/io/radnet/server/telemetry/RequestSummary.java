package io.radnet.server.telemetry;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * All that is told of one request when it is over. Nothing of the patient can be in it: no name, no
 * identifier and no date of a scan, and no text of an unexpected failure.
 *
 * @param call such as Segment or ModelInfer
 * @param status a gRPC status, such as OK
 * @param startNanos of {@link System#nanoTime}
 * @param endNanos of {@link System#nanoTime}
 * @param fields in the order of the log line: id, client, model, sizes
 * @param stages of its way
 * @param parent W3C {@code traceparent} of the caller, or empty
 */
public record RequestSummary(
    String call,
    String status,
    long startNanos,
    long endNanos,
    Map<String, Object> fields,
    List<Stages.Span> stages,
    String parent) {
  /** Copies, and keeps the order of the fields. */
  public RequestSummary {
    fields = java.util.Collections.unmodifiableMap(new LinkedHashMap<>(fields));
    stages = List.copyOf(stages);
  }
}
