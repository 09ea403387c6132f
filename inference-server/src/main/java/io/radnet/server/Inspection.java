package io.radnet.server;

import ai.onnxruntime.OrtEnvironment;
import io.radnet.imaging.InvalidInputException;
import io.radnet.proto.inference.ModelConfig;
import io.radnet.proto.inference.ModelMetadataResponse;
import io.radnet.proto.inference.ModelStatisticsResponse;
import io.radnet.proto.inference.RepositoryIndexResponse;
import io.radnet.proto.inference.ServerMetadataResponse;
import io.radnet.server.model.LoadControl;
import io.radnet.server.model.ModelLease;
import io.radnet.server.model.ModelRepository;
import io.radnet.server.model.Provider;
import io.radnet.server.model.RequestException;
import io.radnet.server.model.ServedModel;
import io.radnet.server.model.TensorSpec;
import java.io.IOException;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.function.BooleanSupplier;

/** What a server says of itself and its models; gRPC and REST share it. */
final class Inspection {
  private static final List<String> EXTENSIONS =
      List.of(
          "model_repository",
          "model_configuration",
          "statistics",
          "schedule_policy",
          "binary_tensor_data",
          "radnet.v1");

  private final ModelRepository repository;
  private final List<Provider> providers;
  private final LoadControl control;
  private final BooleanSupplier stopping;

  Inspection(
      ModelRepository repository,
      List<Provider> providers,
      LoadControl control,
      BooleanSupplier stopping) {
    this.stopping = stopping;
    this.control = control;
    this.repository = repository;
    this.providers = List.copyOf(providers);
  }

  boolean serverReady() {
    return !stopping.getAsBoolean() && repository.allReady();
  }

  /** What is unknown is not ready: an answer and, as in Triton, no error. */
  boolean modelReady(String name, String version) {
    try (ModelLease lease = repository.acquire(name, version)) {
      return lease.model() != null;
    } catch (RequestException absent) {
      return false;
    }
  }

  ServerMetadataResponse serverMetadata() {
    ServerMetadataResponse.Builder metadata =
        ServerMetadataResponse.newBuilder()
            .setName("radnet")
            .setVersion(version())
            .addAllExtensions(EXTENSIONS);
    providers.forEach(provider -> metadata.addExtensions("provider:" + provider.label()));
    metadata.addExtensions("onnxruntime:" + OrtEnvironment.getEnvironment().getVersion());
    metadata.addExtensions("java:" + Runtime.version());
    // The message has no field for models; which file answers is what an auditor asks first.
    for (ServedModel model : repository.ready()) {
      metadata.addExtensions(
          "model:" + model.name() + ":" + model.version() + ":sha256:" + model.sha256());
    }
    return metadata.build();
  }

  static String version() {
    String version = Inspection.class.getPackage().getImplementationVersion();
    return version == null ? "development" : version;
  }

  ModelMetadataResponse modelMetadata(String name, String version) {
    try (ModelLease lease = repository.acquire(name, version)) {
      ServedModel model = lease.model();
      return ModelMetadataResponse.newBuilder()
          .setName(model.name())
          .addAllVersions(repository.versions(name))
          .setPlatform("onnxruntime_onnx:" + model.provider().label())
          .addAllInputs(model.inputs().stream().map(Inspection::metadata).toList())
          .addAllOutputs(model.outputs().stream().map(Inspection::metadata).toList())
          .build();
    }
  }

  private static ModelMetadataResponse.TensorMetadata metadata(TensorSpec spec) {
    return ModelMetadataResponse.TensorMetadata.newBuilder()
        .setName(spec.name())
        .setDatatype(spec.type().name())
        .addAllShape(spec.shape())
        .build();
  }

  ModelConfig modelConfig(String name, String version) {
    try (ModelLease lease = repository.acquire(name, version)) {
      return lease.model().config();
    }
  }

  ModelStatisticsResponse statistics(String name, String version) {
    if (!name.isEmpty()) {
      repository.acquire(name, version).close();
    }
    ModelStatisticsResponse.Builder response = ModelStatisticsResponse.newBuilder();
    for (ServedModel model : repository.ready()) {
      if ((name.isEmpty() || model.name().equals(name))
          && (version.isEmpty() || model.version().equals(version))) {
        response.addModelStats(model.counters().toProto(model.name(), model.version()));
      }
    }
    return response.build();
  }

  RepositoryIndexResponse index(boolean readyOnly) throws IOException {
    RepositoryIndexResponse.Builder response = RepositoryIndexResponse.newBuilder();
    for (ModelRepository.IndexEntry entry : repository.index()) {
      if (entry.ready() || !readyOnly) {
        response.addModels(
            RepositoryIndexResponse.ModelIndex.newBuilder()
                .setName(entry.name())
                .setVersion(entry.version())
                .setState(entry.ready() ? "READY" : "UNAVAILABLE")
                .setReason(entry.reason()));
      }
    }
    return response.build();
  }

  void load(String name) throws IOException {
    checkExplicit();
    try {
      repository.load(name);
    } catch (InvalidInputException broken) {
      throw new InvalidInputException("model " + name, repository.reason(broken), broken);
    }
  }

  void unload(String name) {
    checkExplicit();
    repository.unload(name);
  }

  /** As Triton has it: UNAVAILABLE, whoever asks and whatever the model. */
  private void checkExplicit() {
    if (control != LoadControl.EXPLICIT) {
      throw new RequestException(
          RequestException.Reason.UNAVAILABLE,
          "models are loaded and unloaded on request only by a server with 'load: explicit' (this"
              + " one has 'load: "
              + control.name().toLowerCase(Locale.ROOT)
              + "')");
    }
  }

  /** The model and version of everything that is ready, for metrics. */
  List<Map.Entry<ServedModel, io.radnet.proto.inference.ModelStatistics>> all() {
    return repository.ready().stream()
        .map(model -> Map.entry(model, model.counters().toProto(model.name(), model.version())))
        .toList();
  }
}
