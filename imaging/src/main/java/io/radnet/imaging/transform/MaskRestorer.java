package io.radnet.imaging.transform;

import io.radnet.imaging.volume.Affine;
import io.radnet.imaging.volume.Geometry;
import io.radnet.imaging.volume.LabelMap;
import java.util.Map;
import java.util.stream.IntStream;

/**
 * From logits on a model's grid to a mask on the scan's own grid: trilinear interpolation of the
 * logits and the largest class, fused, so that logits of the scan's size never exist.
 */
final class MaskRestorer {
  private final float[] logits;
  private final int classes;
  private final Geometry input;
  private final Geometry scan;
  private final Affine toInput;

  MaskRestorer(float[] logits, int classes, Geometry input, Geometry scan) {
    if (classes < 1 || classes > 256 || logits.length != classes * input.voxels()) {
      throw new IllegalArgumentException(
          "logits: "
              + logits.length
              + " for "
              + classes
              + " classes (expected: 1 to 256 classes of "
              + input.voxels()
              + ")");
    }
    this.logits = logits;
    this.classes = classes;
    this.input = input;
    this.scan = scan;
    this.toInput = input.affine().inverse().after(scan.affine());
  }

  /** Equal logits give the class of the lowest index; outside the input grid lies background. */
  LabelMap restore(Map<Integer, String> names) {
    byte[] labels = new byte[Math.toIntExact(scan.voxels())];
    IntStream.range(0, scan.depth()).parallel().forEach(k -> slice(k, labels));
    return new LabelMap(scan, labels, names);
  }

  private void slice(int k, byte[] labels) {
    int index = k * scan.height() * scan.width();
    for (int j = 0; j < scan.height(); j++) {
      double[] start = toInput.apply(0, j, k);
      for (int i = 0; i < scan.width(); i++, index++) {
        labels[index] =
            (byte)
                largest(
                    start[0] + i * toInput.get(0, 0),
                    start[1] + i * toInput.get(1, 0),
                    start[2] + i * toInput.get(2, 0));
      }
    }
  }

  private int largest(double x, double y, double z) {
    int width = input.width();
    int height = input.height();
    int depth = input.depth();
    double face = 0.5 + 1e-4; // the outer half voxel counts as inside, as in Resampler
    if (!(x >= -face
        && y >= -face
        && z >= -face
        && x <= width - 1 + face
        && y <= height - 1 + face
        && z <= depth - 1 + face)) {
      return 0;
    }
    float cx = (float) Math.max(0, Math.min(width - 1, x));
    float cy = (float) Math.max(0, Math.min(height - 1, y));
    float cz = (float) Math.max(0, Math.min(depth - 1, z));
    int x0 = (int) cx;
    int y0 = (int) cy;
    int z0 = (int) cz;
    float fx = cx - x0;
    float fy = cy - y0;
    float fz = cz - z0;
    int dx = x0 + 1 < width ? 1 : 0;
    int dy = y0 + 1 < height ? width : 0;
    int dz = z0 + 1 < depth ? width * height : 0;
    int base = (z0 * height + y0) * width + x0;
    int best = 0;
    float bestValue = Float.NEGATIVE_INFINITY;
    for (int c = 0; c < classes; c++, base += width * height * depth) {
      float near =
          lerp(
              fy,
              lerp(fx, logits[base], logits[base + dx]),
              lerp(fx, logits[base + dy], logits[base + dy + dx]));
      float far =
          lerp(
              fy,
              lerp(fx, logits[base + dz], logits[base + dz + dx]),
              lerp(fx, logits[base + dz + dy], logits[base + dz + dy + dx]));
      float value = lerp(fz, near, far);
      if (value > bestValue) {
        bestValue = value;
        best = c;
      }
    }
    return best;
  }

  private static float lerp(float f, float a, float b) {
    return a + f * (b - a);
  }
}
