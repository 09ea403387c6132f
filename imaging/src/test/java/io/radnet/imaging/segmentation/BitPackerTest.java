package io.radnet.imaging.segmentation;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.BitSet;
import java.util.SplittableRandom;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class BitPackerTest {
  @ParameterizedTest
  @ValueSource(ints = {1, 7, 8, 9, 35, 64, 1001})
  void setsTheBitOfEachVoxelOfTheLabel(int plane) {
    SplittableRandom random = new SplittableRandom(plane);
    byte[] alike = {0, 1, 2, (byte) 128, (byte) 129, (byte) 254, (byte) 255};
    byte[] labels = new byte[5 * plane];
    for (int n = 0; n < labels.length; n++) {
      labels[n] = alike[random.nextInt(alike.length)];
    }
    for (byte label : alike) {
      BitPacker packer = new BitPacker(3L * plane);
      BitSet expected = new BitSet();
      int at = 0;
      for (int frame : new int[] {4, 0, 2}) {
        packer.add(labels, frame * plane, plane, label);
        for (int n = 0; n < plane; n++) {
          expected.set(at++, labels[frame * plane + n] == label);
        }
      }
      assertThat(packer.bytes()).hasSize((3 * plane + 7) / 8);
      assertThat(BitSet.valueOf(packer.bytes())).isEqualTo(expected);
    }
    assertThatThrownBy(() -> new BitPacker(1L << 40)).hasMessageContaining("2 GiB");
  }
}
