package io.radnet.imaging.series;

import org.jspecify.annotations.Nullable;

/**
 * One 2D slice: a whole instance, a frame of a multi-frame instance, or a tile of a mosaic.
 *
 * @param instance where it is stored
 * @param index frame in the file, from 0
 * @param tileX first column of the tile in the stored frame; 0 where the frame is the slice
 * @param tileY first row of the tile
 * @param rows of the slice
 * @param columns of the slice
 * @param position centre of the first voxel, LPS mm; null where unknown
 * @param orientation row and column cosines; null where unknown
 * @param rowSpacing mm between rows; 0 where unknown
 * @param columnSpacing mm between columns; 0 where unknown
 * @param sliceDistance mm to the next slice as the header says: SpacingBetweenSlices, else
 *     SliceThickness; 0 where unknown
 * @param slope rescale slope
 * @param intercept rescale intercept
 * @param group what must be equal within a volume: image type component, echo time, b-value,
 *     temporal position
 */
public record Frame(
    Instance instance,
    int index,
    int tileX,
    int tileY,
    int rows,
    int columns,
    double @Nullable [] position,
    double @Nullable [] orientation,
    double rowSpacing,
    double columnSpacing,
    double sliceDistance,
    double slope,
    double intercept,
    FrameGroup group) {

  /** The unit normal, row cross column; null where the orientation is unknown. */
  public double @Nullable [] normal() {
    double[] o = orientation;
    if (o == null) {
      return null;
    }
    double x = o[1] * o[5] - o[2] * o[4];
    double y = o[2] * o[3] - o[0] * o[5];
    double z = o[0] * o[4] - o[1] * o[3];
    double length = Math.sqrt(x * x + y * y + z * z);
    return length < 1e-6 ? null : new double[] {x / length, y / length, z / length};
  }
}
