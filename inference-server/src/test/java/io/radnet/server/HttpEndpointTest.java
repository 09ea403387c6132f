package io.radnet.server;

import static org.assertj.core.api.Assertions.assertThat;

import com.sun.net.httpserver.HttpExchange;
import io.grpc.util.AdvancedTlsX509TrustManager;
import io.radnet.server.security.Access;
import io.radnet.server.security.CallsUnderWay;
import io.radnet.server.security.Permission;
import io.radnet.server.security.SecuritySettings;
import io.radnet.server.security.ServerTls;
import io.radnet.server.security.TestPki;
import io.radnet.server.security.TlsFiles;
import java.io.IOException;
import java.io.InputStream;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ScheduledThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.function.BooleanSupplier;
import javax.net.ssl.SSLContext;
import javax.net.ssl.TrustManager;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** More callers than threads, and callers who neither send nor read on. */
final class HttpEndpointTest {
  private static final int THREADS = 6;
  private static final int PLACES = THREADS - 4;
  private static final int LARGE = 32 << 20;
  private static final Duration LONG = Duration.ofMinutes(5);

  private final CountDownLatch inside = new CountDownLatch(PLACES);
  private final CountDownLatch go = new CountDownLatch(1);
  private final CallsUnderWay underWay = new CallsUnderWay();
  private final ScheduledThreadPoolExecutor clock = ServerAssembly.clock();
  private final HttpClient client = HttpClient.newHttpClient();

  @AfterEach
  void stop() {
    go.countDown();
    clock.shutdownNow();
  }

  private final class Slow implements HttpEndpoint.Handler {
    @Override
    public Permission needs(String method, String path) {
      return path.equals("/health") ? Permission.NONE : Permission.INFER;
    }

    @Override
    public HttpEndpoint.Answer handle(HttpExchange exchange) throws IOException {
      String path = exchange.getRequestURI().getPath();
      if (path.equals("/large")) {
        return new HttpEndpoint.Answer(200, "application/octet-stream", new byte[LARGE]);
      }
      if (path.equals("/body")) {
        int length = exchange.getRequestBody().readAllBytes().length;
        return HttpEndpoint.Answer.text(200, "text/plain", length + " bytes");
      }
      if (path.equals("/memory")) {
        throw new OutOfMemoryError("test");
      }
      if (path.equals("/infer")) {
        inside.countDown();
        try {
          go.await();
        } catch (InterruptedException interrupted) {
          Thread.currentThread().interrupt();
        }
      }
      return HttpEndpoint.Answer.text(200, "text/plain", "done");
    }
  }

  private HttpEndpoint start(Duration stall, Optional<ServerTls> tls) throws IOException {
    Access access = Access.open(SecuritySettings.LOOPBACK, "127.0.0.1", refused -> {});
    HttpEndpoint.Gate gate = new HttpEndpoint.Gate(access, underWay, tls, clock, stall.toNanos());
    return HttpEndpoint.start("127.0.0.1", 0, "--http-port", THREADS, gate, new Slow());
  }

  private CompletableFuture<HttpResponse<String>> get(HttpEndpoint endpoint, String path) {
    URI address = URI.create("http://127.0.0.1:" + endpoint.port() + path);
    return client.sendAsync(
        HttpRequest.newBuilder(address).build(), HttpResponse.BodyHandlers.ofString());
  }

  private int status(HttpEndpoint endpoint, String path) throws Exception {
    return get(endpoint, path).get(30, TimeUnit.SECONDS).statusCode();
  }

  /** A connection that has room for little, so that what is not read stays with the server. */
  private static Socket connect(HttpEndpoint endpoint) throws IOException {
    Socket socket = new Socket();
    socket.setReceiveBufferSize(4096);
    socket.connect(new InetSocketAddress("127.0.0.1", endpoint.port()));
    socket.setSoTimeout(30_000);
    return socket;
  }

  /** Sends a request line and headers and reads the first line of the answer and no more. */
  private static String ask(Socket socket, String request) throws IOException {
    String head = request + "\r\nHost: 127.0.0.1\r\n\r\n";
    socket.getOutputStream().write(head.getBytes(StandardCharsets.US_ASCII));
    return new String(
        socket.getInputStream().readNBytes("HTTP/1.1 200".length()), StandardCharsets.US_ASCII);
  }

  private static void await(BooleanSupplier wanted) throws InterruptedException {
    for (int n = 0; n < 3000 && !wanted.getAsBoolean(); n++) {
      Thread.sleep(10);
    }
    assertThat(wanted.getAsBoolean()).isTrue();
  }

  @Test
  void inferenceLeavesThreadsToHealthChecks() throws Exception {
    try (HttpEndpoint endpoint = start(LONG, Optional.empty())) {
      List<CompletableFuture<HttpResponse<String>>> calls = new ArrayList<>();
      for (int n = 0; n < PLACES; n++) {
        calls.add(get(endpoint, "/infer"));
      }
      assertThat(inside.await(30, TimeUnit.SECONDS)).isTrue();
      HttpResponse<String> refused = get(endpoint, "/infer").get(30, TimeUnit.SECONDS);
      assertThat(refused.statusCode()).isEqualTo(429);
      assertThat(refused.headers().firstValue("Retry-After")).contains("1");
      assertThat(status(endpoint, "/health")).isEqualTo(200);
      go.countDown();
      for (CompletableFuture<HttpResponse<String>> call : calls) {
        assertThat(call.get(30, TimeUnit.SECONDS).statusCode()).isEqualTo(200);
      }
    } finally {
      go.countDown();
    }
  }

  @Test
  void tooLittleMemoryIsAnAnswer() throws Exception {
    try (HttpEndpoint endpoint = start(LONG, Optional.empty())) {
      HttpResponse<String> answer = get(endpoint, "/memory").get(30, TimeUnit.SECONDS);
      assertThat(answer.statusCode()).isEqualTo(429);
      assertThat(answer.body()).contains("too little memory for this request; try again later");
    }
  }

  @Test
  void aReaderThatTakesNothingKeepsItsPlaceAndNoOther() throws Exception {
    try (HttpEndpoint endpoint = start(LONG, Optional.empty())) {
      List<Socket> readers = new ArrayList<>();
      for (int n = 0; n < PLACES; n++) {
        Socket reader = connect(endpoint);
        readers.add(reader);
        assertThat(ask(reader, "GET /large HTTP/1.1")).isEqualTo("HTTP/1.1 200");
      }
      assertThat(status(endpoint, "/large")).isEqualTo(429);
      assertThat(status(endpoint, "/health")).isEqualTo(200);
      for (Socket reader : readers) {
        reader.close();
      }
      await(() -> underWay.count() == 0);
      assertThat(status(endpoint, "/large")).isEqualTo(200);
    }
  }

  @ParameterizedTest
  @ValueSource(booleans = {false, true})
  void aReaderThatTakesNothingLosesItsConnection(boolean secured, @TempDir Path folder)
      throws Exception {
    TestPki pki = new TestPki(folder, "ours");
    TestPki.Identity own = pki.identity("server");
    Optional<ServerTls> tls =
        secured
            ? Optional.of(
                new ServerTls(new TlsFiles(own.certificate(), own.key(), Optional.empty())))
            : Optional.empty();
    try (HttpEndpoint endpoint = start(Duration.ofSeconds(1), tls)) {
      List<Socket> readers = new ArrayList<>();
      for (int n = 0; n < PLACES; n++) {
        Socket plain = connect(endpoint);
        Socket reader =
            secured
                ? trusting(pki.authority())
                    .getSocketFactory()
                    .createSocket(plain, "127.0.0.1", endpoint.port(), true)
                : plain;
        readers.add(reader);
        assertThat(ask(reader, "GET /large HTTP/1.1")).isEqualTo("HTTP/1.1 200");
      }
      await(() -> underWay.count() == 0);
      for (Socket reader : readers) {
        assertThat(rest(reader.getInputStream())).isLessThan(LARGE);
        reader.close();
      }
    }
  }

  private static SSLContext trusting(Path authority) throws Exception {
    AdvancedTlsX509TrustManager trust = AdvancedTlsX509TrustManager.newBuilder().build();
    trust.updateTrustCredentials(authority.toFile());
    SSLContext context = SSLContext.getInstance("TLS");
    context.init(null, new TrustManager[] {trust}, null);
    return context;
  }

  /** How much more comes before the connection ends, in whatever way. */
  private static long rest(InputStream in) {
    byte[] buffer = new byte[64 << 10];
    long bytes = 0;
    try {
      for (int more = in.read(buffer); more >= 0; more = in.read(buffer)) {
        bytes += more;
      }
    } catch (IOException reset) {
      // As good as an end.
    }
    return bytes;
  }

  /** A refused request is read on for a moment, in which its sender must not keep the thread. */
  @Test
  void aSenderThatStallsAfterItsRefusalLosesItsConnection() throws Exception {
    try (HttpEndpoint endpoint = start(Duration.ofSeconds(1), Optional.empty())) {
      List<CompletableFuture<HttpResponse<String>>> calls = new ArrayList<>();
      for (int n = 0; n < PLACES; n++) {
        calls.add(get(endpoint, "/infer"));
      }
      assertThat(inside.await(30, TimeUnit.SECONDS)).isTrue();
      List<Socket> senders = new ArrayList<>();
      for (int n = 0; n < THREADS - PLACES; n++) {
        Socket sender = connect(endpoint);
        senders.add(sender);
        assertThat(ask(sender, "POST /infer HTTP/1.1\r\nContent-Length: 9999"))
            .isEqualTo("HTTP/1.1 429");
      }
      assertThat(status(endpoint, "/health")).isEqualTo(200);
      go.countDown();
      for (CompletableFuture<HttpResponse<String>> call : calls) {
        assertThat(call.get(30, TimeUnit.SECONDS).statusCode()).isEqualTo(200);
      }
      for (Socket sender : senders) {
        sender.close();
      }
    }
  }

  @ParameterizedTest
  @ValueSource(
      strings = {"", "GET /hea", "GET /health HTTP/1.1\r\nHost: a", "POST /body HTTP/1.1\r\n"})
  void halfARequestLosesItsConnection(String begun) throws Exception {
    String half = begun.startsWith("POST") ? begun + "Content-Length: 9\r\n\r\nhalf" : begun;
    try (HttpEndpoint endpoint = start(Duration.ofSeconds(1), Optional.empty())) {
      List<Socket> senders = new ArrayList<>();
      for (int n = 0; n < THREADS; n++) {
        Socket sender = connect(endpoint);
        senders.add(sender);
        sender.getOutputStream().write(half.getBytes(StandardCharsets.US_ASCII));
      }
      assertThat(status(endpoint, "/health")).isEqualTo(200);
      for (Socket sender : half.isEmpty() ? List.<Socket>of() : senders) {
        rest(sender.getInputStream()); // ends
      }
      await(() -> underWay.count() == 0);
      for (Socket sender : senders) {
        sender.close();
      }
    }
  }

  @Test
  void halfAHandshakeLosesItsConnection(@TempDir Path folder) throws Exception {
    TestPki.Identity own = new TestPki(folder, "ours").identity("server");
    Optional<ServerTls> tls =
        Optional.of(new ServerTls(new TlsFiles(own.certificate(), own.key(), Optional.empty())));
    try (HttpEndpoint endpoint = start(Duration.ofSeconds(1), tls)) {
      for (int n = 0; n < THREADS + 1; n++) {
        try (Socket sender = connect(endpoint)) {
          sender.getOutputStream().write(new byte[] {22, 3, 1, 2, 0, 1});
          assertThat(rest(sender.getInputStream())).isLessThan(100);
        }
      }
    }
  }

  @Test
  void aBodyThatComesSlowlyIsReadToItsEnd() throws Exception {
    try (HttpEndpoint endpoint = start(Duration.ofSeconds(3), Optional.empty());
        Socket sender = connect(endpoint)) {
      String head = "POST /body HTTP/1.1\r\nHost: 127.0.0.1\r\nContent-Length: 4\r\n\r\n";
      sender.getOutputStream().write(head.getBytes(StandardCharsets.US_ASCII));
      for (int n = 0; n < 4; n++) {
        Thread.sleep(1000);
        sender.getOutputStream().write('x');
      }
      byte[] answer = sender.getInputStream().readNBytes("HTTP/1.1 200".length());
      assertThat(new String(answer, StandardCharsets.US_ASCII)).isEqualTo("HTTP/1.1 200");
    }
  }
}
