package io.radnet.imaging.volume;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Map;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;

class LabelMapTest {
  @Test
  void countsEachVoxelOnce() {
    Geometry geometry =
        new Geometry(11, 7, 5, Affine.of(new double[] {2, 0, 0, 0, 0, 2, 0, 0, 0, 0, 2.5, 0}));
    byte[] labels = new byte[11 * 7 * 5];
    SplittableRandom random = new SplittableRandom(1);
    for (int from = 0; from < labels.length; ) {
      byte label = (byte) random.nextInt(256);
      int to = Math.min(labels.length, from + 1 + random.nextInt(30));
      for (; from < to; from++) {
        labels[from] = label;
      }
    }
    LabelMap mask = new LabelMap(geometry, labels, Map.of());
    int[] all = new int[256];
    for (int k = 0; k < 5; k++) {
      int[] slice = new int[256];
      for (int n = k * 77; n < (k + 1) * 77; n++) {
        slice[labels[n] & 0xff]++;
        all[labels[n] & 0xff]++;
      }
      assertThat(mask.counts(k, k + 1)).isEqualTo(slice);
    }
    assertThat(mask.counts(0, 5)).isEqualTo(all);
    assertThat(mask.millilitres()[200]).isEqualTo(all[200] * 0.01);
    assertThat(mask.millilitres(200)).isEqualTo(mask.millilitres()[200]);
  }
}
