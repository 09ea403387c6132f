package io.radnet.server;

import com.sun.net.httpserver.HttpExchange;
import io.radnet.server.security.Permission;
import java.io.IOException;

/** The HTTP port: the protocol below {@code /v2}, the page for the rest. */
record HttpRoutes(HttpEndpoint.Handler protocol, HttpEndpoint.Handler page)
    implements HttpEndpoint.Handler {
  private HttpEndpoint.Handler of(String path) {
    return path.equals("/v2") || path.startsWith("/v2/") ? protocol : page;
  }

  @Override
  public Permission needs(String method, String path) {
    return of(path).needs(method, path);
  }

  @Override
  public HttpEndpoint.Answer failure(int status, String message) {
    return protocol.failure(status, message);
  }

  @Override
  public HttpEndpoint.Answer handle(HttpExchange exchange) throws IOException {
    return of(exchange.getRequestURI().getPath()).handle(exchange);
  }
}
