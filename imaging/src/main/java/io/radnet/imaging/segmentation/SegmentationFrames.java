package io.radnet.imaging.segmentation;

import io.radnet.imaging.InvalidInputException;
import io.radnet.imaging.dicom.DicomDataset;
import io.radnet.imaging.dicom.DicomFile;
import io.radnet.imaging.dicom.PixelDecoder;
import io.radnet.imaging.dicom.Tag;
import io.radnet.imaging.volume.Affine;
import io.radnet.imaging.volume.Geometry;
import java.util.ArrayList;
import java.util.List;

/** The frames of a DICOM Segmentation object and where they lie, LPS mm; no pixels. */
final class SegmentationFrames {
  /** Positions along the normal that differ by less, as a share of the slice step, are one. */
  private static final double SAME_SLICE = 0.05;

  private static final double SAME_PLACE_MM = 0.05;

  private final DicomFile file;
  private final DicomDataset header;
  private final String name;
  private final int rows;
  private final int columns;

  SegmentationFrames(DicomFile file) {
    this.file = file;
    this.header = file.dataset();
    this.name = file.source().name();
    this.rows = header.integer(Tag.ROWS).orElse(0);
    this.columns = header.integer(Tag.COLUMNS).orElse(0);
  }

  /** A frame's segment (0 in a label map, whose pixels name it) and first voxel's centre. */
  record Placed(int index, int segment, double[] position, double[] orientation) {}

  /**
   * All frames, in the order of the file.
   *
   * @throws InvalidInputException where the file is no segmentation, or a frame has no place in the
   *     patient or no segment from 1 to 255
   */
  List<Placed> all() {
    if (!SegmentationReader.reads(file)) {
      throw new InvalidInputException(
          name,
          "SOPClassUID: "
              + header.string(Tag.SOP_CLASS_UID).orElse("absent")
              + " (expected: a DICOM segmentation)");
    }
    List<DicomDataset> shared = header.items(Tag.SHARED_FUNCTIONAL_GROUPS_SEQUENCE);
    List<DicomDataset> perFrame = header.items(Tag.PER_FRAME_FUNCTIONAL_GROUPS_SEQUENCE);
    int count = PixelDecoder.frames(file);
    if (perFrame.size() < count) {
      throw new InvalidInputException(
          name, "per-frame functional groups: " + perFrame.size() + " (expected: " + count + ")");
    }
    List<Placed> frames = new ArrayList<>();
    for (int n = 0; n < count; n++) {
      DicomDataset own = perFrame.get(n);
      double[] position =
          numbers(own, shared, SegmentationTag.PLANE_POSITION_SEQUENCE, Tag.IMAGE_POSITION_PATIENT);
      double[] orientation =
          numbers(
              own,
              shared,
              SegmentationTag.PLANE_ORIENTATION_SEQUENCE,
              Tag.IMAGE_ORIENTATION_PATIENT);
      if (position.length != 3 || orientation.length != 6) {
        throw new InvalidInputException(
            name,
            "frame "
                + (n + 1)
                + " has no place in the patient (a mask of a slide or a projection)");
      }
      double[] segment =
          numbers(
              own,
              shared,
              SegmentationTag.SEGMENT_IDENTIFICATION_SEQUENCE,
              SegmentationTag.REFERENCED_SEGMENT_NUMBER);
      boolean labelMap = labelMap();
      if (!labelMap && (segment.length == 0 || segment[0] < 1 || segment[0] > 255)) {
        throw new InvalidInputException(
            name,
            "frame "
                + (n + 1)
                + " segment: "
                + (segment.length == 0 ? "absent" : String.valueOf((int) segment[0]))
                + " (expected: 1 to 255)");
      }
      frames.add(new Placed(n, labelMap ? 0 : (int) segment[0], position, unit(orientation)));
    }
    return frames;
  }

  /** Whether pixels are segment numbers themselves. */
  boolean labelMap() {
    return header
            .string(Tag.SOP_CLASS_UID)
            .filter(SegmentationReader.LABEL_MAP_UID::equals)
            .isPresent()
        || header.string(Tag.SEGMENTATION_TYPE).filter("LABELMAP"::equals).isPresent();
  }

  private static double[] numbers(
      DicomDataset own, List<DicomDataset> shared, int sequence, int tag) {
    for (DicomDataset item : own.items(sequence)) {
      double[] values = item.numbers(tag);
      if (values.length > 0) {
        return values;
      }
    }
    for (DicomDataset groups : shared) {
      for (DicomDataset item : groups.items(sequence)) {
        double[] values = item.numbers(tag);
        if (values.length > 0) {
          return values;
        }
      }
    }
    return new double[0];
  }

  /** Frames moved to the slices of the grid that the source's uneven slices count on. */
  List<Placed> onSlices(List<Placed> frames, Geometry grid) {
    List<DicomDataset> perFrame = header.items(Tag.PER_FRAME_FUNCTIONAL_GROUPS_SEQUENCE);
    List<Placed> moved = new ArrayList<>();
    for (Placed frame : frames) {
      int slice = SegmentationGrid.slice(perFrame.get(frame.index()), grid);
      double[] position = slice < 0 ? frame.position() : grid.affine().apply(0, 0, slice);
      moved.add(new Placed(frame.index(), frame.segment(), position, frame.orientation()));
    }
    return moved;
  }

  /** Frames moved to where the grid has the slice that they lie on. */
  static List<Placed> onImages(List<Placed> frames, Geometry grid, List<double[]> slices) {
    if (slices.size() != grid.depth()) {
      return frames;
    }
    List<Placed> moved = new ArrayList<>();
    for (Placed frame : frames) {
      double[] position = frame.position();
      for (int k = 0; k < slices.size(); k++) {
        double[] p = slices.get(k);
        double[] away = {p[0] - position[0], p[1] - position[1], p[2] - position[2]};
        if (dot(away, away) < SAME_PLACE_MM * SAME_PLACE_MM) {
          position = grid.affine().apply(0, 0, k);
          break;
        }
      }
      moved.add(new Placed(frame.index(), frame.segment(), position, frame.orientation()));
    }
    return moved;
  }

  /**
   * The smallest grid that holds these frames.
   *
   * @throws InvalidInputException where they do not lie on one, or pixels have no spacing
   */
  Geometry grid(List<Placed> frames) {
    List<DicomDataset> shared = header.items(Tag.SHARED_FUNCTIONAL_GROUPS_SEQUENCE);
    DicomDataset first = header.items(Tag.PER_FRAME_FUNCTIONAL_GROUPS_SEQUENCE).get(0);
    double[] spacing =
        numbers(first, shared, SegmentationTag.PIXEL_MEASURES_SEQUENCE, Tag.PIXEL_SPACING);
    if (spacing.length != 2 || !(spacing[0] > 0) || !(spacing[1] > 0)) {
      throw new InvalidInputException(
          name, "PixelSpacing is absent (expected: mm between rows, columns)");
    }
    double[] o = frames.get(0).orientation();
    double[] normal = normal(o);
    for (Placed frame : frames) {
      double[] own = frame.orientation();
      if (dot(o, own) < 0.9999 || dot(normal(own), normal) < 0.9999) {
        throw new InvalidInputException(name, "frames of several orientations (expected: one)");
      }
    }
    Placed lowest = frames.get(0);
    Placed highest = lowest;
    for (Placed frame : frames) {
      lowest = dot(frame.position(), normal) < dot(lowest.position(), normal) ? frame : lowest;
      highest = dot(frame.position(), normal) > dot(highest.position(), normal) ? frame : highest;
    }
    double extent = dot(highest.position(), normal) - dot(lowest.position(), normal);
    double step = step(frames, normal, first, shared);
    long slices = extent < step * SAME_SLICE ? 1 : Math.round(extent / step) + 1;
    if (slices > 100_000) {
      throw new InvalidInputException(name, "slices: " + slices + " (expected: at most 100000)");
    }
    double[] direction = new double[3];
    double[] affine = new double[12];
    for (int a = 0; a < 3; a++) {
      direction[a] =
          slices == 1
              ? normal[a] * step
              : (highest.position()[a] - lowest.position()[a]) / (slices - 1);
      affine[a * 4] = o[a] * spacing[1];
      affine[a * 4 + 1] = o[3 + a] * spacing[0];
      affine[a * 4 + 2] = direction[a];
      affine[a * 4 + 3] = lowest.position()[a];
    }
    if (rows < 1 || columns < 1) {
      throw new InvalidInputException(
          name, "image: " + columns + " x " + rows + " (expected: >= 1)");
    }
    return new Geometry(columns, rows, (int) slices, Affine.of(affine));
  }

  /** The smallest distance between frames, which may lie far apart where slices are empty. */
  private static double step(
      List<Placed> frames, double[] normal, DicomDataset first, List<DicomDataset> shared) {
    for (int tag : new int[] {Tag.SPACING_BETWEEN_SLICES, Tag.SLICE_THICKNESS}) {
      double[] stated = numbers(first, shared, SegmentationTag.PIXEL_MEASURES_SEQUENCE, tag);
      if (tag == Tag.SPACING_BETWEEN_SLICES && stated.length > 0 && Math.abs(stated[0]) > 1e-3) {
        return Math.abs(stated[0]);
      }
      if (tag == Tag.SLICE_THICKNESS) {
        double[] along =
            frames.stream().mapToDouble(f -> dot(f.position(), normal)).sorted().toArray();
        double smallest = Double.POSITIVE_INFINITY;
        for (int n = 1; n < along.length; n++) {
          double distance = along[n] - along[n - 1];
          smallest = distance > 1e-3 ? Math.min(smallest, distance) : smallest;
        }
        if (smallest < Double.POSITIVE_INFINITY) {
          return smallest;
        }
        if (stated.length > 0 && stated[0] > 1e-3) {
          return stated[0];
        }
      }
    }
    return 1;
  }

  /** Whether each of these frames is a slice of a grid as it is. */
  boolean liesOn(List<Placed> frames, Geometry grid) {
    if (grid.width() != columns || grid.height() != rows) {
      return false;
    }
    Affine toGrid = grid.affine().inverse();
    List<DicomDataset> shared = header.items(Tag.SHARED_FUNCTIONAL_GROUPS_SEQUENCE);
    DicomDataset first = header.items(Tag.PER_FRAME_FUNCTIONAL_GROUPS_SEQUENCE).get(0);
    double[] spacing =
        numbers(first, shared, SegmentationTag.PIXEL_MEASURES_SEQUENCE, Tag.PIXEL_SPACING);
    if (spacing.length != 2) {
      return false;
    }
    for (Placed frame : frames) {
      double[] o = frame.orientation();
      double[] p = frame.position();
      double[] right = new double[3]; // without it a transposed square would do
      double[] corner = new double[3];
      for (int a = 0; a < 3; a++) {
        right[a] = p[a] + o[a] * spacing[1] * (columns - 1);
        corner[a] = right[a] + o[3 + a] * spacing[0] * (rows - 1);
      }
      double[] low = toGrid.apply(p[0], p[1], p[2]);
      double[] side = toGrid.apply(right[0], right[1], right[2]);
      double[] high = toGrid.apply(corner[0], corner[1], corner[2]);
      boolean on =
          Math.abs(low[0]) < SAME_SLICE
              && Math.abs(low[1]) < SAME_SLICE
              && Math.abs(low[2] - Math.rint(low[2])) < SAME_SLICE
              && Math.abs(side[0] - (columns - 1)) < SAME_SLICE
              && Math.abs(side[1]) < SAME_SLICE
              && Math.abs(high[0] - (columns - 1)) < SAME_SLICE
              && Math.abs(high[1] - (rows - 1)) < SAME_SLICE
              && Math.abs(high[2] - low[2]) < SAME_SLICE
              && Math.rint(low[2]) >= 0
              && Math.rint(low[2]) < grid.depth();
      if (!on) {
        return false;
      }
    }
    return true;
  }

  private static double[] normal(double[] o) {
    double x = o[1] * o[5] - o[2] * o[4];
    double y = o[2] * o[3] - o[0] * o[5];
    double z = o[0] * o[4] - o[1] * o[3];
    double length = Math.sqrt(x * x + y * y + z * z);
    return new double[] {x / length, y / length, z / length};
  }

  /** Row and column cosines made to be of length 1. */
  private static double[] unit(double[] cosines) {
    double[] unit = cosines.clone();
    for (int from = 0; from < 6; from += 3) {
      double length = Math.hypot(Math.hypot(unit[from], unit[from + 1]), unit[from + 2]);
      for (int axis = from; axis < from + 3; axis++) {
        unit[axis] /= Math.max(length, 1e-6);
      }
    }
    return unit;
  }

  private static double dot(double[] u, double[] v) {
    return u[0] * v[0] + u[1] * v[1] + u[2] * v[2];
  }
}
