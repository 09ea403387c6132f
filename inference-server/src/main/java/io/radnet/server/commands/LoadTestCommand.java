package io.radnet.server.commands;

import com.google.protobuf.ByteString;
import io.grpc.ManagedChannel;
import io.grpc.Status;
import io.grpc.StatusRuntimeException;
import io.grpc.netty.shaded.io.grpc.netty.NettyChannelBuilder;
import io.radnet.imaging.InvalidInputException;
import io.radnet.imaging.cli.VerboseOption;
import io.radnet.proto.inference.GRPCInferenceServiceGrpc;
import io.radnet.proto.inference.GRPCInferenceServiceGrpc.GRPCInferenceServiceBlockingStub;
import io.radnet.proto.inference.ModelInferRequest;
import io.radnet.proto.inference.ModelMetadataRequest;
import io.radnet.proto.inference.ModelMetadataResponse;
import io.radnet.proto.inference.ModelStatistics;
import io.radnet.proto.inference.ModelStatisticsRequest;
import io.radnet.proto.v1.ResultFormat;
import io.radnet.proto.v1.ScanOptions;
import io.radnet.proto.v1.SegmentOptions;
import io.radnet.server.client.CallFailedException;
import io.radnet.server.client.ConnectionSecurity;
import io.radnet.server.client.RadNetClient;
import io.radnet.server.client.ScanSource;
import io.radnet.server.load.LoadReport;
import io.radnet.server.load.LoadTest;
import java.io.IOException;
import java.io.PrintWriter;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;
import java.util.concurrent.Callable;
import java.util.concurrent.TimeUnit;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** {@code radnet load-test}: throughput and latency of a server, by tensors or whole scans. */
@Command(
    name = "load-test",
    description = "Measure a server under load: random tensors, or a whole scan again and again.")
final class LoadTestCommand implements Callable<Integer> {
  private static final String DEFAULT = " (default: ${DEFAULT-VALUE}).";
  private static final int MESSAGE_BYTES = 1 << 30;
  private static final Pattern RANGE =
      Pattern.compile("(\\d{1,4})(?::(\\d{1,4})(?::(\\d{1,4}))?)?");

  /** What a call asks for. */
  enum Task {
    EMBED,
    CLASSIFY,
    SEGMENT
  }

  @Spec private CommandSpec spec;
  @Mixin private VerboseOption verbose;
  @Mixin private ConnectionOptions connection;

  @Option(names = "--model", required = true, description = "Name of the model.")
  private String model;

  @Option(
      names = "--scan",
      paramLabel = "PATH",
      description = "Send this scan (one DICOM series, or NIfTI) instead of random tensors.")
  private @Nullable Path scan;

  @Option(
      names = "--task",
      defaultValue = "SEGMENT",
      description = "With --scan: ${COMPLETION-CANDIDATES}" + DEFAULT)
  private Task task;

  @Option(
      names = "--concurrency",
      paramLabel = "START[:END[:STEP]]",
      defaultValue = "1",
      description = "Calls under way" + DEFAULT)
  private String concurrency;

  @Option(
      names = "--interval",
      paramLabel = "SECONDS",
      defaultValue = "5",
      description = "Length of a measurement; three that agree end it" + DEFAULT)
  private double interval;

  @Option(
      names = "--most-intervals",
      defaultValue = "10",
      description = "Measurements after which it ends in any case" + DEFAULT)
  private int mostIntervals;

  @Override
  public Integer call() throws Exception {
    if (!(interval > 0 && interval <= 3600) || mostIntervals < 1) {
      throw new InvalidInputException("--interval, --most-intervals", "expected: above 0");
    }
    int[] range = range();
    PrintWriter out = spec.commandLine().getOut();
    out.printf("*** Measurement Settings ***%n  Model: %s, %s%n", model, what());
    out.printf("  Measurement window: %.0f msec%n%n", interval * 1000);
    Map<Integer, LoadTest.Outcome> outcomes = new LinkedHashMap<>();
    ConnectionSecurity security = connection.security();
    NettyChannelBuilder builder =
        NettyChannelBuilder.forTarget(connection.server(), security.channel())
            .maxInboundMessageSize(MESSAGE_BYTES);
    security.token().ifPresent(builder::intercept);
    ManagedChannel channel = builder.build();
    try (RadNetClient client = connection.connect(1)) {
      GRPCInferenceServiceBlockingStub stub = GRPCInferenceServiceGrpc.newBlockingStub(channel);
      LoadTest test =
          new LoadTest(
              scan == null ? tensors(stub) : scans(client, scan),
              () -> statistics(stub),
              (long) (interval * 1e9),
              mostIntervals);
      for (int calls = range[0]; calls <= range[1]; calls += range[2]) {
        LoadTest.Outcome outcome = test.run(calls);
        outcomes.put(calls, outcome);
        LoadReport.print(out, calls, outcome);
      }
    } catch (StatusRuntimeException failure) {
      throw new CallFailedException(connection.server(), failure.getStatus());
    } finally {
      channel.shutdownNow();
    }
    LoadReport.summary(out, outcomes);
    return 0;
  }

  private String what() {
    return scan == null
        ? "random tensors, batch 1"
        : task.name().toLowerCase(java.util.Locale.ROOT) + " of whole scans";
  }

  private int[] range() {
    Matcher matcher = RANGE.matcher(concurrency);
    if (matcher.matches()) {
      int start = Integer.parseInt(matcher.group(1));
      int end = matcher.group(2) == null ? start : Integer.parseInt(matcher.group(2));
      int step = matcher.group(3) == null ? 1 : Integer.parseInt(matcher.group(3));
      if (start > 0 && end >= start && step > 0) {
        return new int[] {start, end, step};
      }
    }
    throw new InvalidInputException(
        "--concurrency", concurrency + " (expected: START[:END[:STEP]], from 1)");
  }

  private ModelStatistics statistics(GRPCInferenceServiceBlockingStub stub) {
    var answer = stub.modelStatistics(ModelStatisticsRequest.newBuilder().setName(model).build());
    // Without a version asked for, several may answer; the newest serves.
    return answer.getModelStats(answer.getModelStatsCount() - 1);
  }

  private LoadTest.Call tensors(GRPCInferenceServiceBlockingStub stub) {
    ModelMetadataResponse metadata =
        stub.modelMetadata(ModelMetadataRequest.newBuilder().setName(model).build());
    ModelInferRequest.Builder request = ModelInferRequest.newBuilder().setModelName(model);
    SplittableRandom random = new SplittableRandom(1);
    for (ModelMetadataResponse.TensorMetadata input : metadata.getInputsList()) {
      if (!input.getDatatype().equals("FP32")) {
        throw new InvalidInputException(
            "--model", model + ": input of " + input.getDatatype() + " (expected: FP32)");
      }
      List<Long> shape = input.getShapeList().stream().map(size -> Math.max(1, size)).toList();
      int count = Math.toIntExact(shape.stream().reduce(1L, Math::multiplyExact));
      ByteBuffer values = ByteBuffer.allocate(count * 4).order(ByteOrder.LITTLE_ENDIAN);
      while (values.hasRemaining()) {
        values.putFloat((float) random.nextDouble());
      }
      request
          .addInputs(
              ModelInferRequest.InferInputTensor.newBuilder()
                  .setName(input.getName())
                  .setDatatype(input.getDatatype())
                  .addAllShape(shape))
          .addRawInputContents(ByteString.copyFrom(values.flip()));
    }
    ModelInferRequest ready = request.build();
    return () -> {
      try {
        stub.withDeadlineAfter(connection.deadline().toSeconds(), TimeUnit.SECONDS)
            .modelInfer(ready);
        return true;
      } catch (StatusRuntimeException failure) {
        return refused(new CallFailedException(connection.server(), failure.getStatus()));
      }
    };
  }

  private LoadTest.Call scans(RadNetClient client, Path path) throws IOException {
    List<LocalScans.Scan> scans = LocalScans.find(path);
    if (scans.size() != 1) {
      throw new InvalidInputException(path, scans.size() + " series (expected: one)");
    }
    ScanSource source = scans.get(0).source();
    ResultFormat format =
        source instanceof ScanSource.Dicom
            ? ResultFormat.RESULT_FORMAT_DICOM_SEG
            : ResultFormat.RESULT_FORMAT_NIFTI_GZ;
    ScanOptions options =
        ScanOptions.newBuilder()
            .setModel(model)
            .setSegment(SegmentOptions.newBuilder().setFormat(format))
            .build();
    return () -> {
      try {
        switch (task) {
          case EMBED -> client.embed(source, options);
          case CLASSIFY -> client.classify(source, options);
          case SEGMENT -> client.segment(source, options, (all, done) -> {});
        }
        return true;
      } catch (CallFailedException failure) {
        return refused(failure);
      }
    };
  }

  private static boolean refused(CallFailedException failure) throws CallFailedException {
    if (failure.code() != Status.Code.RESOURCE_EXHAUSTED) {
      throw failure;
    }
    return false;
  }
}
