package io.radnet.imaging.series;

import io.radnet.imaging.dicom.DicomDataset;
import io.radnet.imaging.dicom.Tag;
import io.radnet.imaging.dicom.VR;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import org.jspecify.annotations.Nullable;

/**
 * Finds the slices in a header: classic images, mosaics and tile sheets, enhanced multi-frame, dose
 * grids.
 */
final class FrameReader {
  /** Most frames of one object: a damaged header may claim any number. */
  static final int MAXIMUM_FRAMES = 65_536;

  private static final String[] GE_PARTS = {"/MAGNITUDE", "/PHASE", "/REAL", "/IMAGINARY"};
  private static final int MR_UIH = 0x0065;
  private static final String UIH_CREATOR = "Image Private Header";

  private FrameReader() {}

  static List<Frame> frames(Instance instance, DicomDataset dataset) {
    int rows = dataset.integer(Tag.ROWS).orElse(0);
    int columns = dataset.integer(Tag.COLUMNS).orElse(0);
    if (rows < 1 || columns < 1) {
      return List.of();
    }
    List<DicomDataset> perFrame = dataset.items(Tag.PER_FRAME_FUNCTIONAL_GROUPS_SEQUENCE);
    if (!perFrame.isEmpty()) {
      return EnhancedFrames.of(instance, dataset, perFrame, rows, columns);
    }
    Template template = Template.of(instance, dataset, rows, columns);
    List<Frame> tiles = uihTiles(template, dataset);
    if (tiles.isEmpty()) {
      tiles = SiemensMosaic.tiles(template, dataset);
    }
    if (!tiles.isEmpty()) {
      return tiles;
    }
    int count =
        Math.min(MAXIMUM_FRAMES, Math.max(1, dataset.integer(Tag.NUMBER_OF_FRAMES).orElse(1)));
    if (count == 1) {
      return List.of(template.frame(0, 0, 0, rows, columns, template.position));
    }
    return plainMultiFrame(template, dataset, count);
  }

  /** What the frames of a classic header share. */
  record Template(
      Instance instance,
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

    static Template of(Instance instance, DicomDataset dataset, int rows, int columns) {
      DicomDataset measures = measures(dataset);
      double[] spacing = spacing(measures);
      DicomDataset plane = plane(dataset);
      boolean lookedUp = instance.meaning().lookedUp();
      return new Template(
          instance,
          rows,
          columns,
          vector(plane, Tag.IMAGE_POSITION_PATIENT, 3),
          FrameReader.orientation(plane),
          spacing[0],
          spacing[1],
          FrameReader.sliceDistance(measures),
          lookedUp ? 1 : rescaleSlope(dataset),
          lookedUp ? 0 : dataset.number(Tag.RESCALE_INTERCEPT).orElse(0),
          new FrameGroup(
              component(dataset.strings(Tag.IMAGE_TYPE)) + complexPart(dataset),
              dataset.number(Tag.ECHO_TIME).orElse(Double.NaN),
              DiffusionBValue.of(dataset),
              dataset.integer(Tag.TEMPORAL_POSITION_IDENTIFIER).orElse(0),
              dataset.integer(Tag.ACQUISITION_NUMBER).orElse(0),
              ""));
    }

    Frame frame(int index, int tileX, int tileY, int height, int width, double @Nullable [] at) {
      return new Frame(
          instance,
          index,
          tileX,
          tileY,
          height,
          width,
          at,
          orientation,
          rowSpacing,
          columnSpacing,
          sliceDistance,
          slope,
          intercept,
          group);
    }
  }

  /**
   * What holds position and orientation. Nuclear medicine keeps them with the detector; what was
   * reconstructed from several detectors has one place, with the first of them.
   */
  private static DicomDataset plane(DicomDataset dataset) {
    List<DicomDataset> detectors = dataset.items(Tag.DETECTOR_INFORMATION_SEQUENCE);
    if (dataset.contains(Tag.IMAGE_ORIENTATION_PATIENT) || detectors.isEmpty()) {
      return dataset;
    }
    boolean reconstructed =
        dataset.strings(Tag.IMAGE_TYPE).stream().anyMatch(value -> value.startsWith("RECON"));
    if (detectors.size() > 1 && !reconstructed) {
      return dataset;
    }
    return detectors.stream()
        .filter(
            one -> orientation(one) != null && vector(one, Tag.IMAGE_POSITION_PATIENT, 3) != null)
        .findFirst()
        .orElse(dataset);
  }

  /** What holds the pixel spacing: tiles of a microscope slide share a functional group of it. */
  private static DicomDataset measures(DicomDataset dataset) {
    if (dataset.contains(Tag.PIXEL_SPACING)) {
      return dataset;
    }
    return dataset.items(Tag.SHARED_FUNCTIONAL_GROUPS_SEQUENCE).stream()
        .flatMap(shared -> shared.items(Tag.PIXEL_MEASURES_SEQUENCE).stream())
        .findFirst()
        .orElse(dataset);
  }

  static double rescaleSlope(DicomDataset dataset) {
    double slope = dataset.number(Tag.RESCALE_SLOPE).orElse(1);
    return slope == 0 ? 1 : slope;
  }

  static double[] spacing(DicomDataset dataset) {
    double[] spacing = vector(dataset, Tag.PIXEL_SPACING, 2);
    return spacing == null || !(spacing[0] > 0) || !(spacing[1] > 0) ? new double[2] : spacing;
  }

  /** The distance to the next slice as the header says: a single slice has nothing better. */
  static double sliceDistance(DicomDataset dataset) {
    for (int tag : new int[] {Tag.SPACING_BETWEEN_SLICES, Tag.SLICE_THICKNESS}) {
      double value = Math.abs(dataset.number(tag).orElse(0)); // nuclear medicine signs it
      if (value > 0 && Double.isFinite(value)) {
        return value;
      }
    }
    return 0;
  }

  /** Row and column cosines, each of length 1; null where absent or without a direction. */
  static double @Nullable [] orientation(DicomDataset dataset) {
    double[] cosines = vector(dataset, Tag.IMAGE_ORIENTATION_PATIENT, 6);
    if (cosines == null) {
      return null;
    }
    for (int from = 0; from < 6; from += 3) {
      double length = Math.hypot(Math.hypot(cosines[from], cosines[from + 1]), cosines[from + 2]);
      if (length < 1e-6) {
        return null;
      }
      for (int axis = from; axis < from + 3; axis++) {
        cosines[axis] /= length;
      }
    }
    return cosines;
  }

  static double @Nullable [] vector(DicomDataset dataset, int tag, int size) {
    double[] values = dataset.numbers(tag);
    if (values.length != size) {
      return null;
    }
    for (double value : values) {
      if (!Double.isFinite(value)) {
        return null;
      }
    }
    return values;
  }

  /** The values of ImageType or FrameType that tell kinds of image apart. */
  static String component(List<String> imageType) {
    return imageType.size() <= 2
        ? ""
        : String.join("/", imageType.subList(2, imageType.size())).intern();
  }

  /**
   * Magnitude, phase, real or imaginary, where ImageType does not tell them apart: the complex
   * image component of enhanced objects, GE's private kind of raw data.
   */
  static String complexPart(DicomDataset dataset) {
    Optional<String> standard = dataset.string(Tag.COMPLEX_IMAGE_COMPONENT);
    if (standard.isPresent()) {
      return ("/" + standard.get()).intern();
    }
    OptionalInt tag = dataset.privateTag(0x0043, "GEMS_PARM_01", 0x2F);
    double kind = tag.isPresent() ? dataset.number(tag.getAsInt(), VR.SS).orElse(-1) : -1;
    return kind >= 0 && kind < GE_PARTS.length && kind == Math.rint(kind)
        ? GE_PARTS[(int) kind]
        : "";
  }

  private static List<Frame> uihTiles(Template template, DicomDataset dataset) {
    OptionalInt tag = dataset.privateTag(MR_UIH, UIH_CREATOR, 0x51);
    List<DicomDataset> tiles = tag.isPresent() ? dataset.items(tag.getAsInt()) : List.of();
    if (tiles.size() < 2 || tiles.size() > MAXIMUM_FRAMES) {
      return List.of();
    }
    int across = (int) Math.ceil(Math.sqrt(tiles.size()));
    int down = (tiles.size() + across - 1) / across;
    if (template.columns % across != 0 || template.rows % down != 0) {
      return List.of();
    }
    int height = template.rows / down;
    int width = template.columns / across;
    List<Frame> frames = new ArrayList<>();
    for (int i = 0; i < tiles.size(); i++) {
      double[] position = vector(tiles.get(i), Tag.IMAGE_POSITION_PATIENT, 3);
      frames.add(
          template.frame(0, i % across * width, i / across * height, height, width, position));
    }
    return frames;
  }

  /**
   * Frames without functional groups: a dose grid has offsets along the normal, a reconstructed
   * stack a distance; others, such as cine loops, have no place in space.
   */
  private static List<Frame> plainMultiFrame(Template template, DicomDataset dataset, int count) {
    double[] offsets = offsets(dataset, count, template.sliceDistance);
    double[] normal =
        template.frame(0, 0, 0, template.rows, template.columns, template.position).normal();
    double[] origin = template.position;
    List<Frame> frames = new ArrayList<>();
    for (int i = 0; i < count; i++) {
      double[] position = null;
      if (offsets.length == count && normal != null && origin != null) {
        position =
            new double[] {
              origin[0] + normal[0] * offsets[i],
              origin[1] + normal[1] * offsets[i],
              origin[2] + normal[2] * offsets[i]
            };
      }
      frames.add(template.frame(i, 0, 0, template.rows, template.columns, position));
    }
    return frames;
  }

  /** Where each frame lies along the normal, from the first, in mm; empty where nothing says so. */
  private static double[] offsets(DicomDataset dataset, int count, double distance) {
    double[] offsets = dataset.numbers(Tag.GRID_FRAME_OFFSET_VECTOR);
    if (offsets.length == count) {
      double first = offsets[0];
      return Arrays.stream(offsets).map(offset -> offset - first).toArray();
    }
    double[] slices = dataset.numbers(Tag.SLICE_VECTOR);
    double[] pointers = dataset.numbers(Tag.FRAME_INCREMENT_POINTER);
    boolean stacked = pointers.length == 0 || slices.length == count;
    if (!stacked || distance == 0) {
      return new double[0];
    }
    // Nuclear medicine alone gives the distance a sign: which way along the normal.
    double step = dataset.number(Tag.SPACING_BETWEEN_SLICES).orElse(1) < 0 ? -distance : distance;
    double[] places = new double[count];
    for (int i = 0; i < count; i++) {
      places[i] = step * (slices.length == count ? slices[i] - slices[0] : i);
    }
    return places;
  }
}
