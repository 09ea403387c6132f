package io.radnet.server;

import io.micrometer.core.instrument.FunctionCounter;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.binder.jvm.JvmGcMetrics;
import io.micrometer.core.instrument.binder.jvm.JvmMemoryMetrics;
import io.micrometer.core.instrument.binder.jvm.JvmThreadMetrics;
import io.micrometer.prometheusmetrics.PrometheusConfig;
import io.micrometer.prometheusmetrics.PrometheusMeterRegistry;
import io.radnet.proto.inference.InferStatistics;
import io.radnet.proto.inference.ModelStatistics;
import io.radnet.server.model.ServedModel;
import java.util.List;
import java.util.Map;
import java.util.function.Function;
import java.util.function.Supplier;

/**
 * The metrics page. Those of the Java machine and of the server come from Micrometer; the {@code
 * nv_inference_*} family is written here, because Micrometer would append {@code _total} to the
 * names that existing dashboards ask for.
 */
final class Metrics implements AutoCloseable {
  private static final long NANOS_PER_MICRO = 1000;

  private final Inspection inspection;
  private final PrometheusMeterRegistry registry =
      new PrometheusMeterRegistry(PrometheusConfig.DEFAULT);
  private final JvmGcMetrics collector = new JvmGcMetrics();

  Metrics(Inspection inspection) {
    this.inspection = inspection;
    new JvmMemoryMetrics().bindTo(registry);
    new JvmThreadMetrics().bindTo(registry);
    collector.bindTo(registry);
  }

  /** Adds a gauge of the server's own, such as {@code radnet_pending_scans}. */
  void gauge(String name, String description, Supplier<Number> value) {
    Gauge.builder(name, value).description(description).register(registry);
  }

  /** Adds a counter of the server's own, such as {@code radnet_response_cache_hits}. */
  void counter(String name, String description, Supplier<Number> value) {
    FunctionCounter.builder(name, value, each -> each.get().doubleValue())
        .description(description)
        .register(registry);
  }

  /** One more call that was refused because of who made it. */
  void refused(String reason) {
    registry.counter("radnet_refused_calls", "reason", reason).increment();
  }

  /** The page in Prometheus' text format. */
  String page() {
    StringBuilder page = new StringBuilder(registry.scrape());
    List<Map.Entry<ServedModel, ModelStatistics>> models = inspection.all();
    counter(
        page,
        models,
        "nv_inference_request_success",
        "Requests that were answered.",
        model -> model.getInferenceStats().getSuccess().getCount());
    header(page, "nv_inference_request_failure", "Requests that failed, by reason.", "counter");
    for (Map.Entry<ServedModel, ModelStatistics> entry : models) {
      entry
          .getKey()
          .counters()
          .failures()
          .forEach(
              (reason, count) ->
                  sample(
                      page,
                      "nv_inference_request_failure",
                      entry.getValue(),
                      ",reason=\"" + reason + "\"",
                      count));
    }
    counter(
        page,
        models,
        "nv_inference_count",
        "Examples that went through the network.",
        ModelStatistics::getInferenceCount);
    counter(
        page,
        models,
        "nv_inference_exec_count",
        "Runs of the network.",
        ModelStatistics::getExecutionCount);
    header(page, "nv_inference_pending_request_count", "Work that waits for a session.", "gauge");
    for (Map.Entry<ServedModel, ModelStatistics> entry : models) {
      sample(
          page,
          "nv_inference_pending_request_count",
          entry.getValue(),
          "",
          entry.getKey().counters().pending());
    }
    duration(
        page,
        models,
        "nv_inference_request_duration_us",
        "Time of whole requests.",
        stats -> stats.getSuccess().getNs());
    duration(
        page,
        models,
        "nv_inference_queue_duration_us",
        "Time in the queue.",
        stats -> stats.getQueue().getNs());
    duration(
        page,
        models,
        "nv_inference_compute_input_duration_us",
        "Time to hand inputs to the session.",
        stats -> stats.getComputeInput().getNs());
    duration(
        page,
        models,
        "nv_inference_compute_infer_duration_us",
        "Time in the network.",
        stats -> stats.getComputeInfer().getNs());
    duration(
        page,
        models,
        "nv_inference_compute_output_duration_us",
        "Time to take outputs from the session.",
        stats -> stats.getComputeOutput().getNs());
    return page.toString();
  }

  private static void duration(
      StringBuilder page,
      List<Map.Entry<ServedModel, ModelStatistics>> models,
      String name,
      String description,
      Function<InferStatistics, Long> nanos) {
    counter(
        page,
        models,
        name,
        description + " Microseconds.",
        model -> nanos.apply(model.getInferenceStats()) / NANOS_PER_MICRO);
  }

  private static void counter(
      StringBuilder page,
      List<Map.Entry<ServedModel, ModelStatistics>> models,
      String name,
      String description,
      Function<ModelStatistics, Long> value) {
    header(page, name, description, "counter");
    for (Map.Entry<ServedModel, ModelStatistics> entry : models) {
      sample(page, name, entry.getValue(), "", value.apply(entry.getValue()));
    }
  }

  private static void header(StringBuilder page, String name, String description, String type) {
    page.append("# HELP ").append(name).append(' ').append(description).append('\n');
    page.append("# TYPE ").append(name).append(' ').append(type).append('\n');
  }

  private static void sample(
      StringBuilder page, String name, ModelStatistics model, String labels, long value) {
    page.append(name)
        .append("{model=\"")
        .append(model.getName().replace("\\", "\\\\").replace("\"", "\\\""))
        .append("\",version=\"")
        .append(model.getVersion())
        .append('"')
        .append(labels)
        .append("} ")
        .append(value)
        .append('\n');
  }

  @Override
  public void close() {
    collector.close();
    registry.close();
  }
}
