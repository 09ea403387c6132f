package io.radnet.server.web;

import io.radnet.imaging.volume.Geometry;
import io.radnet.imaging.volume.LabelMap;
import io.radnet.imaging.volume.Volume;
import io.radnet.imaging.volume.Voxels;
import java.io.ByteArrayOutputStream;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.Arrays;

/**
 * A volume as a browser draws it: int16 voxels whose axes run to the patient's left, back and head,
 * or as close to them as the scan's own axes are. Nothing is interpolated: axes are swapped and
 * turned, and a scan that is larger than a browser should hold is shown at every second (third,
 * ...) voxel.
 */
final class DisplayVolume {
  /** 48 MiB of int16. */
  private static final long MOST_VOXELS = 24L << 20;

  private static final int QUANTILES = 4096;

  private final Volume source;
  private final int[] axis = new int[3];
  private final boolean[] turned = new boolean[3];
  private final int[] step = {1, 1, 1};
  private final int[] size = new int[3];
  private final double tilt;

  DisplayVolume(Volume source) {
    this.source = source;
    this.tilt = orient(source.geometry());
    for (int a = 0; a < 3; a++) {
      size[a] = source.geometry().size(axis[a]);
    }
    while ((long) size[0] * size[1] * size[2] > MOST_VOXELS) {
      // The axis with the finest voxels loses least.
      int finest = 0;
      for (int a = 1; a < 3; a++) {
        if (spacing(a) < spacing(finest)) {
          finest = a;
        }
      }
      step[finest]++;
      size[finest] = (source.geometry().size(axis[finest]) + step[finest] - 1) / step[finest];
    }
  }

  /** Chooses the scan's axis for each patient axis; returns the largest angle between them. */
  private double orient(Geometry geometry) {
    int[][] orders = {{0, 1, 2}, {0, 2, 1}, {1, 0, 2}, {1, 2, 0}, {2, 0, 1}, {2, 1, 0}};
    double best = -1;
    double angle = 0;
    for (int[] order : orders) {
      double sum = 0;
      double least = 1;
      for (int a = 0; a < 3; a++) {
        double along = Math.abs(geometry.direction(order[a])[a]);
        sum += along;
        least = Math.min(least, along);
      }
      if (sum > best) {
        best = sum;
        angle = Math.toDegrees(Math.acos(Math.min(1, least)));
        System.arraycopy(order, 0, axis, 0, 3);
      }
    }
    for (int a = 0; a < 3; a++) {
      turned[a] = geometry.direction(axis[a])[a] < 0;
    }
    return angle;
  }

  int size(int patientAxis) {
    return size[patientAxis];
  }

  /** Between the centres of shown voxels, mm. */
  double spacing(int patientAxis) {
    return source.geometry().spacing(axis[patientAxis]) * step[patientAxis];
  }

  /** Largest angle between a patient axis and the axis that stands for it, degrees. */
  double tilt() {
    return tilt;
  }

  /** Shows every how-manieth voxel along an axis. */
  int step(int patientAxis) {
    return step[patientAxis];
  }

  private int[] strides() {
    int[] natural = {
      1, source.geometry().width(), source.geometry().width() * source.geometry().height()
    };
    int[] strides = new int[3];
    for (int a = 0; a < 3; a++) {
      strides[a] = natural[axis[a]] * step[a] * (turned[a] ? -1 : 1);
    }
    return strides;
  }

  private int origin() {
    int[] natural = {
      1, source.geometry().width(), source.geometry().width() * source.geometry().height()
    };
    int origin = 0;
    for (int a = 0; a < 3; a++) {
      if (turned[a]) {
        origin += natural[axis[a]] * (source.geometry().size(axis[a]) - 1);
      }
    }
    return origin;
  }

  /** value = slope * stored + intercept. */
  record Voxels16(byte[] bytes, double slope, double intercept, double low, double high) {}

  /** The voxels, little-endian, x (left) fastest, with the window that shows most of them. */
  Voxels16 voxels() {
    double slope = source.slope();
    double intercept = source.intercept();
    double scale = 1;
    double offset = 0;
    if (source.voxels() instanceof Voxels.Float32) {
      double least = Double.POSITIVE_INFINITY;
      double most = Double.NEGATIVE_INFINITY;
      for (int n = 0; n < source.voxels().length(); n++) {
        double value = source.voxels().stored(n);
        if (Double.isFinite(value)) {
          least = Math.min(least, value);
          most = Math.max(most, value);
        }
      }
      least = least > most ? 0 : least;
      double range = most > least ? most - least : 1;
      scale = (2.0 * Short.MAX_VALUE) / range;
      offset = -least * scale - Short.MAX_VALUE;
      intercept += slope * (-offset / scale);
      slope /= scale;
    }
    ByteBuffer out =
        ByteBuffer.allocate(2 * size[0] * size[1] * size[2]).order(ByteOrder.LITTLE_ENDIAN);
    int[] strides = strides();
    for (int z = 0; z < size[2]; z++) {
      for (int y = 0; y < size[1]; y++) {
        int row = origin() + z * strides[2] + y * strides[1];
        for (int x = 0; x < size[0]; x++) {
          double stored = source.voxels().stored(row + x * strides[0]) * scale + offset;
          out.putShort(
              (short) Math.max(Short.MIN_VALUE, Math.min(Short.MAX_VALUE, Math.round(stored))));
        }
      }
    }
    double[] window = window(out.array(), slope, intercept);
    return new Voxels16(out.array(), slope, intercept, window[0], window[1]);
  }

  /** The 1st and 99th percentile of a sample of the voxels. */
  private static double[] window(byte[] bytes, double slope, double intercept) {
    ByteBuffer in = ByteBuffer.wrap(bytes).order(ByteOrder.LITTLE_ENDIAN);
    int voxels = bytes.length / 2;
    int count = Math.min(QUANTILES, voxels);
    double[] sample = new double[count];
    for (int n = 0; n < count; n++) {
      sample[n] = in.getShort(2 * (int) ((long) n * voxels / count)) * slope + intercept;
    }
    Arrays.sort(sample);
    double low = sample[count / 100];
    double high = sample[Math.min(count - 1, count * 99 / 100)];
    return new double[] {low, high > low ? high : low + 1};
  }

  /** The mask on the same voxels: pairs of varints (label, run length). */
  byte[] runs(LabelMap mask) {
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    byte[] labels = mask.labels();
    int[] strides = strides();
    int run = 0;
    int current = -1;
    for (int z = 0; z < size[2]; z++) {
      for (int y = 0; y < size[1]; y++) {
        int row = origin() + z * strides[2] + y * strides[1];
        for (int x = 0; x < size[0]; x++) {
          int label = labels[row + x * strides[0]] & 0xff;
          if (label != current && run > 0) {
            varint(out, current);
            varint(out, run);
            run = 0;
          }
          current = label;
          run++;
        }
      }
    }
    varint(out, current);
    varint(out, run);
    return out.toByteArray();
  }

  private static void varint(ByteArrayOutputStream out, int value) {
    int rest = value;
    while (rest > 0x7f) {
      out.write(rest & 0x7f | 0x80);
      rest >>>= 7;
    }
    out.write(rest);
  }
}
