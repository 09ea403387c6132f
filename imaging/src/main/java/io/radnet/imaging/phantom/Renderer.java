package io.radnet.imaging.phantom;

import io.radnet.imaging.volume.Affine;
import io.radnet.imaging.volume.Geometry;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/**
 * Samples a body on a grid. Each voxel is the mean of a few points spread over its thickness and
 * its face, so thick slices blur along their normal as real ones do (partial volume).
 */
final class Renderer {
  /** Offsets within the voxel's face, one per sample, in voxels. */
  private static final double[][] FACE = {
    {0.25, -0.25}, {-0.25, 0.25}, {0.3, 0.3}, {-0.3, -0.3}, {0, 0}
  };

  private static final double TEXTURE_MM = 7;

  private final Geometry grid;
  private final int samples;
  private final List<Placed> parts = new ArrayList<>();

  /** A part with its box in voxel indices and its test per sample. */
  private record Placed(byte tissue, long onlyOver, int[] low, int[] high, Shape.RowTest[] tests) {}

  /**
   * What the body gives on the grid.
   *
   * @param values mean signal per voxel
   * @param tissues tissue ordinal of one sample near the middle of each voxel
   * @param liver whether at least half the samples are liver
   */
  record Rendering(float[] values, byte[] tissues, byte[] liver) {}

  /**
   * @param body solids in body space
   * @param toBody scanner space (LPS mm) to body space
   * @param grid wanted voxels
   * @param thickness slice thickness as a share of the distance between slices
   * @param samples per voxel, at most 5
   */
  Renderer(Body body, Affine toBody, Geometry grid, double thickness, int samples) {
    this.grid = grid;
    this.samples = samples;
    Affine indexToBody = toBody.after(grid.affine());
    Affine bodyToIndex = indexToBody.inverse();
    Affine[] shifted = new Affine[samples];
    double[] depth = new double[samples];
    for (int s = 0; s < samples; s++) {
      depth[s] = ((s + 0.5) / samples - 0.5) * thickness;
      double[] rows = indexToBody.toArray();
      double[] origin = indexToBody.apply(FACE[s][0], FACE[s][1], depth[s]);
      for (int r = 0; r < 3; r++) {
        rows[r * 4 + 3] = origin[r];
      }
      shifted[s] = Affine.of(rows);
    }
    for (Body.Part part : body.parts()) {
      place(part, bodyToIndex, shifted, thickness);
    }
  }

  private void place(Body.Part part, Affine bodyToIndex, Affine[] shifted, double thickness) {
    double[] c = part.shape().centre();
    double[] half = part.shape().half();
    double[] middle = bodyToIndex.apply(c[0], c[1], c[2]);
    double[] reach = new double[3];
    int[] low = new int[3];
    int[] high = new int[3];
    for (int a = 0; a < 3; a++) {
      for (int b = 0; b < 3; b++) {
        reach[a] += Math.abs(bodyToIndex.get(a, b)) * half[b];
      }
      double margin = a == 2 ? thickness / 2 : 0.3;
      low[a] = Math.max(0, (int) Math.ceil(middle[a] - reach[a] - margin));
      high[a] = Math.min(grid.size(a) - 1, (int) Math.floor(middle[a] + reach[a] + margin));
      if (low[a] > high[a]) {
        return;
      }
    }
    long over = 0;
    for (Tissue tissue : part.onlyOver()) {
      over |= 1L << tissue.ordinal();
    }
    Shape.RowTest[] tests = new Shape.RowTest[samples];
    for (int s = 0; s < samples; s++) {
      tests[s] = part.shape().along(shifted[s]);
    }
    parts.add(new Placed((byte) part.tissue().ordinal(), over == 0 ? -1L : over, low, high, tests));
  }

  Rendering render(float[] signal) {
    int width = grid.width();
    int plane = width * grid.height();
    float[] values = new float[plane * grid.depth()];
    byte[] tissues = new byte[values.length];
    byte[] liver = new byte[values.length];
    boolean[] ofLiver = new boolean[Tissue.values().length];
    for (Tissue tissue : Tissue.values()) {
      ofLiver[tissue.ordinal()] = tissue.ofLiver();
    }
    byte[] slice = new byte[plane];
    int[] votes = new int[plane];
    for (int k = 0; k < grid.depth(); k++) {
      Arrays.fill(votes, 0);
      int base = k * plane;
      for (int s = 0; s < samples; s++) {
        paint(slice, k, s);
        for (int n = 0; n < plane; n++) {
          values[base + n] += signal[slice[n]];
          if (ofLiver[slice[n]]) {
            votes[n]++;
          }
        }
        if (s == samples / 2) {
          System.arraycopy(slice, 0, tissues, base, plane);
        }
      }
      for (int n = 0; n < plane; n++) {
        values[base + n] /= samples;
        liver[base + n] = (byte) (2 * votes[n] >= samples && votes[n] > 0 ? 1 : 0);
      }
    }
    return new Rendering(values, tissues, liver);
  }

  private void paint(byte[] slice, int k, int sample) {
    Arrays.fill(slice, (byte) Tissue.AIR.ordinal());
    int width = grid.width();
    for (Placed part : parts) {
      if (k < part.low[2] || k > part.high[2]) {
        continue;
      }
      Shape.RowTest test = part.tests[sample];
      int from = part.low[0];
      int to = part.high[0];
      long over = part.onlyOver;
      byte tissue = part.tissue;
      for (int j = part.low[1]; j <= part.high[1]; j++) {
        test.row(j, k);
        for (int i = from, n = j * width + from; i <= to; i++, n++) {
          if ((over >>> slice[n] & 1) != 0 && test.inside(i)) {
            slice[n] = tissue;
          }
        }
      }
    }
  }

  /**
   * Smooth noise in space, about 7 mm wide and about -1 to 1: how uneven a tissue is.
   *
   * @param seed of the patient
   */
  static double texture(long seed, double x, double y, double z) {
    double gx = x / TEXTURE_MM;
    double gy = y / TEXTURE_MM;
    double gz = z / TEXTURE_MM;
    long ix = (long) Math.floor(gx);
    long iy = (long) Math.floor(gy);
    long iz = (long) Math.floor(gz);
    double fx = gx - ix;
    double fy = gy - iy;
    double fz = gz - iz;
    double sum = 0;
    for (int c = 0; c < 8; c++) {
      double weight =
          ((c & 1) == 0 ? 1 - fx : fx)
              * ((c & 2) == 0 ? 1 - fy : fy)
              * ((c & 4) == 0 ? 1 - fz : fz);
      long hash =
          seed
              + (ix + (c & 1)) * 0x9E3779B97F4A7C15L
              + (iy + (c >> 1 & 1)) * 0xC2B2AE3D27D4EB4FL
              + (iz + (c >> 2)) * 0x165667B19E3779F9L;
      hash = (hash ^ hash >>> 32) * 0xD6E8FEB86659FD93L;
      sum += weight * (((hash ^ hash >>> 29) & 0xffff) * (2.0 / 65535) - 1);
    }
    return sum * 1.6;
  }
}
