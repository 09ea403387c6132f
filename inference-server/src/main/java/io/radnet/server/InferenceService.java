package io.radnet.server;

import io.grpc.Context;
import io.grpc.StatusRuntimeException;
import io.grpc.stub.ServerCallStreamObserver;
import io.grpc.stub.StreamObserver;
import io.radnet.imaging.InvalidInputException;
import io.radnet.proto.inference.GRPCInferenceServiceGrpc;
import io.radnet.proto.inference.ModelConfigRequest;
import io.radnet.proto.inference.ModelConfigResponse;
import io.radnet.proto.inference.ModelInferRequest;
import io.radnet.proto.inference.ModelInferResponse;
import io.radnet.proto.inference.ModelMetadataRequest;
import io.radnet.proto.inference.ModelMetadataResponse;
import io.radnet.proto.inference.ModelReadyRequest;
import io.radnet.proto.inference.ModelReadyResponse;
import io.radnet.proto.inference.ModelStatisticsRequest;
import io.radnet.proto.inference.ModelStatisticsResponse;
import io.radnet.proto.inference.ModelStreamInferResponse;
import io.radnet.proto.inference.RepositoryIndexRequest;
import io.radnet.proto.inference.RepositoryIndexResponse;
import io.radnet.proto.inference.RepositoryModelLoadRequest;
import io.radnet.proto.inference.RepositoryModelLoadResponse;
import io.radnet.proto.inference.RepositoryModelUnloadRequest;
import io.radnet.proto.inference.RepositoryModelUnloadResponse;
import io.radnet.proto.inference.ServerLiveRequest;
import io.radnet.proto.inference.ServerLiveResponse;
import io.radnet.proto.inference.ServerMetadataRequest;
import io.radnet.proto.inference.ServerMetadataResponse;
import io.radnet.proto.inference.ServerReadyRequest;
import io.radnet.proto.inference.ServerReadyResponse;
import java.util.concurrent.Callable;

/** The Open Inference Protocol v2 over gRPC. */
final class InferenceService extends GRPCInferenceServiceGrpc.GRPCInferenceServiceImplBase {
  private final Inspection inspection;
  private final TensorInference inference;

  InferenceService(Inspection inspection, TensorInference inference) {
    this.inspection = inspection;
    this.inference = inference;
  }

  static <T> void answer(StreamObserver<T> observer, Callable<T> call) {
    T response;
    try {
      response = call.call();
    } catch (Exception | OutOfMemoryError failure) {
      observer.onError(Statuses.exception(failure));
      return;
    }
    observer.onNext(response);
    observer.onCompleted();
  }

  @Override
  public void serverLive(ServerLiveRequest request, StreamObserver<ServerLiveResponse> observer) {
    answer(observer, () -> ServerLiveResponse.newBuilder().setLive(true).build());
  }

  @Override
  public void serverReady(
      ServerReadyRequest request, StreamObserver<ServerReadyResponse> observer) {
    answer(
        observer,
        () -> ServerReadyResponse.newBuilder().setReady(inspection.serverReady()).build());
  }

  @Override
  public void modelReady(ModelReadyRequest request, StreamObserver<ModelReadyResponse> observer) {
    answer(
        observer,
        () ->
            ModelReadyResponse.newBuilder()
                .setReady(inspection.modelReady(request.getName(), request.getVersion()))
                .build());
  }

  @Override
  public void serverMetadata(
      ServerMetadataRequest request, StreamObserver<ServerMetadataResponse> observer) {
    answer(observer, inspection::serverMetadata);
  }

  @Override
  public void modelMetadata(
      ModelMetadataRequest request, StreamObserver<ModelMetadataResponse> observer) {
    answer(observer, () -> inspection.modelMetadata(request.getName(), request.getVersion()));
  }

  @Override
  public void modelConfig(
      ModelConfigRequest request, StreamObserver<ModelConfigResponse> observer) {
    answer(
        observer,
        () ->
            ModelConfigResponse.newBuilder()
                .setConfig(inspection.modelConfig(request.getName(), request.getVersion()))
                .build());
  }

  @Override
  public void modelStatistics(
      ModelStatisticsRequest request, StreamObserver<ModelStatisticsResponse> observer) {
    answer(observer, () -> inspection.statistics(request.getName(), request.getVersion()));
  }

  @Override
  public void repositoryIndex(
      RepositoryIndexRequest request, StreamObserver<RepositoryIndexResponse> observer) {
    answer(observer, () -> inspection.index(request.getReady()));
  }

  @Override
  public void repositoryModelLoad(
      RepositoryModelLoadRequest request, StreamObserver<RepositoryModelLoadResponse> observer) {
    answer(
        observer,
        () -> {
          if (request.getParametersCount() > 0) {
            throw new io.radnet.server.model.RequestException(
                io.radnet.server.model.RequestException.Reason.UNSUPPORTED,
                "load parameters are not supported; write the files into the repository");
          }
          try {
            inspection.load(request.getModelName());
          } catch (InvalidInputException broken) {
            // The sender's request is fine; the model on the server's disk is not.
            throw io.grpc.Status.FAILED_PRECONDITION
                .withDescription(broken.getMessage())
                .asRuntimeException();
          }
          return RepositoryModelLoadResponse.getDefaultInstance();
        });
  }

  @Override
  public void repositoryModelUnload(
      RepositoryModelUnloadRequest request,
      StreamObserver<RepositoryModelUnloadResponse> observer) {
    answer(
        observer,
        () -> {
          inspection.unload(request.getModelName());
          return RepositoryModelUnloadResponse.getDefaultInstance();
        });
  }

  @Override
  public void modelInfer(ModelInferRequest request, StreamObserver<ModelInferResponse> observer) {
    Context context = Context.current();
    inference
        .infer("ModelInfer", request, context::isCancelled)
        .whenComplete(
            (response, failure) -> {
              if (failure != null) {
                observer.onError(Statuses.exception(failure));
              } else if (!context.isCancelled()) {
                observer.onNext(response);
                observer.onCompleted();
              }
            });
  }

  /**
   * Each request is answered with one response, in the order of the requests; a request that fails
   * is answered with its message and does not end the stream. One request is under way at a time.
   */
  @Override
  public StreamObserver<ModelInferRequest> modelStreamInfer(
      StreamObserver<ModelStreamInferResponse> responses) {
    ServerCallStreamObserver<ModelStreamInferResponse> call =
        (ServerCallStreamObserver<ModelStreamInferResponse>) responses;
    return new StreamedRequests(call, inference);
  }

  private static final class StreamedRequests implements StreamObserver<ModelInferRequest> {
    private final ServerCallStreamObserver<ModelStreamInferResponse> call;
    private final TensorInference inference;
    private final Context context = Context.current();
    private boolean busy;
    private boolean full;
    private boolean ended;

    StreamedRequests(
        ServerCallStreamObserver<ModelStreamInferResponse> call, TensorInference inference) {
      this.call = call;
      this.inference = inference;
      call.disableAutoRequest();
      call.setOnCancelHandler(() -> {});
      call.setOnReadyHandler(this::readOn);
      call.request(1);
    }

    private synchronized void readOn() {
      if (full) {
        full = false;
        call.request(1);
      }
    }

    @Override
    public void onNext(ModelInferRequest request) {
      synchronized (this) {
        busy = true;
      }
      inference
          .infer("ModelStreamInfer", request, context::isCancelled)
          .whenComplete((response, failure) -> answer(request, response, failure));
    }

    private synchronized void answer(
        ModelInferRequest request,
        @org.jspecify.annotations.Nullable ModelInferResponse response,
        @org.jspecify.annotations.Nullable Throwable failure) {
      busy = false;
      if (call.isCancelled()) {
        return;
      }
      ModelStreamInferResponse.Builder answer = ModelStreamInferResponse.newBuilder();
      if (failure != null || response == null) {
        Throwable cause = failure == null ? new IllegalStateException("no answer") : failure;
        answer
            .setErrorMessage(String.valueOf(Statuses.of(cause).getDescription()))
            .setInferResponse(ModelInferResponse.newBuilder().setId(request.getId()));
      } else {
        answer.setInferResponse(response);
      }
      try {
        call.onNext(answer.build());
        if (ended) {
          call.onCompleted();
        } else if (call.isReady()) {
          call.request(1);
        } else {
          // A sender that does not read its answers must not make the server keep them.
          full = true;
        }
      } catch (StatusRuntimeException gone) {
        // The sender cancelled between the check and the answer: there is nobody left to tell.
        ended = true;
      }
    }

    @Override
    public void onError(Throwable cancelled) {
      // The context is cancelled too, which keeps queued work from starting.
    }

    @Override
    public synchronized void onCompleted() {
      ended = true;
      if (!busy) {
        call.onCompleted();
      }
    }
  }
}
