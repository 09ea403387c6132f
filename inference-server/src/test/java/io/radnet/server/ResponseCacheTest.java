package io.radnet.server;

import static org.assertj.core.api.Assertions.assertThat;

import io.radnet.imaging.volume.Geometry;
import io.radnet.imaging.volume.Volume;
import io.radnet.proto.v1.EmbedResponse;
import io.radnet.proto.v1.ScanOptions;
import io.radnet.proto.v1.SegmentOptions;
import io.radnet.server.client.RadNetClient;
import io.radnet.server.client.ScanSource;
import io.radnet.server.model.QueueLimits;
import io.radnet.server.scan.ScanLimits;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Arrays;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Scans that are sent again: found by their voxels, the model and the options. */
class ResponseCacheTest {
  @TempDir private Path repository;

  private record Running(RadNetServer server, RadNetClient client) implements AutoCloseable {
    @Override
    public void close() {
      client.close();
      server.close();
    }

    private EmbedResponse embed(float value) throws IOException {
      return client.embed(scan(value), ScanOptions.newBuilder().build());
    }

    private RadNetClient.Mask segment(float value, SegmentOptions.Builder options)
        throws IOException {
      return client.segment(
          scan(value), ScanOptions.newBuilder().setSegment(options).build(), (total, done) -> {});
    }

    private int windows(float value, SegmentOptions.Builder options) throws IOException {
      return segment(value, options).result().getTiming().getWindows();
    }

    private double metric(String name) throws Exception {
      HttpRequest request =
          HttpRequest.newBuilder(
                  URI.create("http://127.0.0.1:" + server.metricsPort() + "/metrics"))
              .build();
      String page =
          HttpClient.newHttpClient().send(request, HttpResponse.BodyHandlers.ofString()).body();
      return page.lines()
          .filter(line -> line.startsWith(name + " "))
          .mapToDouble(line -> Double.parseDouble(line.substring(name.length() + 1)))
          .sum();
    }
  }

  private Running start(long cacheBytes) throws IOException {
    TestModels.labels(repository, "labels", 1, 1);
    TestModels.threshold(repository, "bright", 4);
    ScanLimits limits =
        new ScanLimits(16 << 20, 64 << 20, 8, 100, Duration.ofSeconds(20), cacheBytes);
    RadNetServer server =
        RadNetServer.start(
            ServerConfig.of(repository).withLimits(limits, new QueueLimits(64, 1 << 30)));
    return new Running(
        server, RadNetClient.connect("127.0.0.1:" + server.grpcPort(), Duration.ofSeconds(30), 1));
  }

  private static ScanSource scan(float value) {
    float[] values = new float[1000];
    Arrays.fill(values, value);
    return new ScanSource.InMemory(Volume.of(Geometry.axisAligned(10, 10, 10, 1, 1, 5), values));
  }

  @Test
  void anEqualScanIsAnsweredWithoutTheNetwork() throws Exception {
    try (Running running = start(1 << 20)) {
      EmbedResponse first = running.embed(0.25f);
      EmbedResponse again = running.embed(0.25f);
      EmbedResponse other = running.embed(0.5f);

      assertThat(first.getTiming().getWindows()).isEqualTo(1);
      assertThat(again.getTiming().getWindows()).isZero();
      assertThat(again.getEmbeddingList()).isEqualTo(first.getEmbeddingList());
      assertThat(other.getTiming().getWindows()).isEqualTo(1);
      assertThat(running.metric("radnet_response_cache_hits_total")).isEqualTo(1);
      assertThat(running.metric("radnet_response_cache_misses_total")).isEqualTo(2);
    }
  }

  @Test
  void optionsThatChangeTheMaskAreOfTheKey() throws IOException {
    try (Running running = start(1 << 20)) {
      SegmentOptions.Builder plain = SegmentOptions.newBuilder();
      int windows = running.windows(0.75f, plain);

      assertThat(windows).isPositive();
      assertThat(running.windows(0.75f, plain)).isZero();
      assertThat(running.windows(0.75f, SegmentOptions.newBuilder().setMirror(true)))
          .isEqualTo(8 * windows);
      assertThat(running.windows(0.75f, SegmentOptions.newBuilder().setFillHoles(true)))
          .isEqualTo(windows);
      assertThat(running.segment(0.75f, plain).data())
          .isEqualTo(running.segment(0.75f, plain).data());
    }
  }

  @Test
  void holdsNoMoreThanItMay() throws IOException {
    try (Running running = start(1200)) {
      SegmentOptions.Builder plain = SegmentOptions.newBuilder();
      int windows = running.windows(0.25f, plain);
      int other = running.windows(0.75f, plain);

      assertThat(other).isEqualTo(windows);
      assertThat(running.windows(0.25f, plain) + running.windows(0.75f, plain)).isPositive();
    }
  }

  @Test
  void isOffByDefault() throws Exception {
    try (Running running = start(0)) {
      running.embed(0.25f);

      assertThat(running.embed(0.25f).getTiming().getWindows()).isEqualTo(1);
      assertThat(running.metric("radnet_response_cache_misses_total")).isZero();
    }
  }
}
