package io.radnet.imaging.segmentation;

import io.radnet.imaging.InvalidInputException;
import io.radnet.imaging.dicom.DicomDataset;
import io.radnet.imaging.dicom.DicomFile;
import io.radnet.imaging.dicom.PixelDecoder;
import io.radnet.imaging.dicom.PixelFrame;
import io.radnet.imaging.dicom.Tag;
import io.radnet.imaging.resample.Resampler;
import io.radnet.imaging.volume.Affine;
import io.radnet.imaging.volume.Geometry;
import io.radnet.imaging.volume.LabelMap;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;

/**
 * Reads DICOM Segmentation objects: BINARY, FRACTIONAL (half of the maximum and more counts) and
 * LABELMAP. A segment's number becomes its label. Where segments overlap, the one of the higher
 * number counts, as later segments usually are parts of earlier ones.
 */
public final class SegmentationReader {
  private static final String LABEL_MAP_UID = "1.2.840.10008.5.1.4.1.1.66.7";
  private static final Set<String> SOP_CLASS_UIDS =
      Set.of(SegmentationWriter.SOP_CLASS_UID, LABEL_MAP_UID);

  /** Positions along the normal that differ by less, as a share of the slice step, are one. */
  private static final double SAME_SLICE = 0.05;

  private static final double SAME_PLACE_MM = 0.05;

  private final DicomFile file;
  private final DicomDataset header;
  private final String name;
  private final int rows;
  private final int columns;

  private SegmentationReader(DicomFile file) {
    this.file = file;
    this.header = file.dataset();
    this.name = file.source().name();
    this.rows = header.integer(Tag.ROWS).orElse(0);
    this.columns = header.integer(Tag.COLUMNS).orElse(0);
  }

  /** A frame's segment (0 in a label map, whose pixels name it) and first voxel's centre. */
  private record Placed(int index, int segment, double[] position, double[] orientation) {}

  /** Whether a file is a segmentation that this class reads. */
  public static boolean reads(DicomFile file) {
    return file.dataset().string(Tag.SOP_CLASS_UID).filter(SOP_CLASS_UIDS::contains).isPresent();
  }

  /**
   * The mask on the smallest grid that holds all its frames.
   *
   * @param file read with its pixel data
   * @throws InvalidInputException where the file is no segmentation, its frames have no place in
   *     the patient or do not lie on one grid, or a segment's number is above 255
   */
  public static LabelMap read(DicomFile file) {
    SegmentationReader reader = new SegmentationReader(file);
    return reader.own(reader.frames());
  }

  /**
   * The mask on the grid of the image that it belongs to. Frames that lie on slices of that grid
   * are taken as they are; any others go through {@link #read(DicomFile)} and the nearest
   * neighbour.
   *
   * @param onto the image's grid
   * @throws InvalidInputException as {@link #read(DicomFile)}, and where mask and image do not
   *     overlap
   */
  public static LabelMap read(DicomFile file, Geometry onto) {
    return read(file, onto, List.of());
  }

  /**
   * As {@link #read(DicomFile, Geometry)}, for an image whose slices may be missing or unevenly
   * spaced: a frame that lies where one of them does belongs to it, wherever the even grid has it.
   *
   * @param slices centre of the first voxel of each slice of the image, LPS mm, in the order of the
   *     grid; empty where they are not known
   */
  public static LabelMap read(DicomFile file, Geometry onto, List<double[]> slices) {
    SegmentationReader reader = new SegmentationReader(file);
    List<Placed> frames = reader.frames();
    boolean drawnOn =
        SegmentationGrid.of(reader.header).filter(grid -> grid.matches(onto, 1e-3)).isPresent();
    List<Placed> placed = drawnOn ? reader.onSlices(frames, onto) : onImages(frames, onto, slices);
    if (reader.liesOn(placed, onto)) {
      return reader.drawn(placed, onto);
    }
    LabelMap own = reader.own(frames);
    boolean overlap = false;
    Affine toOwn = own.geometry().affine().inverse().after(onto.affine());
    for (int k = 0; k < onto.depth() && !overlap; k++) {
      for (int j = 0; j < onto.height() && !overlap; j++) {
        for (int i = 0; i < onto.width() && !overlap; i++) {
          double[] at = toOwn.apply(i, j, k);
          overlap =
              inside(at[0], columns(own))
                  && inside(at[1], rows(own))
                  && inside(at[2], own.geometry().depth());
        }
      }
    }
    if (!overlap) {
      throw new InvalidInputException(
          reader.name, "lies outside its image (expected: the same place in the patient)");
    }
    return Resampler.resample(own, onto);
  }

  /** The mask on its own grid, which is part of the scan's where that is known to be uneven. */
  private LabelMap own(List<Placed> frames) {
    List<Placed> placed =
        SegmentationGrid.of(header).map(grid -> onSlices(frames, grid)).orElse(frames);
    return drawn(placed, grid(placed));
  }

  /** Frames moved to the slices of the grid that the source's uneven slices count on. */
  private List<Placed> onSlices(List<Placed> frames, Geometry grid) {
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
  private static List<Placed> onImages(List<Placed> frames, Geometry grid, List<double[]> slices) {
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

  private static int columns(LabelMap map) {
    return map.geometry().width();
  }

  private static int rows(LabelMap map) {
    return map.geometry().height();
  }

  private static boolean inside(double index, int size) {
    return index >= -0.5 && index <= size - 0.5;
  }

  private List<Placed> frames() {
    if (!reads(file)) {
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
      frames.add(new Placed(n, labelMap ? 0 : (int) segment[0], position, orientation));
    }
    return frames;
  }

  private boolean labelMap() {
    return header.string(Tag.SOP_CLASS_UID).filter(LABEL_MAP_UID::equals).isPresent()
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

  private Geometry grid(List<Placed> frames) {
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
      boolean turned = o[0] * own[0] + o[1] * own[1] + o[2] * own[2] < 0.9999;
      if (turned || dot(normal(own), normal) < 0.9999) {
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

  private boolean liesOn(List<Placed> frames, Geometry grid) {
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
      double[] corner = new double[3];
      for (int a = 0; a < 3; a++) {
        corner[a] = p[a] + o[a] * spacing[1] * (columns - 1) + o[3 + a] * spacing[0] * (rows - 1);
      }
      double[] right = new double[3]; // without it a transposed square would do
      for (int a = 0; a < 3; a++) {
        right[a] = p[a] + o[a] * spacing[1] * (columns - 1);
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

  private LabelMap drawn(List<Placed> frames, Geometry grid) {
    if (grid.voxels() > Integer.MAX_VALUE - 8) {
      throw new InvalidInputException(name, grid.voxels() + " voxels (expected: fewer than 2^31)");
    }
    byte[] labels = new byte[(int) grid.voxels()];
    Affine toGrid = grid.affine().inverse();
    boolean labelMap = labelMap();
    double half =
        header.string(Tag.SEGMENTATION_TYPE).filter("FRACTIONAL"::equals).isPresent()
            ? header.number(SegmentationTag.MAXIMUM_FRACTIONAL_VALUE).orElse(255) / 2
            : 0.5;
    int plane = rows * columns;
    for (Placed frame : frames) {
      double[] p = frame.position();
      double along = toGrid.apply(p[0], p[1], p[2])[2];
      int slice = (int) Math.rint(along);
      if (Math.abs(along - slice) > 0.3 || slice < 0 || slice >= grid.depth()) {
        throw new InvalidInputException(
            name, "frame " + (frame.index() + 1) + " lies between slices (expected: even steps)");
      }
      PixelFrame pixels = PixelDecoder.frame(file, frame.index());
      int at = slice * plane;
      for (int n = 0; n < plane; n++) {
        int value = pixels.values()[n];
        if (labelMap) {
          if (value < 0 || value > 255) {
            throw new InvalidInputException(name, "segment: " + value + " (expected: 0 to 255)");
          }
          labels[at + n] = (byte) Math.max(labels[at + n] & 0xff, value);
        } else if (value >= half) {
          labels[at + n] = (byte) Math.max(labels[at + n] & 0xff, frame.segment());
        }
      }
    }
    return new LabelMap(grid, labels, names());
  }

  private Map<Integer, String> names() {
    Map<Integer, String> names = new TreeMap<>();
    for (DicomDataset segment : header.items(Tag.SEGMENT_SEQUENCE)) {
      int number = segment.integer(Tag.SEGMENT_NUMBER).orElse(0);
      if (number > 0 && number < 256) {
        names.put(number, segment.string(Tag.SEGMENT_LABEL).orElse("segment " + number));
      }
    }
    return names;
  }

  private static double[] normal(double[] o) {
    double x = o[1] * o[5] - o[2] * o[4];
    double y = o[2] * o[3] - o[0] * o[5];
    double z = o[0] * o[4] - o[1] * o[3];
    double length = Math.sqrt(x * x + y * y + z * z);
    return new double[] {x / length, y / length, z / length};
  }

  private static double dot(double[] u, double[] v) {
    return u[0] * v[0] + u[1] * v[1] + u[2] * v[2];
  }
}
