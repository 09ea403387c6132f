package io.radnet.imaging.labels;

import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Orientation and view from the cosines alone: the largest component of the slice normal decides (z
 * axial, y coronal, x sagittal). They are patient based already, so PatientPosition never flips it.
 */
final class ViewFamily {
  private static final String[] VIEWS = {"sagittal", "coronal", "axial"};
  private static final double STRAIGHT = 0.99;

  private final Rules rules;

  ViewFamily(Rules rules) {
    this.rules = rules;
  }

  /** The view and whether it is oblique. */
  record View(Label label, @Nullable Boolean oblique) {}

  View view(SeriesHeader header, SeriesShape shape) {
    if (shape.normals().isEmpty()) {
      return new View(Label.unknown("ImageOrientationPatient is absent"), null);
    }
    if (shape.mixed(rules)) {
      return new View(Label.unknown("stacks look in different directions"), null);
    }
    header.texts(Attribute.PATIENT_POSITION); // looked at, never a vote
    double[] normal = shape.normals().get(0);
    int axis = 0;
    for (int i = 1; i < 3; i++) {
      if (Math.abs(normal[i]) > Math.abs(normal[axis])) {
        axis = i;
      }
    }
    double largest = Math.min(1, Math.abs(normal[axis]));
    double second = 0;
    for (int i = 0; i < 3; i++) {
      second = i == axis ? second : Math.max(second, Math.abs(normal[i]));
    }
    double degrees = Math.toDegrees(Math.acos(largest));
    // Two components of equal size are a coin toss, one alone is certain.
    double confidence = 0.5 + (STRAIGHT - 0.5) * Math.min(1, 2 * (largest - second));
    return new View(
        new Label(
            VIEWS[axis],
            confidence,
            List.of("ImageOrientationPatient"),
            List.of(),
            String.format(
                java.util.Locale.ROOT,
                "the normal is %.1f degrees off the %s axis",
                degrees,
                VIEWS[axis])),
        degrees > rules.threshold("oblique_degrees"));
  }
}
