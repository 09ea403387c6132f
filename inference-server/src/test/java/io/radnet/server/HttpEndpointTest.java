package io.radnet.server;

import static org.assertj.core.api.Assertions.assertThat;

import com.sun.net.httpserver.HttpExchange;
import io.radnet.server.security.Access;
import io.radnet.server.security.CallsUnderWay;
import io.radnet.server.security.Permission;
import io.radnet.server.security.SecuritySettings;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;

/** More callers than threads. */
final class HttpEndpointTest {
  private static final int THREADS = 6;

  private final CountDownLatch inside = new CountDownLatch(THREADS - 4);
  private final CountDownLatch go = new CountDownLatch(1);
  private final HttpClient client = HttpClient.newHttpClient();

  private final class Slow implements HttpEndpoint.Handler {
    @Override
    public Permission needs(String method, String path) {
      return path.equals("/infer") ? Permission.INFER : Permission.NONE;
    }

    @Override
    public HttpEndpoint.Answer handle(HttpExchange exchange) {
      if (exchange.getRequestURI().getPath().equals("/infer")) {
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

  private CompletableFuture<HttpResponse<String>> get(HttpEndpoint endpoint, String path) {
    URI address = URI.create("http://127.0.0.1:" + endpoint.port() + path);
    return client.sendAsync(
        HttpRequest.newBuilder(address).build(), HttpResponse.BodyHandlers.ofString());
  }

  @Test
  void inferenceLeavesThreadsToHealthChecks() throws Exception {
    Access access = Access.open(SecuritySettings.LOOPBACK, "127.0.0.1", refused -> {});
    HttpEndpoint.Gate gate = new HttpEndpoint.Gate(access, new CallsUnderWay(), Optional.empty());
    try (HttpEndpoint endpoint =
        HttpEndpoint.start("127.0.0.1", 0, "--http-port", THREADS, gate, new Slow())) {
      List<CompletableFuture<HttpResponse<String>>> calls = new ArrayList<>();
      for (int n = 0; n < THREADS - 4; n++) {
        calls.add(get(endpoint, "/infer"));
      }
      assertThat(inside.await(30, TimeUnit.SECONDS)).isTrue();
      HttpResponse<String> refused = get(endpoint, "/infer").get(30, TimeUnit.SECONDS);
      assertThat(refused.statusCode()).isEqualTo(429);
      assertThat(refused.headers().firstValue("Retry-After")).contains("1");
      assertThat(get(endpoint, "/health").get(30, TimeUnit.SECONDS).statusCode()).isEqualTo(200);
      go.countDown();
      for (CompletableFuture<HttpResponse<String>> call : calls) {
        assertThat(call.get(30, TimeUnit.SECONDS).statusCode()).isEqualTo(200);
      }
    } finally {
      go.countDown();
    }
  }
}
