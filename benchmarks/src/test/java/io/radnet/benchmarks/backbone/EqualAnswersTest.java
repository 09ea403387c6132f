package io.radnet.benchmarks.backbone;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import io.radnet.benchmarks.runtime.BareRuntime;
import io.radnet.benchmarks.runtime.DjlRuntime;
import io.radnet.benchmarks.runtime.SessionVariant;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.FloatBuffer;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What is compared must do the same work. */
class EqualAnswersTest {
  private static final RandomNetwork NETWORK = RandomNetwork.parse("tiny-labels");

  @TempDir Path folder;

  private static FloatBuffer floats(ByteBuffer bytes) {
    return bytes.order(ByteOrder.nativeOrder()).asFloatBuffer();
  }

  @Test
  void predictorAndBareSessionGiveTheSameBytes() throws Exception {
    Path file = folder.resolve("model.onnx");
    NETWORK.write(file, true);
    long[] shape = NETWORK.shape(2);
    ByteBuffer values = RandomNetwork.values(shape);
    try (BareRuntime bare = BareRuntime.open(file, SessionVariant.SERVER, 2);
        DjlRuntime djl = DjlRuntime.open(file, RandomNetwork.INPUT, SessionVariant.SERVER, 2)) {
      FloatBuffer expected = floats(bare.answer(values, shape));
      assertThat(expected.remaining()).isPositive();
      assertThat(floats(djl.answer(values, shape))).isEqualTo(expected);
      assertThat(djl.run(values, shape)).isEqualTo(bare.run(values, shape));
    }
  }

  @Test
  void noOptionChangesTheAnswer() throws Exception {
    Path file = folder.resolve("model.onnx");
    NETWORK.write(file, true);
    long[] shape = NETWORK.shape(1);
    ByteBuffer values = RandomNetwork.values(shape);
    float[] expected = {};
    for (SessionVariant variant : SessionVariant.values()) {
      try (BareRuntime bare = BareRuntime.open(file, variant, 2)) {
        FloatBuffer answer = floats(bare.answer(values, shape));
        float[] all = new float[answer.remaining()];
        answer.get(all);
        expected = expected.length == 0 ? all : expected;
        for (int n = 0; n < all.length; n++) {
          assertThat(all[n]).as("%s", variant).isCloseTo(expected[n], within(1e-4f));
        }
      }
    }
  }
}
