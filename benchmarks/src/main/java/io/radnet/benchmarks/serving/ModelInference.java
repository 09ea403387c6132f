package io.radnet.benchmarks.serving;

import com.google.protobuf.ByteString;
import io.grpc.ManagedChannel;
import io.grpc.netty.shaded.io.grpc.netty.NettyChannelBuilder;
import io.radnet.benchmarks.suite.Quick;
import io.radnet.exporter.ExportOptions;
import io.radnet.exporter.Exporter;
import io.radnet.exporter.runtime.OnnxSession;
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
import java.nio.FloatBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.Objects;
import java.util.SplittableRandom;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Fork;
import org.openjdk.jmh.annotations.Level;
import org.openjdk.jmh.annotations.Measurement;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.TearDown;
import org.openjdk.jmh.annotations.Warmup;

/**
 * One {@code ModelInfer} call over loopback, from the request to the parsed answer, beside the bare
 * session of ONNX Runtime on the same values in the same process ({@code floor}). The network has
 * random weights.
 */
@State(Scope.Benchmark)
@BenchmarkMode(Mode.SampleTime)
@OutputTimeUnit(TimeUnit.MILLISECONDS)
@Fork(1)
@Warmup(iterations = 3, time = 2)
@Measurement(iterations = 5, time = 4)
public class ModelInference {
  private static final int MESSAGE_BYTES = 1 << 30;

  /** Preset and task; {@code paper-labels} takes 48x192x192 voxels. */
  @Param({"tiny-labels", "small-labels", "paper-labels"})
  @Quick("tiny-labels")
  public String network = "small-labels";

  /** Threads of the session. */
  @Param("2")
  @Quick("2")
  public int threads = 2;

  private @Nullable Path folder;
  private @Nullable OnnxSession bare;
  private @Nullable RadNetServer server;
  private @Nullable ManagedChannel channel;
  private @Nullable GRPCInferenceServiceBlockingStub stub;
  private ModelInferRequest request = ModelInferRequest.getDefaultInstance();
  private FloatBuffer values = FloatBuffer.allocate(0);
  private long[] shape = {};

  /** Exports the network and starts what is measured. */
  @Setup(Level.Trial)
  public void prepare() throws IOException {
    String[] words = network.toUpperCase(Locale.ROOT).split("-", -1);
    Preset preset = Preset.valueOf(words[0]);
    Path work = Files.createTempDirectory("serving");
    folder = work;
    Checkpoint.initial(preset, Recipe.Task.valueOf(words[1]), 1).write(work.resolve("checkpoint"));
    Path models = work.resolve("models");
    Exporter.export(ExportOptions.of(work.resolve("checkpoint"), models, "model"));
    List<Integer> grid = preset.grid();
    shape = new long[] {1, 1, grid.get(0), grid.get(1), grid.get(2)};
    int count = grid.get(0) * grid.get(1) * grid.get(2);
    ByteBuffer bytes =
        ByteBuffer.allocateDirect(count * Float.BYTES).order(ByteOrder.LITTLE_ENDIAN);
    SplittableRandom random = new SplittableRandom(1);
    for (int i = 0; i < count; i++) {
      bytes.putFloat((float) random.nextDouble());
    }
    bytes.flip();
    request =
        ModelInferRequest.newBuilder()
            .setModelName("model")
            .addInputs(
                ModelInferRequest.InferInputTensor.newBuilder()
                    .setName("volume")
                    .setDatatype("FP32")
                    .addAllShape(java.util.Arrays.stream(shape).boxed().toList()))
            .addRawInputContents(ByteString.copyFrom(bytes.duplicate()))
            .build();
    values = bytes.order(ByteOrder.LITTLE_ENDIAN).asFloatBuffer();
    bare = OnnxSession.open(models.resolve("model").resolve("1").resolve("model.onnx"), threads);
    server =
        RadNetServer.start(ServerConfig.of(models).withSessions(SessionSettings.defaults(threads)));
    channel =
        NettyChannelBuilder.forAddress("127.0.0.1", server.grpcPort())
            .usePlaintext()
            .maxInboundMessageSize(MESSAGE_BYTES)
            .build();
    stub = GRPCInferenceServiceGrpc.newBlockingStub(channel);
  }

  /** The session alone. */
  @Benchmark
  public void floor() {
    Objects.requireNonNull(bare).runOnly("volume", values, shape);
  }

  /** The same values through the server. */
  @Benchmark
  public ModelInferResponse loopback() {
    return Objects.requireNonNull(stub).modelInfer(request);
  }

  /** Closes everything and deletes the files. */
  @TearDown(Level.Trial)
  public void close() throws IOException {
    if (channel != null) {
      channel.shutdownNow();
    }
    if (server != null) {
      server.close();
    }
    if (bare != null) {
      bare.close();
    }
    if (folder != null) {
      try (Stream<Path> files = Files.walk(folder)) {
        for (Path file : files.sorted(Comparator.reverseOrder()).toList()) {
          Files.delete(file);
        }
      }
    }
  }
}
