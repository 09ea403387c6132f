package io.radnet.imaging.resample;

import org.slf4j.LoggerFactory;

/**
 * The inner loops of resampling. All kernels do the same operations in the same order without fused
 * multiply-add, so their results are equal to the last bit.
 */
sealed interface Kernel permits ScalarKernel, VectorKernel {
  /** {@code line[i] = a + f (b - a)} with a, b the values at {@code row0 + i}, {@code row1 + i}. */
  void rows(short[] values, int row0, int row1, float f, float[] line, int count);

  /** The same for unsigned bytes. */
  void rows(byte[] values, int row0, int row1, float f, float[] line, int count);

  /** The same for floats. */
  void rows(float[] values, int row0, int row1, float f, float[] line, int count);

  /**
   * Prepares linear interpolation along lines of at least {@code low + 2 + LinePass.SLACK} floats.
   */
  LinePass linePass(AxisTable table);

  /** The same kind of kernel for points that are not along the axes. */
  PointKernel points();

  /** {@code out = scale (p + f (q - p)) + shift}. */
  void mix(
      float[] p,
      float[] q,
      int from,
      float f,
      float scale,
      float shift,
      float[] out,
      int at,
      int count);

  /** As {@link #mix}, then cut to [0, 1]; what is no number becomes 0. */
  void mixNormalised(
      float[] p,
      float[] q,
      int from,
      float f,
      float scale,
      float shift,
      float[] out,
      int at,
      int count);

  /** {@code line[i] = w v}, or {@code line[i] += w v}, with v the values at {@code row + i}. */
  void weigh(short[] values, int row, float w, float[] line, int count, boolean add);

  /** The same for unsigned bytes. */
  void weigh(byte[] values, int row, float w, float[] line, int count, boolean add);

  /** The same for floats. */
  void weigh(float[] values, int row, float w, float[] line, int count, boolean add);

  /**
   * Interpolation along a line with several taps: {@code out[at + n]} is the sum over t of {@code
   * weight[t * count + n] line[low[n] + t]}.
   */
  void gather(float[] line, int[] low, float[] weight, int taps, float[] out, int at, int count);

  /**
   * {@code value[at + i]} becomes {@code p + f (q - p)} and {@code label[at + i]} becomes {@code c}
   * where that is larger.
   *
   * @param c the bits of the class's number as a float: a choice between lanes of one kind stays in
   *     registers, which Java 17 does not do for float and byte lanes
   */
  void largest(
      float[] p,
      float[] q,
      int from,
      float f,
      float c,
      float[] value,
      float[] label,
      int at,
      int count);

  /** {@code out[at + i]} are the lowest eight bits of {@code line[from + i]}. */
  void bytes(float[] line, int from, byte[] out, int at, int count);

  /** The fastest that this JVM offers. */
  static Kernel fastest() {
    return Fastest.KERNEL;
  }

  /** Chosen once, when first used. */
  final class Fastest {
    private static final Kernel KERNEL = choose();

    private Fastest() {}

    private static Kernel choose() {
      boolean offered = ModuleLayer.boot().findModule("jdk.incubator.vector").isPresent();
      Kernel kernel = offered && VectorKernel.supported() ? new VectorKernel() : new ScalarKernel();
      LoggerFactory.getLogger(Kernel.class)
          .debug(
              "resampling kernel: {} ({})",
              kernel.getClass().getSimpleName(),
              offered
                  ? "jdk.incubator.vector is there"
                  : "start java with --add-modules jdk.incubator.vector for the vector kernel");
      return kernel;
    }
  }
}
