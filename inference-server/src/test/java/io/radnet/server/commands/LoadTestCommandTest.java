package io.radnet.server.commands;

import static org.assertj.core.api.Assertions.assertThat;

import io.radnet.imaging.cli.CommandRunner;
import io.radnet.imaging.volume.Geometry;
import io.radnet.imaging.volume.NiftiWriter;
import io.radnet.imaging.volume.Volume;
import io.radnet.server.RadNetServer;
import io.radnet.server.ServerConfig;
import io.radnet.server.TestModels;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.io.TempDir;

/** The load test against a real server. */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
final class LoadTestCommandTest {
  private RadNetServer server;
  private Path folder;

  @BeforeAll
  void start(@TempDir Path shared) throws IOException {
    folder = shared;
    TestModels.threshold(shared.resolve("models"), "bright", 4);
    server = RadNetServer.start(ServerConfig.of(shared.resolve("models")));
  }

  @AfterAll
  void stop() {
    server.close();
  }

  private String output(String... more) {
    String[] arguments = {
      "load-test",
      "--server",
      "127.0.0.1:" + server.grpcPort(),
      "--model",
      "bright",
      "--interval",
      "0.05",
      "--most-intervals",
      "2"
    };
    String[] all = java.util.Arrays.copyOf(arguments, arguments.length + more.length);
    System.arraycopy(more, 0, all, arguments.length, more.length);
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    PrintStream before = System.out;
    System.setOut(new PrintStream(bytes, true, StandardCharsets.UTF_8));
    try {
      assertThat(CommandRunner.run(new Main(), all)).isZero();
    } finally {
      System.setOut(before);
    }
    return bytes.toString(StandardCharsets.UTF_8);
  }

  @Test
  void printsWhatPerfAnalyzerPrints() {
    assertThat(output("--concurrency", "1:3:2"))
        .contains("Request concurrency: 1", "Request concurrency: 3")
        .containsPattern("Throughput: [0-9.]+ infer/sec")
        .containsPattern("p50 latency: [1-9][0-9]* usec")
        .containsPattern("p99 latency: [1-9][0-9]* usec")
        .containsPattern("Avg request latency: [1-9][0-9]* usec \\(.*queue [0-9]+ usec \\+")
        .containsPattern("Concurrency: 3, throughput: [0-9.]+ infer/sec, latency [0-9]+ usec")
        .doesNotContain("Request concurrency: 2");
  }

  @Test
  void sendsWholeScans() throws IOException {
    Path scan = folder.resolve("scan.nii.gz");
    NiftiWriter.write(scan, Volume.of(Geometry.axisAligned(20, 20, 20, 1, 1, 1), new float[8000]));
    assertThat(output("--scan", scan.toString()))
        .contains("segment of whole scans")
        .containsPattern("Execution count: [1-9]");
  }

  @Test
  void refusesARangeThatIsNone() {
    assertThat(
            CommandRunner.run(new Main(), "load-test", "--model", "bright", "--concurrency", "2:1"))
        .isNotZero();
  }
}
