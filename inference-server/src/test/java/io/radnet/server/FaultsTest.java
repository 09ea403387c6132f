package io.radnet.server;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.grpc.ManagedChannel;
import io.grpc.Metadata;
import io.grpc.Status;
import io.grpc.StatusRuntimeException;
import io.grpc.netty.shaded.io.grpc.netty.NettyChannelBuilder;
import io.grpc.stub.MetadataUtils;
import io.radnet.imaging.volume.Geometry;
import io.radnet.imaging.volume.NiftiWriter;
import io.radnet.imaging.volume.Volume;
import io.radnet.proto.inference.GRPCInferenceServiceGrpc;
import io.radnet.proto.inference.ModelMetadataRequest;
import io.radnet.proto.inference.RepositoryModelLoadRequest;
import io.radnet.proto.inference.ServerMetadataRequest;
import io.radnet.proto.v1.ScanOptions;
import io.radnet.server.client.RadNetClient;
import io.radnet.server.client.ScanSource;
import io.radnet.server.model.LoadControl;
import io.radnet.server.model.QueueLimits;
import io.radnet.server.scan.ScanLimits;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.net.Socket;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicBoolean;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Senders that are wrong or hostile, and a server that is busy. */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
final class FaultsTest {
  private static final int SCAN_BYTES = 1 << 20;

  private final HttpClient http = HttpClient.newHttpClient();
  private Path folder;
  private RadNetServer server;
  private ManagedChannel channel;

  @BeforeAll
  void start(@TempDir Path shared) throws IOException {
    folder = shared;
    Path models = shared.resolve("models");
    TestModels.threshold(models, "bright", 1);
    TestModels.labels(models, "labels", 1, 1);
    TestModels.labels(shared.resolve("outside"), "secret", 1, 1);
    server =
        RadNetServer.start(
            ServerConfig.of(models)
                .withLoadControl(LoadControl.EXPLICIT, List.of("bright", "labels"))
                .withLimits(
                    new ScanLimits(SCAN_BYTES, 64 << 20, 64, 10, Duration.ofSeconds(20)),
                    new QueueLimits(64, 1 << 30)));
    channel = NettyChannelBuilder.forAddress("127.0.0.1", server.grpcPort()).usePlaintext().build();
  }

  @AfterAll
  void stop() {
    channel.shutdownNow();
    server.close();
  }

  private HttpResponse<String> get(String path) throws Exception {
    return http.send(
        HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + server.httpPort() + path)).build(),
        HttpResponse.BodyHandlers.ofString());
  }

  private HttpResponse<String> post(String path, byte[] body) throws Exception {
    return http.send(
        HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + server.httpPort() + path))
            .POST(HttpRequest.BodyPublishers.ofByteArray(body))
            .build(),
        HttpResponse.BodyHandlers.ofString());
  }

  private GRPCInferenceServiceGrpc.GRPCInferenceServiceBlockingStub stub() {
    return GRPCInferenceServiceGrpc.newBlockingStub(channel);
  }

  @Test
  void loadsAndUnloadsOverRest() throws Exception {
    TestModels.labels(folder.resolve("models"), "other", 1, 1);
    assertThat(get("/v2/models/other/ready").statusCode()).isNotEqualTo(200);
    assertThat(post("/v2/repository/models/other/load", new byte[0]).statusCode()).isEqualTo(200);
    assertThat(get("/v2/models/other/ready").statusCode()).isEqualTo(200);
    assertThat(
            post("/v2/repository/models/other/unload", "{}".getBytes(StandardCharsets.UTF_8))
                .statusCode())
        .isEqualTo(200);
    assertThat(get("/v2/models/other/ready").statusCode()).isNotEqualTo(200);

    byte[] parameters = "{\"parameters\":{\"config\":\"{}\"}}".getBytes(StandardCharsets.UTF_8);
    assertThat(post("/v2/repository/models/other/load", parameters).statusCode()).isEqualTo(501);
    for (String body : List.of("[]", "{", "3")) {
      HttpResponse<String> malformed =
          post("/v2/repository/models/other/load", body.getBytes(StandardCharsets.UTF_8));
      assertThat(malformed.statusCode()).isEqualTo(400);
    }
    assertThat(get("/v2/repository/models/other/load").statusCode()).isEqualTo(405);
    HttpResponse<String> absent = post("/v2/repository/models/absent/load", new byte[0]);
    assertThat(absent.statusCode()).isEqualTo(404);
    assertThat(absent.body()).contains("not in the repository");
    assertThat(post("/v2/repository/models/..%2Foutside%2Fsecret/load", new byte[0]).statusCode())
        .isEqualTo(404);
  }

  /** Triton's Python client sends the parameter always. */
  @ParameterizedTest
  @ValueSource(booleans = {false, true})
  void unloadsWithTheParameterOfTritonsClient(boolean dependents) throws Exception {
    TestModels.labels(folder.resolve("models"), "other", 1, 1);
    assertThat(post("/v2/repository/models/other/load", new byte[0]).statusCode()).isEqualTo(200);
    String body = "{\"parameters\":{\"unload_dependents\":" + dependents + "}}";
    HttpResponse<String> answer =
        post("/v2/repository/models/other/unload", body.getBytes(StandardCharsets.UTF_8));
    assertThat(answer.statusCode()).as(answer.body()).isEqualTo(200);
    assertThat(get("/v2/models/other/ready").statusCode()).isEqualTo(400);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "../outside/secret",
        "..",
        ".",
        "",
        "/etc",
        "bright/../../outside/secret",
        "bright/1",
        "..\\outside\\secret",
        "bright\0",
        "\n"
      })
  void loadsNoModelFromElsewhere(String name) {
    assertThatThrownBy(
            () ->
                stub()
                    .repositoryModelLoad(
                        RepositoryModelLoadRequest.newBuilder().setModelName(name).build()))
        .isInstanceOf(StatusRuntimeException.class)
        .satisfies(
            failure ->
                assertThat(Status.fromThrowable(failure).getCode())
                    .isEqualTo(Status.Code.NOT_FOUND));
    assertThatThrownBy(
            () -> stub().modelMetadata(ModelMetadataRequest.newBuilder().setName(name).build()))
        .isInstanceOf(StatusRuntimeException.class);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "/../../../../etc/passwd",
        "/%2e%2e/%2e%2e/etc/passwd",
        "/..%2f..%2fetc%2fpasswd",
        "//etc/passwd",
        "/style.css/../../Page.class",
        "/PageFiles.class",
        "/package-info.class",
        "/web/../../etc/passwd",
        "/v2/models/..%2f..%2foutside%2fsecret",
        "/v2/models/%2e%2e/config"
      })
  void servesNoFileFromElsewhere(String path) throws Exception {
    HttpResponse<String> answer = get(path);
    assertThat(answer.statusCode()).isEqualTo(404);
    assertThat(answer.body()).doesNotContain("root:");
  }

  private static byte[] framed(byte[]... files) throws IOException {
    ByteArrayOutputStream body = new ByteArrayOutputStream();
    for (byte[] file : files) {
      body.write(ByteBuffer.allocate(4).putInt(file.length).array());
      body.write(file);
    }
    return body.toByteArray();
  }

  @Test
  void refusesMalformedUploads() throws Exception {
    byte[] text = "no scan at all".getBytes(StandardCharsets.UTF_8);
    assertThat(post("/web/scan", framed(text)).statusCode()).isEqualTo(400);
    assertThat(post("/web/scan?kind=../../x", framed(text)).statusCode()).isEqualTo(400);
    assertThat(post("/web/scan?kind=dicom&job=..%2f..%2fx", framed(text)).statusCode())
        .isEqualTo(400);
    assertThat(post("/web/scan?kind=dicom&segmentation=../outside", framed(text)).statusCode())
        .isIn(400, 404);
    assertThat(post("/web/scan?kind=dicom", new byte[0]).body()).contains("no scan in the call");
    assertThat(post("/web/scan?kind=dicom", framed(text)).body()).contains("DICOM");
    assertThat(post("/web/scan?kind=nifti", framed(text)).statusCode()).isEqualTo(400);
    assertThat(post("/web/scan?kind=nifti", framed(text, text)).body()).contains("several files");
    assertThat(post("/web/scan?kind=dicom", new byte[] {0, 0, 0}).body()).contains("ends inside");
    assertThat(post("/web/scan?kind=dicom", new byte[] {-1, -1, -1, -1, 0}).body())
        .contains("4294967295 bytes");
    assertThat(post("/web/scan?kind=dicom", new byte[] {0x7f, -1, -1, -1, 0}).body())
        .contains("ends inside");
    byte[] large = new byte[SCAN_BYTES + 1];
    assertThat(post("/web/scan?kind=nifti", framed(large)).statusCode()).isEqualTo(413);
    byte[][] many = new byte[11][1];
    assertThat(post("/web/scan?kind=dicom", framed(many)).body()).contains("more than 10 DICOM");
    assertThat(get("/web/scan?kind=dicom").statusCode()).isEqualTo(405);
    // After all that nothing is held.
    assertThat(get("/web/status").body()).contains("\"pending_scans\":0");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        "null",
        "[]",
        "{",
        "{\"inputs\":3}",
        "{\"inputs\":[null]}",
        "{\"inputs\":[{\"name\":\"volume\",\"datatype\":\"FP32\",\"shape\":[1,1,8,8,8]}]}",
        "{\"inputs\":[{\"name\":\"volume\",\"datatype\":\"FP32\",\"shape\":[-1,1,8,8,8],\"data\":[1]}]}",
        "{\"inputs\":[{\"name\":\"volume\",\"datatype\":\"FP32\",\"shape\":[9223372036854775807,9,9],\"data\":[1]}]}",
        "{\"inputs\":[{\"name\":\"volume\",\"datatype\":\"WHAT\",\"shape\":[1],\"data\":[1]}]}",
        "{\"inputs\":[{\"name\":\"volume\",\"datatype\":\"FP32\",\"shape\":[1,1,8,8,8],"
            + "\"parameters\":{\"binary_data_size\":99999999}}]}",
        "{\"parameters\":{\"priority\":\"high\"},\"inputs\":[]}"
      })
  void refusesMalformedRestBodies(String body) throws Exception {
    HttpResponse<String> answer =
        post("/v2/models/labels/infer", body.getBytes(StandardCharsets.UTF_8));
    assertThat(answer.statusCode()).as(answer.body()).isEqualTo(400);
    assertThat(answer.body()).startsWith("{\"error\":\"").doesNotContain("Exception", "internal");
  }

  @Test
  void refusesDeeplyNestedJson() throws Exception {
    String deep = "{\"inputs\":" + "[".repeat(100_000) + "]".repeat(100_000) + "}";
    assertThat(post("/v2/models/labels/infer", deep.getBytes(StandardCharsets.UTF_8)).statusCode())
        .isEqualTo(400);
  }

  @Test
  void survivesOversizedHeaders() throws Exception {
    Metadata headers = new Metadata();
    headers.put(
        Metadata.Key.of("authorization", Metadata.ASCII_STRING_MARSHALLER),
        "Bearer " + "x".repeat(100_000));
    assertThatThrownBy(
            () ->
                stub()
                    .withInterceptors(MetadataUtils.newAttachHeadersInterceptor(headers))
                    .serverMetadata(ServerMetadataRequest.getDefaultInstance()))
        .isInstanceOf(StatusRuntimeException.class);
    try (Socket socket = new Socket("127.0.0.1", server.httpPort())) {
      socket.setSoTimeout(20_000);
      StringBuilder request = new StringBuilder("GET /v2 HTTP/1.1\r\nHost: localhost\r\n");
      for (int n = 0; n < 2000; n++) {
        request.append("X-").append(n).append(": ").append("y".repeat(500)).append("\r\n");
      }
      String first;
      try {
        socket.getOutputStream().write(request.append("\r\n").toString().getBytes("US-ASCII"));
        first = new String(socket.getInputStream().readNBytes(12), StandardCharsets.US_ASCII);
      } catch (IOException closed) {
        first = "";
      }
      assertThat(first).doesNotContain(" 200");
    }
    assertThat(get("/v2/health/live").statusCode()).isEqualTo(200);
    assertThat(stub().serverMetadata(ServerMetadataRequest.getDefaultInstance()).getName())
        .isEqualTo("radnet");
  }

  @Test
  void refusesPagesOfOtherSites() throws Exception {
    HttpRequest.Builder request =
        HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + server.httpPort() + "/web/status"));
    assertThat(
            http.send(
                    request.header("Origin", "https://elsewhere.example").build(),
                    HttpResponse.BodyHandlers.discarding())
                .statusCode())
        .isEqualTo(400);
  }

  /** The best of a few, since the machine that runs the test may be busy with other things. */
  @Test
  void answersAScrapeWithinASecondUnderSaturation() throws Exception {
    float[] values = new float[48 * 48 * 48];
    java.util.Arrays.fill(values, 0, values.length / 2, 900);
    Path scan = folder.resolve("scan.nii.gz");
    NiftiWriter.write(scan, Volume.of(Geometry.axisAligned(48, 48, 48, 1, 1, 1), values));
    AtomicBoolean stop = new AtomicBoolean();
    List<CompletableFuture<Integer>> load = new ArrayList<>();
    for (int n = 0; n < 12; n++) {
      load.add(
          CompletableFuture.supplyAsync(
              () -> {
                int answered = 0;
                try (RadNetClient client =
                    RadNetClient.connect(
                        "127.0.0.1:" + server.grpcPort(), Duration.ofMinutes(1), 1)) {
                  while (!stop.get()) {
                    client.segment(
                        new ScanSource.Nifti(scan),
                        ScanOptions.getDefaultInstance(),
                        (all, done) -> {});
                    answered++;
                  }
                } catch (IOException failure) {
                  throw new java.io.UncheckedIOException(failure);
                }
                return answered;
              },
              command -> new Thread(command, "load").start()));
    }
    long best = Long.MAX_VALUE;
    URI page = URI.create("http://127.0.0.1:" + server.metricsPort() + "/metrics");
    String body = "";
    do {
      body =
          http.send(HttpRequest.newBuilder(page).build(), HttpResponse.BodyHandlers.ofString())
              .body();
    } while (!body.matches("(?s).*radnet_pending_scans (?:[5-9]|1[0-9]).*"));
    for (int n = 0; n < 5; n++) {
      long start = System.nanoTime();
      http.send(HttpRequest.newBuilder(page).build(), HttpResponse.BodyHandlers.ofString());
      best = Math.min(best, System.nanoTime() - start);
    }
    stop.set(true);
    for (CompletableFuture<Integer> each : load) {
      assertThat(each.get()).isPositive();
    }
    assertThat(Duration.ofNanos(best)).isLessThan(Duration.ofSeconds(1));
  }
}
