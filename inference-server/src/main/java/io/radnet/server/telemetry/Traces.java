package io.radnet.server.telemetry;

import io.opentelemetry.api.common.AttributeKey;
import io.opentelemetry.api.common.Attributes;
import io.opentelemetry.api.trace.Span;
import io.opentelemetry.api.trace.SpanKind;
import io.opentelemetry.api.trace.StatusCode;
import io.opentelemetry.api.trace.Tracer;
import io.opentelemetry.api.trace.propagation.W3CTraceContextPropagator;
import io.opentelemetry.context.Context;
import io.opentelemetry.context.propagation.TextMapGetter;
import io.opentelemetry.exporter.otlp.http.trace.OtlpHttpSpanExporter;
import io.opentelemetry.sdk.resources.Resource;
import io.opentelemetry.sdk.trace.SdkTracerProvider;
import io.opentelemetry.sdk.trace.export.BatchSpanProcessor;
import io.opentelemetry.sdk.trace.samplers.Sampler;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * Sends a trace of each request: one span for the request and one for each stage of its way. The
 * spans are made when the request is over, from the times that were noted, so a request that is not
 * traced costs nothing. Sending is done by a thread of its own; a collector that is away loses
 * traces and delays no request.
 */
public final class Traces implements AutoCloseable {
  private static final long FLUSH_SECONDS = 5;
  private static final TextMapGetter<String> PARENT =
      new TextMapGetter<>() {
        @Override
        public Iterable<String> keys(String parent) {
          return List.of("traceparent");
        }

        @Override
        public @Nullable String get(@Nullable String parent, String key) {
          return key.equals("traceparent") ? parent : null;
        }
      };

  /** Of the gRPC call under way: the caller's {@code traceparent}, or empty. */
  public static final io.grpc.Context.Key<String> CALLER =
      io.grpc.Context.keyWithDefault("radnet-traceparent", "");

  private final Optional<SdkTracerProvider> provider;
  private final long epochOffset =
      TimeUnit.MILLISECONDS.toNanos(System.currentTimeMillis()) - System.nanoTime();

  private Traces(Optional<SdkTracerProvider> provider) {
    this.provider = provider;
  }

  /** Opens the way to the collector, or none where the settings have none. */
  public static Traces open(TraceSettings settings, String version) {
    return new Traces(
        settings
            .endpoint()
            .map(
                endpoint ->
                    SdkTracerProvider.builder()
                        .setResource(
                            Resource.create(
                                Attributes.of(
                                    AttributeKey.stringKey("service.name"),
                                    "radnet",
                                    AttributeKey.stringKey("service.version"),
                                    version)))
                        .setSampler(
                            Sampler.parentBased(Sampler.traceIdRatioBased(settings.ratio())))
                        .addSpanProcessor(
                            BatchSpanProcessor.builder(
                                    OtlpHttpSpanExporter.builder()
                                        .setEndpoint(endpoint.toString())
                                        .build())
                                .build())
                        .build()));
  }

  /** Sends a request that is over. */
  public void send(RequestSummary request) {
    provider.ifPresent(each -> send(each.get("io.radnet.server"), request));
  }

  private void send(Tracer tracer, RequestSummary request) {
    Context caller =
        W3CTraceContextPropagator.getInstance()
            .extract(Context.root(), request.parent().isEmpty() ? null : request.parent(), PARENT);
    Span whole =
        tracer
            .spanBuilder(request.call())
            .setParent(caller)
            .setSpanKind(SpanKind.SERVER)
            .setStartTimestamp(epoch(request.startNanos()), TimeUnit.NANOSECONDS)
            .setAttribute("rpc.system", "grpc")
            .setAttribute("rpc.method", request.call())
            .setAttribute("radnet.status", request.status())
            .startSpan();
    if (whole.getSpanContext().isSampled()) {
      for (Map.Entry<String, Object> field : request.fields().entrySet()) {
        if (field.getValue() instanceof Number number) {
          whole.setAttribute("radnet." + field.getKey(), number.doubleValue());
        } else {
          whole.setAttribute("radnet." + field.getKey(), field.getValue().toString());
        }
      }
      if (!request.status().equals("OK")) {
        whole.setStatus(StatusCode.ERROR, request.status());
      }
      Context inside = Context.root().with(whole);
      for (Stages.Span stage : request.stages()) {
        tracer
            .spanBuilder(stage.stage().label())
            .setParent(inside)
            .setStartTimestamp(epoch(stage.startNanos()), TimeUnit.NANOSECONDS)
            .startSpan()
            .end(epoch(stage.endNanos()), TimeUnit.NANOSECONDS);
      }
    }
    whole.end(epoch(request.endNanos()), TimeUnit.NANOSECONDS);
  }

  private long epoch(long nanoTime) {
    return nanoTime + epochOffset;
  }

  /** Sends what waits, for a few seconds at most. */
  @Override
  public void close() {
    provider.ifPresent(each -> each.shutdown().join(FLUSH_SECONDS, TimeUnit.SECONDS));
  }
}
