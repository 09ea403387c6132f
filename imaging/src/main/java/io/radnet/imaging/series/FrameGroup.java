package io.radnet.imaging.series;

import java.util.Comparator;

/**
 * What sets the volumes of a series apart where they cover the same positions.
 *
 * @param component magnitude, phase, real, imaginary, field map, or empty
 * @param echoTime ms, NaN where unknown
 * @param bValue s/mm2, NaN where unknown
 * @param temporal temporal position, 0 where unknown
 * @param acquisition acquisition number, 0 where unknown
 * @param dimensions what an enhanced object says besides: its dimension indices, less those of the
 *     place in space; empty where there are none
 */
public record FrameGroup(
    String component,
    double echoTime,
    double bValue,
    int temporal,
    int acquisition,
    String dimensions)
    implements Comparable<FrameGroup> {
  private static final Comparator<FrameGroup> ORDER =
      Comparator.comparing(FrameGroup::component)
          .thenComparingInt(FrameGroup::temporal)
          .thenComparingDouble(FrameGroup::echoTime)
          .thenComparingDouble(FrameGroup::bValue)
          .thenComparingInt(FrameGroup::acquisition)
          .thenComparing(FrameGroup::dimensions);

  @Override
  public int compareTo(FrameGroup other) {
    return ORDER.compare(this, other);
  }
}
