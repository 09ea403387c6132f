package io.radnet.imaging.resample;

import io.radnet.imaging.volume.Affine;
import io.radnet.imaging.volume.Geometry;
import java.util.Arrays;
import java.util.concurrent.ConcurrentLinkedDeque;
import java.util.concurrent.Executor;

/**
 * From logits on one grid to labels on another: trilinear interpolation and the choice of the
 * largest class in one pass, so that logits of the target's size never exist. Edges are those of
 * {@link Resampler}; outside the source, and where no logit is a number, the label is 0. Equal
 * logits give the class of the lowest index.
 *
 * <p>A caller that has logits slab by slab hands over the source slices that {@link #firstSource}
 * to {@link #lastSource} ask for, and never holds more.
 */
public final class ArgmaxPlan {
  /** Interpolated planes of all classes are kept between target slices up to this many floats. */
  private static final int KEPT = 16 << 20;

  private final Geometry source;
  private final Geometry target;
  private final Affine toSource;
  private final Kernel kernel;
  private final boolean aligned;
  private final AxisTable x;
  private final AxisTable y;
  private final AxisTable z;
  private final LinePass across;
  private final ConcurrentLinkedDeque<Scratch> free = new ConcurrentLinkedDeque<>();

  /** What one thread needs; kept for the next call. */
  private static final class Scratch {
    final float[] line;
    final float[] value;
    final float[] label;
    final float[][] planes;
    final int[] slices;

    Scratch(int line, int plane, int pairs) {
      this.line = new float[line];
      this.value = new float[plane];
      this.label = new float[plane];
      this.planes = new float[2 * pairs][plane];
      this.slices = new int[2 * pairs];
    }
  }

  private ArgmaxPlan(Geometry source, Geometry target, Kernel kernel) {
    this.source = source;
    this.target = target;
    this.kernel = kernel;
    this.toSource = source.affine().inverse().after(target.affine());
    this.aligned = ResamplePlan.aligned(toSource, target);
    this.x = table(0);
    this.y = table(1);
    this.z = table(2);
    this.across = kernel.linePass(x);
  }

  private AxisTable table(int axis) {
    return AxisTable.linear(
        source.size(axis), target.size(axis), toSource.get(axis, axis), toSource.get(axis, 3));
  }

  /** A plan with the fastest kernel of this JVM. */
  public static ArgmaxPlan of(Geometry source, Geometry target) {
    return new ArgmaxPlan(source, target, Kernel.fastest());
  }

  static ArgmaxPlan scalar(Geometry source, Geometry target) {
    return new ArgmaxPlan(source, target, new ScalarKernel());
  }

  /** The first source slice that target slice {@code k} needs. */
  public int firstSource(int k) {
    return aligned ? lowest(k) : clamp((int) Math.floor(reach(k, false)), source.depth());
  }

  /** The last source slice that target slice {@code k} needs. */
  public int lastSource(int k) {
    return aligned
        ? Math.min(source.depth() - 1, lowest(k) + 1)
        : clamp((int) Math.floor(reach(k, true)) + 1, source.depth());
  }

  private int lowest(int k) {
    if (z.count() == 0) {
      return 0;
    }
    return z.low()[Math.max(0, Math.min(z.count() - 1, k - z.from()))];
  }

  /** Source depth of the corner of target slice k that lies lowest or highest. */
  private double reach(int k, boolean highest) {
    double reach = highest ? Double.NEGATIVE_INFINITY : Double.POSITIVE_INFINITY;
    for (int corner = 0; corner < 4; corner++) {
      double depth =
          toSource
              .apply(
                  (corner & 1) == 0 ? 0 : target.width() - 1,
                  (corner & 2) == 0 ? 0 : target.height() - 1,
                  k)[2];
      reach = highest ? Math.max(reach, depth) : Math.min(reach, depth);
    }
    return reach;
  }

  private static int clamp(int index, int size) {
    return Math.max(0, Math.min(size - 1, index));
  }

  /**
   * All labels.
   *
   * @param logits [C, D, H, W] on the source grid
   * @param classes C, 1 to 256
   * @param out gets the target's labels, layout [D, H, W]
   * @param executor runs slabs besides the calling thread
   * @param parallelism threads in all, the caller's included
   */
  public void labels(float[] logits, int classes, byte[] out, Executor executor, int parallelism) {
    if (out.length < target.voxels()) {
      throw new IllegalArgumentException(
          "room: " + out.length + " (expected: >= " + target.voxels() + ")");
    }
    new Slabs()
        .run(
            0,
            target.depth(),
            executor,
            parallelism,
            (from, to) ->
                slab(
                    logits,
                    classes,
                    0,
                    source.depth(),
                    out,
                    from * target.width() * target.height(),
                    from,
                    to));
  }

  /**
   * The labels of the target slices [from, to), from some of the source slices. Safe for several
   * threads.
   *
   * @param logits [C, slices, H, W]: the source slices from {@code first} on
   * @param classes C, 1 to 256
   * @param first source slice of {@code logits}, at most {@link #firstSource} of the target slices
   * @param slices how many; they reach {@link #lastSource} of the target slices
   * @param out gets the labels, layout [to - from, H, W]
   * @param at the place of the first label
   */
  public void slab(
      float[] logits, int classes, int first, int slices, byte[] out, int at, int from, int to) {
    int sourcePlane = source.width() * source.height();
    if (classes < 1 || classes > 256 || logits.length < (long) classes * slices * sourcePlane) {
      throw new IllegalArgumentException(
          "logits: "
              + logits.length
              + " (expected: "
              + classes
              + " classes, 1 to 256, of "
              + (long) slices * sourcePlane
              + ")");
    }
    int plane = target.width() * target.height();
    if (!aligned) {
      for (int k = from; k < to; k++) {
        oblique(logits, classes, first, slices, out, at + (k - from) * plane, k);
      }
      return;
    }
    int columns = x.count() * y.count();
    int pairs = 2L * classes * columns <= KEPT ? classes : 1;
    Scratch pooled = free.pollFirst();
    Scratch scratch =
        pooled == null || pooled.planes.length < 2 * pairs
            ? new Scratch(source.width() + 1 + LinePass.SLACK, columns, pairs)
            : pooled;
    Arrays.fill(scratch.slices, -1);
    for (int k = from; k < to; k++) {
      int place = at + (k - from) * plane;
      Arrays.fill(out, place, place + plane, (byte) 0);
      if (k >= z.from() && k < z.to() && columns > 0) {
        slice(logits, classes, first, slices, pairs, out, place, k - z.from(), scratch);
      }
    }
    free.addFirst(scratch);
  }

  private void slice(
      float[] logits,
      int classes,
      int first,
      int slices,
      int pairs,
      byte[] out,
      int at,
      int n,
      Scratch scratch) {
    int sourcePlane = source.width() * source.height();
    int lower = z.low()[n];
    float f = z.weight()[n];
    boolean two = source.depth() > 1 && f > 0;
    int columns = x.count() * y.count();
    Arrays.fill(scratch.value, Float.NEGATIVE_INFINITY);
    Arrays.fill(scratch.label, 0);
    for (int c = 0; c < classes; c++) {
      int pair = 2 * (pairs == 1 ? 0 : c);
      if (pairs == 1 && classes > 1) {
        scratch.slices[pair] = -1;
        scratch.slices[pair + 1] = -1;
      }
      int base = (c * slices - first) * sourcePlane;
      float[] p = loaded(logits, base, lower, pair, scratch);
      float[] q = two ? loaded(logits, base, lower + 1, pair, scratch) : p;
      float bits = Float.intBitsToFloat(c);
      kernel.largest(p, q, 0, two ? f : 0, bits, scratch.value, scratch.label, 0, columns);
    }
    if (x.count() == target.width()) {
      kernel.bytes(scratch.label, 0, out, at + y.from() * target.width(), columns);
      return;
    }
    for (int j = 0; j < y.count(); j++) {
      int place = at + (y.from() + j) * target.width() + x.from();
      kernel.bytes(scratch.label, j * x.count(), out, place, x.count());
    }
  }

  /**
   * A source slice of one class, interpolated in its plane; even and odd slices have own places.
   */
  private float[] loaded(float[] logits, int base, int slice, int pair, Scratch scratch) {
    int place = pair + (slice & 1);
    float[] plane = scratch.planes[place];
    if (scratch.slices[place] != slice) {
      int lastLow = Math.max(x.low()[0], x.low()[x.count() - 1]);
      int count = Math.min(source.width(), lastLow + 2);
      for (int j = 0; j < y.count(); j++) {
        int row0 = base + (slice * source.height() + y.low()[j]) * source.width();
        int row1 = source.height() > 1 ? row0 + source.width() : row0;
        kernel.rows(logits, row0, row1, y.weight()[j], scratch.line, count);
        scratch.line[count] = scratch.line[count - 1]; // weight 0, but must be a number
        across.apply(scratch.line, plane, j * x.count());
      }
      scratch.slices[place] = slice;
    }
    return plane;
  }

  private void oblique(
      float[] logits, int classes, int first, int slices, byte[] out, int at, int k) {
    for (int j = 0; j < target.height(); j++) {
      double[] start = toSource.apply(0, j, k);
      for (int i = 0; i < target.width(); i++) {
        out[at + j * target.width() + i] =
            (byte)
                largest(
                    logits,
                    classes,
                    first,
                    slices,
                    start[0] + i * toSource.get(0, 0),
                    start[1] + i * toSource.get(1, 0),
                    start[2] + i * toSource.get(2, 0));
      }
    }
  }

  private int largest(
      float[] logits, int classes, int first, int slices, double x, double y, double z) {
    int width = source.width();
    int height = source.height();
    int depth = source.depth();
    double face = 0.5 + Resampler.FACE_TOLERANCE;
    if (!(x >= -face
        && y >= -face
        && z >= -face
        && x <= width - 1 + face
        && y <= height - 1 + face
        && z <= depth - 1 + face)) {
      return 0;
    }
    double cx = Math.max(0, Math.min(width - 1, x));
    double cy = Math.max(0, Math.min(height - 1, y));
    double cz = Math.max(0, Math.min(depth - 1, z));
    int x0 = (int) cx;
    int y0 = (int) cy;
    int z0 = (int) cz;
    float fx = (float) (cx - x0);
    float fy = (float) (cy - y0);
    float fz = (float) (cz - z0);
    int dx = x0 + 1 < width ? 1 : 0;
    int dy = y0 + 1 < height ? width : 0;
    int dz = z0 + 1 < depth ? width * height : 0;
    int base = ((z0 - first) * height + y0) * width + x0;
    int best = 0;
    float bestValue = Float.NEGATIVE_INFINITY;
    for (int c = 0; c < classes; c++, base += width * height * slices) {
      float near =
          lerp(
              fx,
              lerp(fy, logits[base], logits[base + dy]),
              lerp(fy, logits[base + dx], logits[base + dy + dx]));
      float far =
          lerp(
              fx,
              lerp(fy, logits[base + dz], logits[base + dz + dy]),
              lerp(fy, logits[base + dz + dx], logits[base + dz + dy + dx]));
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
