package io.radnet.server;

import io.grpc.Context;
import io.grpc.Deadline;
import io.radnet.proto.inference.InferParameter;
import io.radnet.proto.inference.ModelInferRequest;
import io.radnet.proto.inference.ModelInferResponse;
import io.radnet.server.model.ModelLease;
import io.radnet.server.model.ModelRepository;
import io.radnet.server.model.RequestException;
import io.radnet.server.model.RequestException.Reason;
import io.radnet.server.model.ServedModel;
import io.radnet.server.model.Tensor;
import io.radnet.server.model.Work;
import io.radnet.server.telemetry.Stage;
import io.radnet.server.telemetry.Stages;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.function.BooleanSupplier;

/** Runs one request of the Open Inference Protocol; gRPC and REST share it. */
final class TensorInference {
  private final ModelRepository repository;
  private final RequestLog log;
  private final RequestMemory memory;

  TensorInference(ModelRepository repository, RequestLog log, RequestMemory memory) {
    this.repository = repository;
    this.log = log;
    this.memory = memory;
  }

  /** Queues the request; the future completes on a session's thread. */
  CompletableFuture<ModelInferResponse> infer(
      String call, ModelInferRequest request, BooleanSupplier cancelled) {
    RequestLog.Request line = log.begin(call, request.getId());
    line.size("bytes", request.getSerializedSize());
    ModelLease lease;
    try {
      lease = repository.acquire(request.getModelName(), request.getModelVersion());
    } catch (RequestException unknown) {
      line.failed(unknown);
      memory.release(request);
      return CompletableFuture.failedFuture(unknown);
    }
    ServedModel model = lease.model();
    line.model(model);
    CompletableFuture<ModelInferResponse> answer;
    try {
      List<Tensor> inputs = TensorRequests.inputs(request, model);
      List<String> outputs = TensorRequests.outputs(request, model);
      Work work =
          new Work(
              inputs, (int) number(request, "priority"), timeoutNanos(request), cancelled, false);
      model.submit(work);
      answer =
          work.result()
              .thenApply(
                  outcome -> {
                    long started = outcome.startNanos();
                    Stages stages = line.stages();
                    stages.record(Stage.QUEUE, started - outcome.queueNanos(), started);
                    stages.record(Stage.INFER, started, started + outcome.inferNanos());
                    return stages.time(
                        Stage.ENCODE,
                        () -> TensorRequests.response(request, model, outputs, outcome.outputs()));
                  });
    } catch (RuntimeException | OutOfMemoryError failure) {
      answer = CompletableFuture.failedFuture(failure);
    }
    return answer.whenComplete(
        (response, failure) -> {
          if (failure == null) {
            model.counters().succeeded(line.nanos());
            line.succeeded();
          } else {
            Throwable cause = RequestLog.cause(failure);
            model.counters().failed(cause, line.nanos());
            line.failed(cause);
          }
          lease.close();
          memory.release(request);
        });
  }

  private static long timeoutNanos(ModelInferRequest request) {
    long nanos = TimeUnit.MICROSECONDS.toNanos(Math.max(0, number(request, "timeout")));
    Deadline deadline = Context.current().getDeadline();
    if (deadline == null) {
      return nanos;
    }
    long left = Math.max(1, deadline.timeRemaining(TimeUnit.NANOSECONDS));
    return nanos == 0 ? left : Math.min(left, nanos);
  }

  private static long number(ModelInferRequest request, String name) {
    InferParameter parameter = request.getParametersMap().get(name);
    if (parameter == null) {
      return 0;
    }
    long value =
        switch (parameter.getParameterChoiceCase()) {
          case INT64_PARAM -> parameter.getInt64Param();
          case UINT64_PARAM -> parameter.getUint64Param();
          default ->
              throw new RequestException(
                  Reason.INVALID, "parameter " + name + ": not an integer (expected: int64_param)");
        };
    if (value < 0 || (name.equals("priority") && value > Integer.MAX_VALUE)) {
      throw new RequestException(
          Reason.INVALID, "parameter " + name + ": " + value + " (expected: >= 0)");
    }
    return value;
  }
}
