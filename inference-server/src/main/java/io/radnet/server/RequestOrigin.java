package io.radnet.server;

import com.sun.net.httpserver.Headers;
import com.sun.net.httpserver.HttpExchange;
import io.radnet.server.model.RequestException;
import io.radnet.server.model.RequestException.Reason;
import java.util.Locale;

/**
 * Keeps other web sites from using a reader's browser against this server: a page of another origin
 * may not send requests here, and where nothing identifies a client the host must be named as
 * loopback or by a number, so that no foreign name can be pointed at this machine.
 */
final class RequestOrigin {
  private RequestOrigin() {}

  /**
   * @param trusting whether everybody who reaches this server may do everything
   * @throws RequestException where a browser sends the request for another site
   */
  static void check(HttpExchange exchange, boolean trusting) {
    Headers headers = exchange.getRequestHeaders();
    String host = String.valueOf(headers.getFirst("Host")).toLowerCase(Locale.ROOT);
    String origin = headers.getFirst("Origin");
    if (origin != null) {
      String own = origin.toLowerCase(Locale.ROOT);
      if (!own.equals("http://" + host) && !own.equals("https://" + host)) {
        throw new RequestException(
            Reason.INVALID, "the request comes from another site (Origin, expected: this server)");
      }
    }
    boolean browser = origin != null || headers.getFirst("Sec-Fetch-Mode") != null;
    if (browser && trusting && !host.matches("(localhost|[0-9.]+|\\[[0-9a-f:.]+])(:[0-9]+)?")) {
      throw new RequestException(
          Reason.INVALID, "Host (expected: localhost, or the number of the address)");
    }
  }
}
