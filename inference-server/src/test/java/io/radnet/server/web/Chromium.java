package io.radnet.server.web;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.BufferedReader;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.WebSocket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Consumer;
import java.util.stream.Stream;

/** A headless Chromium with one page, driven over its DevTools protocol. */
final class Chromium implements AutoCloseable {
  private static final String LISTENING = "DevTools listening on ";
  private static final int ANSWER_SECONDS = 90;

  private final Process process;
  private final WebSocket socket;
  private final ObjectMapper mapper = new ObjectMapper();
  private final AtomicInteger ids = new AtomicInteger();
  private final Map<Integer, CompletableFuture<JsonNode>> answers = new ConcurrentHashMap<>();
  private final List<JsonNode> events = new CopyOnWriteArrayList<>();
  private final String session;

  /** The browser of this machine, where there is one. */
  static Optional<Path> installed() {
    return Stream.of("chromium", "chromium-browser", "google-chrome")
        .map(name -> Path.of("/usr/bin", name))
        .filter(Files::isExecutable)
        .findFirst();
  }

  Chromium(Path browser, Path profile, int width, int height) throws Exception {
    ProcessBuilder builder =
        new ProcessBuilder(
                browser.toString(),
                "--headless=new",
                // The tests run as whoever runs them, in containers too, where there is no sandbox.
                "--no-sandbox",
                "--disable-gpu",
                "--disable-background-networking",
                "--disable-component-update",
                "--no-first-run",
                "--hide-scrollbars",
                "--remote-debugging-port=0",
                "--user-data-dir=" + profile,
                "--window-size=" + width + "," + height,
                "about:blank")
            .redirectOutput(ProcessBuilder.Redirect.DISCARD);
    // What it puts aside goes with the profile.
    builder.environment().put("TMPDIR", Files.createDirectories(profile).toString());
    process = builder.start();
    BufferedReader err = process.errorReader(StandardCharsets.UTF_8);
    String address = "";
    for (String line = err.readLine(); line != null; line = err.readLine()) {
      if (line.startsWith(LISTENING)) {
        address = line.substring(LISTENING.length()).strip();
        break;
      }
    }
    if (address.isEmpty()) {
      throw new IOException(browser + " did not start");
    }
    Thread drain = new Thread(() -> err.lines().forEach(line -> {}), "chromium-stderr");
    drain.setDaemon(true);
    drain.start();
    socket =
        HttpClient.newHttpClient()
            .newWebSocketBuilder()
            .buildAsync(URI.create(address), new Listener(this::received))
            .get(ANSWER_SECONDS, TimeUnit.SECONDS);
    ObjectNode blank = mapper.createObjectNode().put("url", "about:blank");
    String target = send("Target.createTarget", blank, "").path("targetId").asText();
    session =
        send(
                "Target.attachToTarget",
                mapper.createObjectNode().put("targetId", target).put("flatten", true),
                "")
            .path("sessionId")
            .asText();
    for (String domain : List.of("Page", "Runtime", "Network", "Log", "DOM", "Accessibility")) {
      send(domain + ".enable", mapper.createObjectNode());
    }
    send(
        "Emulation.setDeviceMetricsOverride",
        mapper
            .createObjectNode()
            .put("width", width)
            .put("height", height)
            .put("deviceScaleFactor", 1)
            .put("mobile", false));
  }

  private void received(String message) {
    try {
      JsonNode json = mapper.readTree(message);
      if (json.has("id")) {
        CompletableFuture<JsonNode> answer = answers.remove(json.path("id").asInt());
        if (answer != null) {
          answer.complete(json);
        }
      } else {
        events.add(json);
      }
    } catch (IOException malformed) {
      throw new IllegalStateException(malformed);
    }
  }

  ObjectNode parameters() {
    return mapper.createObjectNode();
  }

  /** Sends a command to the page and waits for its result. */
  JsonNode send(String method, ObjectNode parameters) throws Exception {
    return send(method, parameters, session);
  }

  private JsonNode send(String method, ObjectNode parameters, String to) throws Exception {
    int id = ids.incrementAndGet();
    ObjectNode command = mapper.createObjectNode().put("id", id).put("method", method);
    command.set("params", parameters);
    if (!to.isEmpty()) {
      command.put("sessionId", to);
    }
    CompletableFuture<JsonNode> answer = new CompletableFuture<>();
    answers.put(id, answer);
    socket.sendText(mapper.writeValueAsString(command), true).get();
    JsonNode json = answer.get(ANSWER_SECONDS, TimeUnit.SECONDS);
    if (json.has("error")) {
      throw new IllegalStateException(method + ": " + json.path("error"));
    }
    return json.path("result");
  }

  /** The value of a JavaScript expression; a promise is waited for. */
  JsonNode evaluate(String expression) throws Exception {
    JsonNode result =
        send(
            "Runtime.evaluate",
            parameters()
                .put("expression", expression)
                .put("awaitPromise", true)
                .put("returnByValue", true));
    if (result.has("exceptionDetails")) {
      throw new IllegalStateException(expression + ": " + result.path("exceptionDetails"));
    }
    return result.path("result").path("value");
  }

  /** Waits in the page until an expression is true; a message says what the page shows if never. */
  void waitFor(String condition) throws Exception {
    JsonNode met =
        evaluate(
            "new Promise((resolve) => { let left = 600; const look = () => { if ("
                + condition
                + ") resolve(true); else if (--left < 0) resolve(false); else setTimeout(look, 100);"
                + " }; look(); })");
    if (!met.asBoolean()) {
      throw new AssertionError(
          condition + " never came true; the page shows: " + evaluate("document.body.innerText"));
    }
  }

  /** Chooses files in a file input, as a person does. */
  void choose(String selector, List<Path> files) throws Exception {
    int root = send("DOM.getDocument", parameters()).path("root").path("nodeId").asInt();
    int node =
        send("DOM.querySelector", parameters().put("nodeId", root).put("selector", selector))
            .path("nodeId")
            .asInt();
    ObjectNode chosen = parameters().put("nodeId", node);
    files.forEach(file -> chosen.withArray("/files").add(file.toAbsolutePath().toString()));
    send("DOM.setFileInputFiles", chosen);
  }

  /** Presses a key on the element that has the focus. */
  void press(String key, int code) throws Exception {
    for (String type : List.of("rawKeyDown", "keyUp")) {
      send(
          "Input.dispatchKeyEvent",
          parameters()
              .put("type", type)
              .put("key", key)
              .put("code", key)
              .put("windowsVirtualKeyCode", code));
    }
  }

  /** What the page has told so far: requests, messages, failures. */
  List<JsonNode> events(String method) {
    return events.stream().filter(event -> event.path("method").asText().equals(method)).toList();
  }

  @Override
  public void close() throws InterruptedException {
    process.descendants().forEach(ProcessHandle::destroyForcibly);
    process.destroyForcibly();
    process.waitFor();
  }

  private static final class Listener implements WebSocket.Listener {
    private final Consumer<String> messages;
    private final StringBuilder partial = new StringBuilder();

    Listener(Consumer<String> messages) {
      this.messages = messages;
    }

    @Override
    public CompletionStage<?> onText(WebSocket socket, CharSequence data, boolean last) {
      partial.append(data);
      if (last) {
        String whole = partial.toString();
        partial.setLength(0);
        messages.accept(whole);
      }
      socket.request(1);
      return CompletableFuture.completedFuture(null);
    }
  }
}
