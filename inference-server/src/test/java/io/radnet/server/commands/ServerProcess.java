package io.radnet.server.commands;

import java.io.BufferedReader;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** {@code radnet serve} as a process of its own, ready when the constructor returns. */
final class ServerProcess implements AutoCloseable {
  private static final Pattern READY =
      Pattern.compile("radnet serves .* gRPC (\\d+), HTTP (\\S+), metrics (\\S+), .*");

  private final Process process;
  private final Path log;
  private final int grpc;
  private final String http;
  private final String metrics;

  ServerProcess(Path folder, Map<String, String> environment, String... options)
      throws IOException {
    log = folder.resolve("server.log");
    List<String> command =
        new ArrayList<>(
            List.of(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-Xmx512m",
                "-Djava.io.tmpdir=" + Files.createDirectories(folder.resolve("tmp")),
                "-Dai.djl.offline=true",
                "-cp",
                System.getProperty("java.class.path"),
                Main.class.getName(),
                "serve",
                "--grpc-port=0",
                "--http-port=0",
                "--metrics-port=0",
                "--provider=cpu"));
    command.addAll(List.of(options));
    ProcessBuilder builder = new ProcessBuilder(command).redirectError(log.toFile());
    builder.environment().putAll(environment);
    process = builder.start();
    BufferedReader out = process.inputReader(StandardCharsets.UTF_8);
    String line = out.readLine();
    Matcher ready = READY.matcher(String.valueOf(line));
    if (!ready.matches()) {
      process.destroyForcibly();
      throw new IOException("the server said: " + line + "\n" + Files.readString(log));
    }
    grpc = Integer.parseInt(ready.group(1));
    http = ready.group(2);
    metrics = ready.group(3);
  }

  String address() {
    return "127.0.0.1:" + grpc;
  }

  int grpcPort() {
    return grpc;
  }

  String httpPort() {
    return http;
  }

  String metricsPort() {
    return metrics;
  }

  String log() throws IOException {
    return Files.readString(log);
  }

  /** SIGTERM. */
  void terminate() {
    process.destroy();
  }

  /** SIGKILL. */
  void kill() {
    process.destroyForcibly();
  }

  /** The exit code. */
  int await() throws InterruptedException {
    if (!process.waitFor(60, TimeUnit.SECONDS)) {
      process.destroyForcibly();
      throw new IllegalStateException("the server has not ended after a minute");
    }
    return process.exitValue();
  }

  @Override
  public void close() {
    process.destroyForcibly();
  }
}
