package io.radnet.benchmarks.convolution;

import java.util.Arrays;

/**
 * A convolution of one input, padded so that its size stays but for the stride.
 *
 * @param in channels
 * @param out channels
 * @param kernels depth, height, width
 * @param stride of height and width
 * @param sizes of the input: depth, height, width
 */
public record Layer(int in, int out, int[] kernels, int stride, int[] sizes) {
  /** Reads {@code in:out:kernel:stride:size}, such as {@code 1:64:3x7x7:2:48x192x192}. */
  public static Layer parse(String text) {
    String[] parts = text.split(":", -1);
    return new Layer(
        Integer.parseInt(parts[0]),
        Integer.parseInt(parts[1]),
        sides(parts[2]),
        Integer.parseInt(parts[3]),
        sides(parts[4]));
  }

  private static int[] sides(String text) {
    return Arrays.stream(text.split("x", -1)).mapToInt(Integer::parseInt).toArray();
  }

  /** One side of the kernel. */
  public int kernel(int axis) {
    return kernels[axis];
  }

  /** One side of the input. */
  public int size(int axis) {
    return sizes[axis];
  }

  /** Number of weights. */
  public long weights() {
    return (long) in * out * kernels[0] * kernels[1] * kernels[2];
  }

  /** Number of input values. */
  public long inputs() {
    return (long) in * sizes[0] * sizes[1] * sizes[2];
  }

  private long outputVoxels() {
    return (long) sizes[0] * (sizes[1] / stride) * (sizes[2] / stride);
  }

  /** Multiplications and additions. */
  public long operations() {
    return 2 * weights() * outputVoxels();
  }

  /** Bytes of input, weights and output in single precision: what must move at least. */
  public long bytes() {
    return Float.BYTES * (inputs() + weights() + out * outputVoxels());
  }
}
