package io.radnet.imaging.series;

import java.util.IdentityHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.ToDoubleFunction;
import org.jspecify.annotations.Nullable;

/** Where the frames of a series lie in their files and in space. */
record Places(Levels[] positions, Levels[] orientations) {
  /** Positions closer than this are one. */
  static final double SAME_POSITION_MM = 0.01;

  static Places of(List<Frame> frames) {
    Levels[] positions = new Levels[3];
    for (int i = 0; i < 3; i++) {
      int axis = i;
      positions[i] = Levels.of(frames, frame -> of(frame.position(), axis), SAME_POSITION_MM, 0);
    }
    Levels[] orientations = new Levels[6];
    for (int i = 0; i < 6; i++) {
      int cosine = i;
      orientations[i] =
          Levels.of(
              frames, frame -> of(frame.orientation(), cosine), FrameShapes.SAME_ORIENTATION, 0);
    }
    return new Places(positions, orientations);
  }

  private static double of(double @Nullable [] vector, int index) {
    return vector == null ? Double.NaN : vector[index];
  }

  /** The same text for frames at one place. */
  String name(Frame frame) {
    StringBuilder text = new StringBuilder();
    text.append(frame.index()).append('/').append(frame.tileX()).append('/');
    text.append(frame.tileY()).append('/').append(frame.columns()).append('x');
    text.append(frame.rows());
    for (int i = 0; i < 3; i++) {
      text.append(',').append(positions[i].number(of(frame.position(), i)));
    }
    for (int i = 0; i < 6; i++) {
      text.append(',').append(orientations[i].number(of(frame.orientation(), i)));
    }
    return text.toString();
  }

  /** Which of the frames lie at one place along their normal: those share a number. */
  static Map<Frame, Integer> along(List<Frame> frames) {
    Frame reference = frames.get(0);
    ToDoubleFunction<Frame> along = frame -> StackGeometry.along(frame, reference);
    Levels places = Levels.of(frames, along, SAME_POSITION_MM, 0);
    Map<Frame, Integer> found = new IdentityHashMap<>();
    for (Frame frame : frames) {
      found.put(frame, places.number(along.applyAsDouble(frame)));
    }
    return found;
  }
}
