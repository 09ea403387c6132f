package io.radnet.server.commands;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.grpc.ManagedChannel;
import io.grpc.health.v1.HealthCheckRequest;
import io.grpc.health.v1.HealthCheckResponse;
import io.grpc.health.v1.HealthGrpc;
import io.grpc.netty.shaded.io.grpc.netty.NettyChannelBuilder;
import io.grpc.reflection.v1.ServerReflectionGrpc;
import io.grpc.reflection.v1.ServerReflectionRequest;
import io.grpc.reflection.v1.ServerReflectionResponse;
import io.grpc.reflection.v1.ServiceResponse;
import io.grpc.stub.StreamObserver;
import io.radnet.imaging.cli.CommandRunner;
import io.radnet.imaging.dicom.InstanceSource;
import io.radnet.imaging.volume.Geometry;
import io.radnet.imaging.volume.NiftiReader;
import io.radnet.imaging.volume.NiftiWriter;
import io.radnet.imaging.volume.Volume;
import io.radnet.proto.v1.SegmentResult;
import io.radnet.server.TestModels;
import io.radnet.server.TestScans;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.net.ServerSocket;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.io.TempDir;
import picocli.CommandLine;

/** A server started by its command, and the client commands against it. */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
final class CommandsTest {
  private final ObjectMapper mapper = new ObjectMapper();
  private final CompletableFuture<Integer> served = new CompletableFuture<>();
  private int grpc;
  private int http;
  private int metrics;
  private Thread thread;
  private ManagedChannel channel;
  private Path folder;

  @BeforeAll
  void start(@TempDir Path shared) throws IOException {
    folder = shared;
    Path repository = shared.resolve("models");
    TestModels.labels(repository, "labels", 1, 1);
    TestModels.threshold(repository, "bright", 1);
    try (ServerSocket a = new ServerSocket(0);
        ServerSocket b = new ServerSocket(0);
        ServerSocket c = new ServerSocket(0)) {
      grpc = a.getLocalPort();
      http = b.getLocalPort();
      metrics = c.getLocalPort();
    }
    thread =
        new Thread(
            () ->
                served.complete(
                    Main.run(
                        "serve",
                        "--repository",
                        repository.toString(),
                        "--grpc-port",
                        Integer.toString(grpc),
                        "--http-port",
                        Integer.toString(http),
                        "--metrics-port",
                        Integer.toString(metrics),
                        "--provider",
                        "cpu")));
    thread.start();
    channel = NettyChannelBuilder.forAddress("127.0.0.1", grpc).usePlaintext().build();
    HealthGrpc.HealthBlockingStub health =
        HealthGrpc.newBlockingStub(channel)
            .withWaitForReady()
            .withDeadlineAfter(60, java.util.concurrent.TimeUnit.SECONDS);
    java.util.Iterator<HealthCheckResponse> states =
        health.watch(HealthCheckRequest.newBuilder().setService("bright").build());
    HealthCheckResponse.ServingStatus state;
    do {
      state = states.next().getStatus();
    } while (state != HealthCheckResponse.ServingStatus.SERVING);
    do {
      state = health.check(HealthCheckRequest.getDefaultInstance()).getStatus();
    } while (state != HealthCheckResponse.ServingStatus.SERVING);
  }

  @AfterAll
  void stop() throws Exception {
    channel.shutdownNow();
    thread.interrupt();
    assertThat(served.get()).isZero();
  }

  private record Outcome(int code, String out, String err) {}

  private static Outcome run(String... args) {
    CommandLine line = CommandRunner.commandLine(new Main());
    StringWriter out = new StringWriter();
    StringWriter err = new StringWriter();
    line.setOut(new PrintWriter(out));
    line.setErr(new PrintWriter(err));
    int code = line.execute(args);
    return new Outcome(code, out.toString(), err.toString());
  }

  private String server() {
    return "127.0.0.1:" + grpc;
  }

  private Path series(String name, String uid) throws IOException {
    Path series = Files.createDirectories(folder.resolve(name));
    List<InstanceSource> instances = TestScans.dicom(uid, 8);
    for (int n = 0; n < instances.size(); n++) {
      Files.write(series.resolve(n + ".dcm"), instances.get(n).readAll());
    }
    return series;
  }

  @Test
  void embedsEverySeriesOfAFolder() throws IOException {
    series("scans/a", "1.2.1");
    series("scans/b", "1.2.2");
    Path out = folder.resolve("embeddings.jsonl");
    Outcome outcome =
        run(
            "embed",
            folder.resolve("scans").toString(),
            "--server",
            server(),
            "--out",
            out.toString());
    assertThat(outcome.err()).isEmpty();
    assertThat(outcome.code()).isZero();
    List<String> lines = Files.readAllLines(out);
    assertThat(lines).hasSize(2);
    JsonNode row = mapper.readTree(lines.get(1));
    assertThat(row.path("series_uid").asText()).isEqualTo("1.2.2");
    assertThat(row.path("path").asText()).isEqualTo("b");
    assertThat(row.path("embedding")).hasSize(3);
    assertThat(row.path("embedding").get(0).asDouble()).isCloseTo(0.3, within(1e-5));
    assertThat(row.path("provider").asText()).isEqualTo("cpu");
  }

  @Test
  void classifiesANiftiFile() throws IOException {
    float[] values = new float[1000];
    java.util.Arrays.fill(values, 800);
    Path file = folder.resolve("scan.nii.gz");
    NiftiWriter.write(file, Volume.of(Geometry.axisAligned(10, 10, 10, 1, 1, 1), values));
    Path out = folder.resolve("labels.jsonl");
    Outcome outcome =
        run("classify", file.toString(), "--server", server(), "--out", out.toString());
    assertThat(outcome.code()).as(outcome.err()).isZero();
    JsonNode row = mapper.readTree(Files.readString(out));
    assertThat(row.path("pixels").path("modality").get(0).asText()).isEqualTo("MR");
    assertThat(row.path("pixels").path("spacing_mm").asDouble()).isCloseTo(5, within(1e-3));
    assertThat(row.path("probabilities").path("regions").path("liver").asDouble())
        .isGreaterThan(0.9);
  }

  @Test
  void printsTheWarningsOfAScan() {
    StringWriter err = new StringWriter();
    SegmentResult.Builder result = SegmentResult.newBuilder();
    result.getScanBuilder().addWarnings("slices: uneven").addWarnings("2 frames left out");
    SegmentCommand.warn(result.build(), new PrintWriter(err));
    assertThat(err.toString().lines())
        .containsExactly("radnet: slices: uneven", "radnet: 2 frames left out");
  }

  @Test
  void segmentsOneSeriesToAFile() throws IOException {
    float[] values = new float[20 * 20 * 20];
    java.util.Arrays.fill(values, 0, 4000, 900);
    Path file = folder.resolve("half.nii");
    NiftiWriter.write(file, Volume.of(Geometry.axisAligned(20, 20, 20, 1, 1, 1), values));
    Path out = folder.resolve("mask.nii.gz");
    Outcome outcome =
        run("segment", file.toString(), "--server", server(), "--out", out.toString());
    assertThat(outcome.code()).as(outcome.err()).isZero();
    assertThat(outcome.out()).contains("half.nii -> ", "bright 4.0 ml");
    Volume mask = NiftiReader.read(out).volumes().get(0);
    assertThat(mask.value(10, 10, 2)).isEqualTo(1);
    assertThat(mask.value(10, 10, 17)).isZero();
  }

  @Test
  void failsWithOneLine() {
    String nowhere = folder.resolve("nowhere").toString();
    String out = folder.resolve("never.jsonl").toString();
    Outcome missing = run("embed", nowhere, "--server", server(), "--out", out);
    assertThat(missing.code()).isEqualTo(1);
    assertThat(missing.err()).isEqualTo("radnet: " + nowhere + ": no such file or folder\n");
    Outcome busy =
        run(
            "serve",
            "--repository",
            folder.resolve("models").toString(),
            "--grpc-port",
            Integer.toString(grpc));
    assertThat(busy.code()).isEqualTo(1);
    assertThat(busy.err()).contains("127.0.0.1:" + grpc, "--grpc-port").hasLineCount(1);
    Outcome none = run("serve", "--repository", nowhere, "--grpc-port", "0");
    assertThat(none.err()).isEqualTo("radnet: " + nowhere + ": no such model repository\n");
    Outcome provider =
        run(
            "serve",
            "--repository",
            folder.resolve("models").toString(),
            "--provider",
            "tensorrt,cpu");
    assertThat(provider.code()).isEqualTo(1);
    assertThat(provider.err()).contains("tensorrt is not in this build").hasLineCount(1);
    assertThat(run("serve").code()).isEqualTo(2);
    assertThat(Files.exists(Path.of(out))).isFalse();
  }

  @Test
  void namesAnUnknownModel() throws IOException {
    Outcome outcome =
        run(
            "embed",
            series("c", "1.2.3").toString(),
            "--server",
            server(),
            "--model",
            "heart",
            "--out",
            folder.resolve("never.jsonl").toString());
    assertThat(outcome.code()).isEqualTo(1);
    assertThat(outcome.err())
        .contains("model heart: unknown (ready: [bright, labels])")
        .hasLineCount(1);
  }

  @Test
  void namesACorruptModel() throws IOException {
    Path models = folder.resolve("corrupt");
    Path file = TestModels.threshold(models, "bright", 1);
    byte[] bytes = Files.readAllBytes(file);
    Files.write(file, java.util.Arrays.copyOf(bytes, bytes.length / 2));
    String[] serve = {"serve", "--repository", models.toString(), "--grpc-port", "0"};
    String ports = "--http-port=-1";
    Outcome cut = run(serve[0], serve[1], serve[2], serve[3], serve[4], ports, "--metrics-port=-1");
    assertThat(cut.code()).isEqualTo(1);
    assertThat(cut.err()).contains("model.onnx").hasLineCount(1);
    Files.write(file, bytes);
    Files.writeString(file.resolveSibling("model.onnx.sha256"), "00ff  model.onnx\n");
    Outcome wrong =
        run(serve[0], serve[1], serve[2], serve[3], serve[4], ports, "--metrics-port=-1");
    assertThat(wrong.err()).contains("SHA-256", "(expected: 00ff)").hasLineCount(1);
  }

  @Test
  void reflectsItsServices() throws Exception {
    CompletableFuture<List<String>> names = new CompletableFuture<>();
    StreamObserver<ServerReflectionRequest> requests =
        ServerReflectionGrpc.newStub(channel)
            .serverReflectionInfo(
                new StreamObserver<>() {
                  @Override
                  public void onNext(ServerReflectionResponse response) {
                    names.complete(
                        response.getListServicesResponse().getServiceList().stream()
                            .map(ServiceResponse::getName)
                            .toList());
                  }

                  @Override
                  public void onError(Throwable failure) {
                    names.completeExceptionally(failure);
                  }

                  @Override
                  public void onCompleted() {}
                });
    requests.onNext(ServerReflectionRequest.newBuilder().setListServices("").build());
    assertThat(names.get())
        .contains("inference.GRPCInferenceService", "radnet.v1.RadNet", "grpc.health.v1.Health");
    requests.onCompleted();
  }

  private HttpResponse<String> get(int port, String path) throws Exception {
    return HttpClient.newHttpClient()
        .send(
            HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + port + path)).build(),
            HttpResponse.BodyHandlers.ofString());
  }

  private HttpResponse<String> post(String path, String body) throws Exception {
    return HttpClient.newHttpClient()
        .send(
            HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + http + path))
                .POST(HttpRequest.BodyPublishers.ofString(body))
                .build(),
            HttpResponse.BodyHandlers.ofString());
  }

  @Test
  void speaksTheRestForm() throws Exception {
    assertThat(get(http, "/v2/health/live").statusCode()).isEqualTo(200);
    assertThat(get(http, "/v2/health/ready").statusCode()).isEqualTo(200);
    assertThat(get(http, "/v2/models/bright/ready").statusCode()).isEqualTo(200);
    assertThat(get(http, "/v2/models/heart").statusCode()).isEqualTo(404);
    assertThat(mapper.readTree(get(http, "/v2").body()).path("name").asText()).isEqualTo("radnet");
    assertThat(
            mapper
                .readTree(get(http, "/v2/models/labels").body())
                .path("inputs")
                .get(0)
                .path("name")
                .asText())
        .isEqualTo("volume");
    String data = "1,".repeat(511) + "1";
    HttpResponse<String> answer =
        post(
            "/v2/models/labels/infer",
            "{\"id\":\"7\",\"inputs\":[{\"name\":\"volume\",\"datatype\":\"FP32\","
                + "\"shape\":[1,1,8,8,8],\"data\":[["
                + data
                + "]]}],\"outputs\":[{\"name\":\"embedding\"}]}");
    assertThat(answer.statusCode()).as(answer.body()).isEqualTo(200);
    JsonNode json = mapper.readTree(answer.body());
    assertThat(json.path("id").asText()).isEqualTo("7");
    assertThat(json.path("outputs").get(0).path("data").toString()).isEqualTo("[1.0,2.0,-1.0]");
    HttpResponse<String> wrong = post("/v2/models/labels/infer", "{\"inputs\":[]}");
    assertThat(wrong.statusCode()).isEqualTo(400);
    assertThat(mapper.readTree(wrong.body()).path("error").asText())
        .isEqualTo("input volume: missing");
    assertThat(post("/v2/models/labels/infer", "[").statusCode()).isEqualTo(400);
  }

  @Test
  void showsMetrics() throws Exception {
    classifiesANiftiFile();
    String page = get(metrics, "/metrics").body();
    assertThat(page)
        .contains("# TYPE nv_inference_request_success counter")
        .contains("nv_inference_request_success{model=\"labels\",version=\"1\"} ")
        .contains(
            "nv_inference_request_failure{model=\"labels\",version=\"1\",reason=\"invalid\"} ")
        .contains("nv_inference_compute_infer_duration_us{model=\"labels\",version=\"1\"} ")
        .contains("radnet_pending_scans 0.0")
        .contains("jvm_memory_used_bytes");
  }
}
