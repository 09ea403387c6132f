package io.radnet.trainer.checkpoint;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.radnet.imaging.InvalidInputException;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.Map;
import org.junit.jupiter.api.Test;

final class SafetensorsTest {
  @Test
  void roundTrip() throws IOException {
    Map<String, Tensor> tensors =
        Map.of(
            "b", new Tensor(new long[] {2, 3}, new float[] {1, 2, 3, 4, 5, Float.MIN_VALUE}),
            "a", new Tensor(new long[] {}, new float[] {-0.5f}));
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    Safetensors.write(out, tensors);
    assertThat(Safetensors.read(ByteBuffer.wrap(out.toByteArray()), "x")).isEqualTo(tensors);
  }

  @Test
  void readsTheLayoutAsPublished() {
    byte[] header =
        "{\"__metadata__\":{\"k\":\"v\"},\"w\":{\"dtype\":\"F32\",\"shape\":[2],\"data_offsets\":[0,8]}}"
            .getBytes(StandardCharsets.UTF_8);
    ByteBuffer file =
        ByteBuffer.allocate(8 + header.length + 8)
            .order(ByteOrder.LITTLE_ENDIAN)
            .putLong(header.length)
            .put(header)
            .putFloat(1.5f)
            .putFloat(-2)
            .flip();
    assertThat(Safetensors.read(file, "x").get("w"))
        .isEqualTo(new Tensor(new long[] {2}, new float[] {1.5f, -2}));
  }

  @Test
  void refusesTruncatedFiles() throws IOException {
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    Safetensors.write(out, Map.of("w", new Tensor(new long[] {4}, new float[4])));
    byte[] bytes = out.toByteArray();
    for (int length : new int[] {0, 7, 20, bytes.length - 1}) {
      assertThatThrownBy(() -> Safetensors.read(ByteBuffer.wrap(bytes, 0, length), "weights"))
          .isInstanceOf(InvalidInputException.class)
          .hasMessageStartingWith("weights: ");
    }
  }
}
