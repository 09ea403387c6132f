package io.radnet.imaging.phantom;

import io.radnet.imaging.volume.Geometry;
import java.util.List;

/**
 * One series before it is rendered: everything is decided.
 *
 * @param patient who
 * @param number of the series, from 1 within the patient
 * @param target what it shows
 * @param acquisition how
 * @param view axial, coronal or sagittal
 * @param geometry voxels in scanner space, LPS mm; k along the slice normal
 * @param thickness of a slice, mm
 * @param tiltDegrees between the stacking direction and the normal
 * @param oblique whether the normal lies more than 5 degrees off its axis
 * @param regions what is really covered
 * @param descending whether instance numbers run against k
 * @param samples per voxel
 * @param source of further draws
 */
record SeriesPlan(
    Patient patient,
    int number,
    Target target,
    Acquisition acquisition,
    String view,
    Geometry geometry,
    double thickness,
    double tiltDegrees,
    boolean oblique,
    List<String> regions,
    boolean descending,
    int samples,
    Draw source) {

  /** The folder below the data set, such as {@code series/P0001/S01}. */
  String path() {
    return "series/" + patient.id() + "/" + name();
  }

  /** Such as S01. */
  String name() {
    return "S%02d".formatted(number);
  }

  /** Distance between slices along the normal, mm. */
  double spacing() {
    return Math.abs(new NormalOf(geometry).dot(geometry.affine().column(2)));
  }

  /** An identifier below the root for UUIDs, from the patient's seed and a purpose. */
  String uid(long purpose) {
    return uid(source.fork(0x751D), purpose);
  }

  /** One study per patient, modality and target. */
  String studyUid() {
    return uid(
        patient.source().fork(0x57), 100L * target.ordinal() + acquisition.modality().hashCode());
  }

  /** All series of a patient share the scanner's space. */
  String frameOfReferenceUid() {
    return uid(patient.source().fork(0x57), 1);
  }

  private static String uid(Draw draw, long purpose) {
    Draw own = draw.fork(purpose);
    java.math.BigInteger number =
        new java.math.BigInteger(Long.toUnsignedString(own.next()))
            .shiftLeft(63)
            .or(new java.math.BigInteger(Long.toUnsignedString(own.next() >>> 1)))
            .setBit(126);
    return "2.25." + number;
  }

  /** The unit normal of the slices: rows x columns. */
  record NormalOf(double[] normal) {
    NormalOf(Geometry geometry) {
      this(cross(geometry.direction(0), geometry.direction(1)));
    }

    double dot(double[] v) {
      return normal[0] * v[0] + normal[1] * v[1] + normal[2] * v[2];
    }

    private static double[] cross(double[] u, double[] v) {
      return new double[] {
        u[1] * v[2] - u[2] * v[1], u[2] * v[0] - u[0] * v[2], u[0] * v[1] - u[1] * v[0]
      };
    }
  }
}
