package io.radnet.server.commands;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.sun.net.httpserver.HttpServer;
import io.grpc.ManagedChannel;
import io.grpc.Metadata;
import io.grpc.netty.shaded.io.grpc.netty.NettyChannelBuilder;
import io.grpc.stub.MetadataUtils;
import io.radnet.imaging.dicom.InstanceSource;
import io.radnet.imaging.dicom.Tag;
import io.radnet.imaging.dicom.VR;
import io.radnet.imaging.dicom.WritableDataset;
import io.radnet.proto.inference.GRPCInferenceServiceGrpc;
import io.radnet.proto.inference.ServerMetadataRequest;
import io.radnet.proto.v1.ScanOptions;
import io.radnet.server.TestModels;
import io.radnet.server.TestScans;
import io.radnet.server.client.CallFailedException;
import io.radnet.server.client.RadNetClient;
import io.radnet.server.client.ScanSource;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What a server tells of its work, and that it tells nothing of the patient. */
final class ObservabilityTest {
  private static final String NAME = "Xylophonist^Quirina";
  private static final String ID = "PID7719348825";
  private static final String BIRTH = "19370923";
  private static final String STUDY = "20191107";
  private static final List<String> SECRETS = List.of("Xylophonist", "Quirina", ID, BIRTH, STUDY);

  @TempDir private Path folder;

  private static void personal(WritableDataset dataset) {
    dataset
        .put(Tag.PATIENT_NAME, VR.PN, NAME)
        .put(Tag.PATIENT_ID, VR.LO, ID)
        .put(Tag.PATIENT_BIRTH_DATE, VR.DA, BIRTH)
        .put(Tag.STUDY_DATE, VR.DA, STUDY);
  }

  private static void unreadable(WritableDataset dataset) {
    personal(dataset);
    dataset.put(Tag.PIXEL_DATA, VR.OW, (Object) new byte[10]);
  }

  private static String fail(RadNetClient client, List<InstanceSource> scan) throws IOException {
    try {
      client.classify(new ScanSource.Dicom(scan), ScanOptions.getDefaultInstance());
      return "";
    } catch (CallFailedException failure) {
      return String.valueOf(failure.getMessage());
    }
  }

  @Test
  void tellsWhereTheTimeWentAndNothingOfThePatient() throws Exception {
    TestModels.labels(folder.resolve("models"), "labels", 1, 1);
    TestModels.threshold(folder.resolve("models"), "bright", 1);
    ByteArrayOutputStream traces = new ByteArrayOutputStream();
    HttpServer collector = HttpServer.create(new InetSocketAddress("127.0.0.1", 0), 0);
    collector.createContext(
        "/v1/traces",
        exchange -> {
          try (exchange) {
            byte[] body = exchange.getRequestBody().readAllBytes();
            synchronized (traces) {
              traces.write(body);
            }
            exchange.sendResponseHeaders(200, -1);
          }
        });
    collector.start();
    List<String> told = new ArrayList<>();
    String log;
    try (ServerProcess server =
        new ServerProcess(
            folder,
            Map.of("RADNET_LOG_FORMAT", "json"),
            "--repository=" + folder.resolve("models"),
            "--trace-endpoint=http://127.0.0.1:"
                + collector.getAddress().getPort()
                + "/v1/traces")) {
      ManagedChannel channel =
          NettyChannelBuilder.forAddress("127.0.0.1", server.grpcPort()).usePlaintext().build();
      try (RadNetClient client =
          RadNetClient.connect(server.address(), Duration.ofSeconds(30), 1)) {
        List<InstanceSource> scan = TestScans.dicom("1.2.9", 8, ObservabilityTest::personal);
        ScanOptions options = ScanOptions.newBuilder().setRequestId("request-1").build();
        told.add(client.segment(new ScanSource.Dicom(scan), options, (all, done) -> {}).toString());
        told.add(client.classify(new ScanSource.Dicom(scan), options).toString());
        told.add(fail(client, TestScans.dicom("1.2.8", 3, ObservabilityTest::unreadable)));
        byte[] whole = scan.get(0).readAll();
        told.add(
            fail(
                client,
                List.of(new InstanceSource.Memory(NAME, Arrays.copyOf(whole, whole.length / 2)))));
        told.add(fail(client, List.of(new InstanceSource.Memory(NAME, NAME.getBytes("UTF-8")))));
        assertThat(told).noneMatch(String::isEmpty);
      }
      Metadata headers = new Metadata();
      headers.put(
          Metadata.Key.of("traceparent", Metadata.ASCII_STRING_MARSHALLER),
          "00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01");
      told.add(
          GRPCInferenceServiceGrpc.newBlockingStub(channel)
              .withInterceptors(MetadataUtils.newAttachHeadersInterceptor(headers))
              .serverMetadata(ServerMetadataRequest.getDefaultInstance())
              .toString());
      channel.shutdownNow();
      askAsThePageDoes("http://127.0.0.1:" + server.httpPort(), told);
      String metrics =
          text(
              HttpRequest.newBuilder(
                      URI.create("http://127.0.0.1:" + server.metricsPort() + "/metrics"))
                  .build());
      told.add(metrics);
      checkThatTheDocumentNames(metrics);
      assertThat(filesThatHold(folder.resolve("tmp"))).isEmpty();
      server.terminate();
      assertThat(server.await()).isZero();
      log = server.log();
    } finally {
      collector.stop(0);
    }
    String sent = traces.toString(StandardCharsets.ISO_8859_1);
    told.add(log);
    told.add(sent);
    assertThat(told)
        .allSatisfy(text -> assertThat(text).doesNotContain(SECRETS.toArray(new String[0])));
    assertThat(filesThatHold(folder.resolve("tmp"))).isEmpty();
    assertThat(sent)
        .contains(
            "Segment", "receive", "decode", "assemble", "resample", "queue", "infer", "stitch")
        .contains("encode", "radnet.model", "bright");
    assertThat(told.get(5)).contains("provider:cpu", "onnxruntime:1.", "model:bright:1:sha256:");
    checkLines(log);
  }

  private static String text(HttpRequest request) throws Exception {
    return new String(
        HttpClient.newHttpClient().send(request, HttpResponse.BodyHandlers.ofByteArray()).body(),
        StandardCharsets.ISO_8859_1);
  }

  /** A good scan, a cut one and one that cannot be assembled; and what the page asks besides. */
  private static void askAsThePageDoes(String address, List<String> told) throws Exception {
    List<InstanceSource> scan = TestScans.dicom("1.2.9", 8, ObservabilityTest::personal);
    byte[] first = scan.get(0).readAll();
    List<List<InstanceSource>> scans =
        List.of(
            scan,
            List.of(new InstanceSource.Memory("cut", Arrays.copyOf(first, first.length / 2))),
            TestScans.dicom("1.2.8", 3, ObservabilityTest::unreadable));
    for (List<InstanceSource> each : scans) {
      ByteArrayOutputStream body = new ByteArrayOutputStream();
      for (InstanceSource instance : each) {
        byte[] bytes = instance.readAll();
        body.write(ByteBuffer.allocate(4).putInt(bytes.length).array());
        body.write(bytes);
      }
      told.add(
          text(
              HttpRequest.newBuilder(URI.create(address + "/web/scan?kind=dicom"))
                  .POST(HttpRequest.BodyPublishers.ofByteArray(body.toByteArray()))
                  .build()));
    }
    assertThat(told.get(told.size() - 3)).contains("\"nifti\"", "\"dicomseg\"", "DICM");
    assertThat(told.get(told.size() - 2)).contains("error");
    assertThat(told.get(told.size() - 1)).contains("error");
    told.add(text(HttpRequest.newBuilder(URI.create(address + "/web/status")).build()));
  }

  /** Every metric of the server's own is in docs/operating.md, and none besides. */
  private static void checkThatTheDocumentNames(String metrics) throws IOException {
    Pattern name = Pattern.compile("\\b(?:nv|radnet)_[a-z_]+");
    Set<String> told = new TreeSet<>();
    Pattern.compile("(?m)^# TYPE ((?:nv|radnet)_[a-z_]+)")
        .matcher(metrics)
        .results()
        .forEach(each -> told.add(each.group(1)));
    // Appears with the first refusal.
    told.add("radnet_refused_calls_total");
    String document = Files.readString(Path.of("..", "docs", "operating.md"));
    Set<String> documented = new TreeSet<>();
    name.matcher(document).results().forEach(each -> documented.add(each.group()));
    assertThat(documented).isEqualTo(told);
  }

  private static void checkLines(String log) throws IOException {
    ObjectMapper mapper = new ObjectMapper();
    List<JsonNode> requests = new ArrayList<>();
    for (String line : log.lines().filter(each -> each.startsWith("{")).toList()) {
      JsonNode json = mapper.readTree(line);
      if (json.has("call") && !json.path("id").asText().equals("page")) {
        requests.add(json);
      }
    }
    assertThat(requests).hasSize(5);
    JsonNode segment = requests.get(0);
    assertThat(segment.path("call").asText()).isEqualTo("Segment");
    assertThat(segment.path("status").asText()).isEqualTo("OK");
    assertThat(segment.path("id").asText()).isEqualTo("request-1");
    assertThat(segment.path("client").asText()).isEqualTo("127.0.0.1");
    assertThat(segment.path("model").asText()).isEqualTo("bright");
    assertThat(segment.path("version").asText()).isEqualTo("1");
    assertThat(segment.path("provider").asText()).isEqualTo("cpu");
    assertThat(segment.path("bytes").asLong()).isGreaterThan(2000);
    for (String part : List.of("receive", "decode", "assemble", "resample", "queue", "infer")) {
      assertThat(segment.path(part + "_ms").isNumber()).as(part).isTrue();
    }
    assertThat(requests.get(4).path("status").asText()).isEqualTo("INVALID_ARGUMENT");
  }

  private static List<Path> filesThatHold(Path root) throws IOException {
    List<Path> holding = new ArrayList<>();
    try (Stream<Path> files = Files.walk(root)) {
      for (Path file : files.filter(Files::isRegularFile).toList()) {
        String content = Files.readString(file, StandardCharsets.ISO_8859_1);
        if (SECRETS.stream().anyMatch(content::contains)) {
          holding.add(file);
        }
      }
    }
    return holding;
  }
}
