package io.radnet.trainer.training;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

final class TensorBoardEventsTest {
  /** The records' contents, after their checksums held. */
  private static List<byte[]> records(Path folder) throws IOException {
    ByteBuffer file =
        ByteBuffer.wrap(Files.readAllBytes(folder.resolve(TensorBoardEvents.FILE)))
            .order(ByteOrder.LITTLE_ENDIAN);
    List<byte[]> records = new ArrayList<>();
    while (file.hasRemaining()) {
      int start = file.position();
      int length = Math.toIntExact(file.getLong());
      assertThat(file.getInt()).isEqualTo(TensorBoardEvents.masked(file.array(), start, 8));
      byte[] data = new byte[length];
      file.get(data);
      assertThat(file.getInt()).isEqualTo(TensorBoardEvents.masked(data, 0, length));
      records.add(data);
    }
    return records;
  }

  /** CRC-32C of "123456789" is e3069283 (RFC 3720); the mask is undone here. */
  @Test
  void theChecksumIsTheCastagnoliOneMasked() {
    byte[] digits = "123456789".getBytes(StandardCharsets.US_ASCII);
    int unmasked = TensorBoardEvents.masked(digits, 0, digits.length) - 0xa282ead8;
    assertThat(Integer.rotateLeft(unmasked, 15)).isEqualTo(0xe3069283);
  }

  @Test
  void everyMetricOfAnEpochIsAScalar(@TempDir Path folder) throws IOException {
    new TensorBoardEvents(folder, List.of()).append(300, Map.of("view.accuracy", 0.5));
    List<byte[]> records = records(folder);
    assertThat(records).hasSize(2);
    assertThat(new String(records.get(0), StandardCharsets.ISO_8859_1)).contains("brain.Event:2");
    ByteBuffer event = ByteBuffer.wrap(records.get(1)).order(ByteOrder.LITTLE_ENDIAN);
    assertThat(event.get()).isEqualTo((byte) 0x09); // wall_time, fixed64
    assertThat(event.getDouble()).isEqualTo(300);
    assertThat(event.get()).isEqualTo((byte) 0x10); // step, varint
    assertThat(event.get() & 0x7f | event.get() << 7).isEqualTo(300);
    assertThat(event.get()).isEqualTo((byte) 0x2a); // summary
    assertThat((int) event.get()).isEqualTo(event.remaining());
    assertThat(event.get()).isEqualTo((byte) 0x0a); // value
    assertThat((int) event.get()).isEqualTo(event.remaining());
    assertThat(event.get()).isEqualTo((byte) 0x0a); // tag
    byte[] tag = new byte[event.get()];
    event.get(tag);
    assertThat(new String(tag, StandardCharsets.UTF_8)).isEqualTo("view/accuracy");
    assertThat(event.get()).isEqualTo((byte) 0x15); // simple_value, fixed32
    assertThat(event.getFloat()).isEqualTo(0.5f);
    assertThat(event.hasRemaining()).isFalse();
  }

  @Test
  void aResumedRunHasTheBytesOfOneThatNeverStopped(@TempDir Path whole, @TempDir Path resumed)
      throws IOException {
    MetricsLog log = new MetricsLog(whole, 0);
    MetricsLog stopped = new MetricsLog(resumed, 0);
    for (int epoch = 1; epoch <= 3; epoch++) {
      log.append(epoch, Map.of("loss", 1.0 / epoch, "score", 0.1 * epoch));
      stopped.append(epoch, Map.of("loss", 1.0 / epoch, "score", 0.1 * epoch));
    }
    // The third epoch had no checkpoint yet, and its record was cut short.
    Path events = resumed.resolve(TensorBoardEvents.FILE);
    byte[] bytes = Files.readAllBytes(events);
    Files.write(events, java.util.Arrays.copyOf(bytes, bytes.length - 5));
    new MetricsLog(resumed, 2).append(3, Map.of("loss", 1.0 / 3, "score", 0.1 * 3));
    assertThat(Files.readAllBytes(events))
        .isEqualTo(Files.readAllBytes(whole.resolve(TensorBoardEvents.FILE)));
    assertThat(MetricsLog.read(resumed)).isEqualTo(MetricsLog.read(whole)).hasSize(3);
  }
}
