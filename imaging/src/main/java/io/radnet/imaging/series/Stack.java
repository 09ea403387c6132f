package io.radnet.imaging.series;

import io.radnet.imaging.volume.Geometry;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalDouble;

/**
 * The frames of one 3D volume in order along their normal.
 *
 * @param frames sorted by position along row cross column; by instance number where positions are
 *     unknown
 * @param geometry the exact grid in LPS mm, sheared where the stack is tilted; empty where
 *     positions, orientation or pixel spacing are unknown
 * @param spacingMm median distance between neighbours along the normal; empty for one slice or
 *     unknown positions
 * @param uniform whether all steps are equal within 2 % of the median and 0.02 mm
 * @param gaps steps longer than 1.5 medians
 * @param tiltDegrees angle between the stacking direction and the normal; 0 for one slice
 * @param volumeIndex from 0 within the series
 * @param duplicates frames that were left out because another one is the same image
 * @param copies of frames, by identity: what was left out and can stand in where a frame is damaged
 * @param warnings one line each
 */
public record Stack(
    List<Frame> frames,
    Optional<Geometry> geometry,
    OptionalDouble spacingMm,
    boolean uniform,
    int gaps,
    double tiltDegrees,
    int volumeIndex,
    int duplicates,
    Map<Frame, List<Frame>> copies,
    List<String> warnings) {
  /** Copies the lists. */
  public Stack {
    frames = List.copyOf(frames);
    copies = Collections.unmodifiableMap(copies);
    warnings = List.copyOf(warnings);
  }

  /** The same with one more warning. */
  Stack with(String warning) {
    List<String> more = new ArrayList<>(warnings);
    more.add(warning);
    return new Stack(
        frames,
        geometry,
        spacingMm,
        uniform,
        gaps,
        tiltDegrees,
        volumeIndex,
        duplicates,
        copies,
        more);
  }

  /** The first frame. */
  public Frame first() {
    return frames.get(0);
  }
}
