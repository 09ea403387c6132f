package io.radnet.benchmarks.serving;

import ai.onnxruntime.OrtException;
import com.google.protobuf.ByteString;
import io.grpc.ManagedChannel;
import io.grpc.netty.shaded.io.grpc.netty.NettyChannelBuilder;
import io.radnet.benchmarks.runtime.BareRuntime;
import io.radnet.benchmarks.runtime.SessionVariant;
import io.radnet.exporter.ExportOptions;
import io.radnet.exporter.Exporter;
import io.radnet.imaging.transform.Recipe;
import io.radnet.proto.inference.GRPCInferenceServiceGrpc;
import io.radnet.proto.inference.GRPCInferenceServiceGrpc.GRPCInferenceServiceBlockingStub;
import io.radnet.proto.inference.ModelInferRequest;
import io.radnet.proto.inference.ModelInferResponse;
import io.radnet.server.RadNetServer;
import io.radnet.server.ServerConfig;
import io.radnet.server.model.SessionSettings;
import io.radnet.trainer.checkpoint.Checkpoint;
import io.radnet.trainer.network.Preset;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.SplittableRandom;
import java.util.stream.Stream;

/**
 * A server on loopback and a bare session of ONNX Runtime, on the same file with the same options
 * and for the same values. The network has random weights.
 */
final class Loopback implements AutoCloseable {
  private static final int MESSAGE_BYTES = 1 << 30;

  private final Path folder;
  private final BareRuntime bare;
  private final RadNetServer server;
  private final ManagedChannel channel;
  private final GRPCInferenceServiceBlockingStub stub;
  private final ModelInferRequest request;
  private final ByteBuffer values;
  private final long[] shape;

  /**
   * Exports a network and starts both.
   *
   * @param network preset and task; {@code paper-labels} takes 48x192x192 voxels
   * @param threads of each session
   */
  Loopback(String network, int threads) throws IOException, OrtException {
    String[] words = network.toUpperCase(Locale.ROOT).split("-", -1);
    Preset preset = Preset.valueOf(words[0]);
    folder = Files.createTempDirectory("serving");
    Checkpoint.initial(preset, Recipe.Task.valueOf(words[1]), 1)
        .write(folder.resolve("checkpoint"));
    Path models = folder.resolve("models");
    Exporter.export(ExportOptions.of(folder.resolve("checkpoint"), models, "model"));
    List<Integer> grid = preset.grid();
    shape = new long[] {1, 1, grid.get(0), grid.get(1), grid.get(2)};
    values = random(grid.get(0) * grid.get(1) * grid.get(2));
    request =
        ModelInferRequest.newBuilder()
            .setModelName("model")
            .addInputs(
                ModelInferRequest.InferInputTensor.newBuilder()
                    .setName("volume")
                    .setDatatype("FP32")
                    .addAllShape(Arrays.stream(shape).boxed().toList()))
            .addRawInputContents(ByteString.copyFrom(values.duplicate()))
            .build();
    bare =
        BareRuntime.open(
            models.resolve("model").resolve("1").resolve("model.onnx"),
            SessionVariant.SERVER,
            threads);
    server =
        RadNetServer.start(ServerConfig.of(models).withSessions(SessionSettings.defaults(threads)));
    channel =
        NettyChannelBuilder.forAddress("127.0.0.1", server.grpcPort())
            .usePlaintext()
            .maxInboundMessageSize(MESSAGE_BYTES)
            .build();
    stub = GRPCInferenceServiceGrpc.newBlockingStub(channel);
  }

  private static ByteBuffer random(int count) {
    ByteBuffer bytes =
        ByteBuffer.allocateDirect(count * Float.BYTES).order(ByteOrder.LITTLE_ENDIAN);
    SplittableRandom random = new SplittableRandom(1);
    for (int i = 0; i < count; i++) {
      bytes.putFloat((float) random.nextDouble());
    }
    return bytes.flip();
  }

  /** Runs the bare session; its answer is dropped. */
  int bare() throws OrtException {
    return bare.run(values, shape);
  }

  /** The same values through the server, until the answer is parsed. */
  ModelInferResponse served() {
    return stub.modelInfer(request);
  }

  /** Closes both and deletes the files. */
  @Override
  public void close() throws IOException, OrtException {
    channel.shutdownNow();
    server.close();
    bare.close();
    try (Stream<Path> files = Files.walk(folder)) {
      for (Path file : files.sorted(Comparator.reverseOrder()).toList()) {
        Files.delete(file);
      }
    }
  }
}
