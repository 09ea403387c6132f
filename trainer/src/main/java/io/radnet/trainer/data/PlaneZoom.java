package io.radnet.trainer.data;

/**
 * Enlarges or shrinks every slice of a volume [D, H, W] about its middle, linearly, and leaves the
 * slices where they are: a patient of another size, whose slices lie as much further apart.
 *
 * @param depth slices
 * @param height rows
 * @param width columns
 */
record PlaneZoom(int depth, int height, int width) {
  /**
   * Whether something lies in the outermost rows or columns. What is beside it is unknown then, so
   * such a scan must not shrink.
   */
  boolean reachesEdge(float[] values) {
    for (int k = 0; k < depth; k++) {
      for (int j = 0; j < height; j++) {
        int row = (k * height + j) * width;
        boolean outermost = j == 0 || j == height - 1;
        for (int i = 0; i < width; i += outermost ? 1 : width - 1) {
          if (values[row + i] != 0) {
            return true;
          }
        }
      }
    }
    return false;
  }

  /**
   * The zoomed volume.
   *
   * @param factor above 1 enlarges
   */
  float[] apply(float[] values, double factor) {
    float[] out = new float[values.length];
    int[] column = new int[width];
    float[] share = new float[width];
    for (int i = 0; i < width; i++) {
      double at = source(i, width, factor);
      column[i] = (int) Math.floor(at);
      share[i] = (float) (at - column[i]);
    }
    float[] above = new float[width];
    float[] below = new float[width];
    for (int k = 0; k < depth; k++) {
      for (int j = 0; j < height; j++) {
        double at = source(j, height, factor);
        int row = (int) Math.floor(at);
        float weight = (float) (at - row);
        read(values, k, row, column, share, above);
        read(values, k, row + 1, column, share, below);
        int to = (k * height + j) * width;
        for (int i = 0; i < width; i++) {
          out[to + i] = above[i] + weight * (below[i] - above[i]);
        }
      }
    }
    return out;
  }

  /** Where a voxel's centre comes from, in voxels. */
  private static double source(int at, int side, double factor) {
    return (at + 0.5 - 0.5 * side) / factor + 0.5 * side - 0.5;
  }

  /** One row, zoomed along the columns; zeros outside the plane. */
  private void read(float[] values, int k, int row, int[] column, float[] share, float[] into) {
    int from = (k * height + row) * width;
    boolean outside = row < 0 || row >= height;
    for (int i = 0; i < width; i++) {
      int c = column[i];
      float left = outside || c < 0 || c >= width ? 0 : values[from + c];
      float right = outside || c + 1 < 0 || c + 1 >= width ? 0 : values[from + c + 1];
      into[i] = left + share[i] * (right - left);
    }
  }
}
