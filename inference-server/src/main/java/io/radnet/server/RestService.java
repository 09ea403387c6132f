package io.radnet.server;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.google.protobuf.MessageOrBuilder;
import com.sun.net.httpserver.HttpExchange;
import io.radnet.imaging.InvalidInputException;
import io.radnet.server.HttpEndpoint.Answer;
import io.radnet.server.model.RequestException;
import io.radnet.server.model.RequestException.Reason;
import io.radnet.server.security.Permission;
import java.io.IOException;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** The REST form of the Open Inference Protocol v2: health, metadata and inference. */
final class RestService implements HttpEndpoint.Handler {
  private static final Pattern MODEL =
      Pattern.compile("/v2/models/([^/]+)(?:/versions/([^/]+))?(?:/(ready|infer|config|stats))?/?");
  private static final Pattern REPOSITORY =
      Pattern.compile("/v2/repository/models/([^/]+)/(load|unload)/?");
  private static final ObjectMapper MAPPER = new ObjectMapper();
  private static final int MOST_PARAMETER_BYTES = 1 << 16;

  private final Inspection inspection;
  private final RestInference inference;

  RestService(Inspection inspection, RestInference inference) {
    this.inspection = inspection;
    this.inference = inference;
  }

  @Override
  public Permission needs(String method, String path) {
    if (path.startsWith("/v2/health/")) {
      return Permission.NONE;
    }
    if (path.startsWith("/v2/repository/models/")) {
      return Permission.ADMINISTER;
    }
    Matcher matcher = MODEL.matcher(path);
    String what = matcher.matches() && matcher.group(3) != null ? matcher.group(3) : "";
    return switch (what) {
      case "ready" -> Permission.NONE;
      case "infer" -> Permission.INFER;
      default -> Permission.INSPECT;
    };
  }

  @Override
  public Answer failure(int status, String message) {
    return Answer.json(status, RestInference.error(message));
  }

  @Override
  public Answer handle(HttpExchange exchange) throws IOException {
    String path = exchange.getRequestURI().getPath();
    String method = exchange.getRequestMethod();
    switch (path) {
      case "/v2", "/v2/" -> {
        return json(inspection.serverMetadata());
      }
      case "/v2/health/live" -> {
        return ready(true);
      }
      case "/v2/health/ready" -> {
        return ready(inspection.serverReady());
      }
      case "/v2/models/stats" -> {
        return json(inspection.statistics("", ""));
      }
      case "/v2/repository/index" -> {
        boolean readyOnly = object(exchange).path("ready").asBoolean(false);
        return Answer.json(200, RestInference.index(inspection.index(readyOnly)));
      }
      default -> {
        Matcher repository = REPOSITORY.matcher(path);
        if (repository.matches()) {
          return administer(exchange, method, repository.group(1), repository.group(2));
        }
        Matcher matcher = MODEL.matcher(path);
        if (!matcher.matches()) {
          throw new RequestException(Reason.NOT_FOUND, "no such address");
        }
        String version = matcher.group(2) == null ? "" : matcher.group(2);
        String what = matcher.group(3) == null ? "" : matcher.group(3);
        return model(exchange, method, matcher.group(1), version, what);
      }
    }
  }

  /**
   * As over gRPC: a load takes no parameters, and those of an unload change nothing, since no model
   * here depends on another.
   */
  private Answer administer(HttpExchange exchange, String method, String name, String what)
      throws IOException {
    if (!method.equals("POST")) {
      return Answer.json(405, RestInference.error(method + " (expected: POST)"));
    }
    JsonNode body = object(exchange);
    if (what.equals("unload")) {
      inspection.unload(name);
      return Answer.json(200, "");
    }
    if (!body.path("parameters").isEmpty()) {
      throw new RequestException(
          Reason.UNSUPPORTED,
          "load parameters are not supported; write the files into the repository");
    }
    try {
      inspection.load(name);
    } catch (InvalidInputException broken) {
      return Answer.json(400, RestInference.error(String.valueOf(broken.getMessage())));
    }
    return Answer.json(200, "");
  }

  /** The JSON object of a body; nothing where there is no body. */
  private static JsonNode object(HttpExchange exchange) throws IOException {
    JsonNode body;
    try {
      body = MAPPER.readTree(exchange.getRequestBody().readNBytes(MOST_PARAMETER_BYTES));
    } catch (JsonProcessingException malformed) {
      throw new RequestException(Reason.INVALID, "body: not JSON");
    }
    if (!body.isObject() && !body.isMissingNode()) {
      throw new RequestException(Reason.INVALID, "body: not a JSON object");
    }
    return body;
  }

  private Answer model(
      HttpExchange exchange, String method, String name, String version, String what)
      throws IOException {
    return switch (what) {
      case "" -> json(inspection.modelMetadata(name, version));
      case "config" -> json(inspection.modelConfig(name, version));
      case "stats" -> json(inspection.statistics(name, version));
      case "ready" -> ready(inspection.modelReady(name, version));
      default -> {
        if (!method.equals("POST")) {
          yield Answer.json(405, RestInference.error(method + " (expected: POST)"));
        }
        yield inference.infer(exchange, name, version);
      }
    };
  }

  private static Answer ready(boolean ready) {
    return Answer.json(ready ? 200 : 400, "");
  }

  private static Answer json(MessageOrBuilder message) {
    return Answer.json(200, ProtocolJson.of(message));
  }
}
