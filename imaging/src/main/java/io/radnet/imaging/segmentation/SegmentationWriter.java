package io.radnet.imaging.segmentation;

import io.radnet.imaging.dicom.DicomWriter;
import io.radnet.imaging.dicom.Tag;
import io.radnet.imaging.dicom.VR;
import io.radnet.imaging.dicom.WritableDataset;
import io.radnet.imaging.volume.Geometry;
import io.radnet.imaging.volume.LabelMap;
import java.io.IOException;
import java.io.OutputStream;
import java.math.BigInteger;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/**
 * Writes DICOM Segmentation objects (PS3.3 A.51): type BINARY, one frame per segment and slice that
 * holds a voxel of it, each frame with its place in the patient and the source image that it lies
 * over. The same mask, source and options give the same bytes.
 */
public final class SegmentationWriter {
  /** Segmentation Storage. */
  public static final String SOP_CLASS_UID = "1.2.840.10008.5.1.4.1.1.66.4";

  /** Positions closer than this are one. */
  private static final double SAME_PLACE_MM = 0.01;

  private final LabelMap mask;
  private final SegmentationSource source;
  private final SegmentationOptions options;
  private final Geometry grid;

  /** Voxels by slice and label. */
  private final int[][] counts;

  private SegmentationWriter(
      LabelMap mask, SegmentationSource source, SegmentationOptions options) {
    this.mask = mask;
    this.source = source;
    this.options = options;
    this.grid = mask.geometry();
    this.counts = new int[grid.depth()][];
    for (int k = 0; k < counts.length; k++) {
      counts[k] = mask.counts(k, k + 1);
    }
  }

  /** A segment on a slice. */
  private record SegmentFrame(int label, int segment, int slice) {}

  /**
   * Writes a mask.
   *
   * @param mask on the source's grid; its names become segments in the order of their labels, a
   *     label without name is called {@code label N}
   * @param source the scan
   * @throws IllegalArgumentException where the grids differ
   */
  public static void write(
      OutputStream out, LabelMap mask, SegmentationSource source, SegmentationOptions options)
      throws IOException {
    if (!mask.geometry().matches(source.geometry(), 1e-3)) {
      throw new IllegalArgumentException("the mask's grid is not the source's");
    }
    DicomWriter.write(
        out,
        new SegmentationWriter(mask, source, options).dataset(),
        DicomWriter.EXPLICIT_LITTLE_ENDIAN);
  }

  private WritableDataset dataset() {
    TreeMap<Integer, String> labels = labels();
    List<SegmentFrame> frames = frames(labels);
    WritableDataset object = new WritableDataset();
    String seed = digest(labels);
    identity(object, seed);
    patient(object);
    object
        .put(Tag.SAMPLES_PER_PIXEL, VR.US, 1)
        .put(Tag.PHOTOMETRIC_INTERPRETATION, VR.CS, "MONOCHROME2")
        .put(Tag.NUMBER_OF_FRAMES, VR.IS, frames.size())
        .put(Tag.ROWS, VR.US, grid.height())
        .put(Tag.COLUMNS, VR.US, grid.width())
        .put(Tag.BITS_ALLOCATED, VR.US, 1)
        .put(Tag.BITS_STORED, VR.US, 1)
        .put(Tag.HIGH_BIT, VR.US, 0)
        .put(Tag.PIXEL_REPRESENTATION, VR.US, 0)
        .put(SegmentationTag.LOSSY_IMAGE_COMPRESSION, VR.CS, "00")
        .put(Tag.SEGMENTATION_TYPE, VR.CS, "BINARY")
        .putSequence(Tag.SEGMENT_SEQUENCE, segments(labels))
        .putSequence(Tag.REFERENCED_SERIES_SEQUENCE, List.of(referencedSeries()))
        .putSequence(Tag.SHARED_FUNCTIONAL_GROUPS_SEQUENCE, List.of(shared()))
        .putSequence(
            Tag.PER_FRAME_FUNCTIONAL_GROUPS_SEQUENCE, frames.stream().map(this::frame).toList())
        .put(Tag.PIXEL_DATA, VR.OB, bits(frames));
    dimensions(object, seed);
    uneven(object);
    return object;
  }

  /** Named labels and those that occur, in ascending order. */
  private TreeMap<Integer, String> labels() {
    TreeMap<Integer, String> labels = new TreeMap<>(mask.names());
    for (int[] slice : counts) {
      for (int label = 1; label < 256; label++) {
        if (slice[label] > 0) {
          labels.putIfAbsent(label, "label " + label);
        }
      }
    }
    labels.remove(0);
    if (labels.isEmpty()) {
      throw new IllegalArgumentException("the mask names no class (expected: at least one)");
    }
    return labels;
  }

  /** Frames that hold a voxel, by segment and slice; a mask without any gets one empty frame. */
  private List<SegmentFrame> frames(TreeMap<Integer, String> labels) {
    List<SegmentFrame> frames = new ArrayList<>();
    int segment = 0;
    for (int label : labels.keySet()) {
      segment++;
      for (int k = 0; k < grid.depth(); k++) {
        if (counts[k][label] > 0) {
          frames.add(new SegmentFrame(label, segment, k));
        }
      }
    }
    return frames.isEmpty() ? List.of(new SegmentFrame(labels.firstKey(), 1, 0)) : frames;
  }

  /** One bit per pixel, the first in the lowest bit, frames without a gap between them. */
  private byte[] bits(List<SegmentFrame> frames) {
    int plane = grid.width() * grid.height();
    BitPacker packer = new BitPacker((long) plane * frames.size());
    for (SegmentFrame frame : frames) {
      packer.add(mask.labels(), frame.slice() * plane, plane, (byte) frame.label());
    }
    return packer.bytes();
  }

  private void identity(WritableDataset object, String seed) {
    DateTimeFormatter date = DateTimeFormatter.ofPattern("yyyyMMdd").withZone(ZoneOffset.UTC);
    DateTimeFormatter time = DateTimeFormatter.ofPattern("HHmmss").withZone(ZoneOffset.UTC);
    object
        .put(Tag.SPECIFIC_CHARACTER_SET, VR.CS, "ISO_IR 192")
        .put(Tag.IMAGE_TYPE, VR.CS, "DERIVED", "PRIMARY")
        .put(Tag.SOP_CLASS_UID, VR.UI, SOP_CLASS_UID)
        .put(Tag.SOP_INSTANCE_UID, VR.UI, uid("instance", seed))
        .put(Tag.CONTENT_DATE, VR.DA, date.format(options.created()))
        .put(SegmentationTag.CONTENT_TIME, VR.TM, time.format(options.created()))
        .put(Tag.MODALITY, VR.CS, "SEG")
        .put(Tag.MANUFACTURER, VR.LO, "radnet")
        .put(Tag.MANUFACTURER_MODEL_NAME, VR.LO, cut(options.algorithmName(), 64))
        .put(Tag.DEVICE_SERIAL_NUMBER, VR.LO, "0")
        .put(
            SegmentationTag.SOFTWARE_VERSIONS,
            VR.LO,
            options.algorithmVersion().isBlank() ? "0" : cut(options.algorithmVersion(), 64))
        .put(
            SegmentationTag.SERIES_DESCRIPTION,
            VR.LO,
            cut("Segmentation: " + options.algorithmName(), 64))
        .put(Tag.SERIES_INSTANCE_UID, VR.UI, uid("series", seed))
        .put(Tag.SERIES_NUMBER, VR.IS, 1)
        .put(Tag.INSTANCE_NUMBER, VR.IS, 1)
        .put(SegmentationTag.CONTENT_LABEL, VR.CS, "SEGMENTATION")
        .put(SegmentationTag.CONTENT_DESCRIPTION, VR.LO, "Automatic, not for clinical use")
        .put(SegmentationTag.CONTENT_CREATOR_NAME, VR.PN)
        .put(
            Tag.FRAME_OF_REFERENCE_UID,
            VR.UI,
            source
                .header()
                .string(Tag.FRAME_OF_REFERENCE_UID)
                .orElse(uid("frame of reference", source.seriesUid())))
        .put(SegmentationTag.POSITION_REFERENCE_INDICATOR, VR.LO)
        .put(Tag.STUDY_INSTANCE_UID, VR.UI, source.studyUid());
  }

  private void patient(WritableDataset object) {
    kept(object, Tag.PATIENT_NAME, VR.PN);
    kept(object, Tag.PATIENT_ID, VR.LO);
    kept(object, Tag.PATIENT_BIRTH_DATE, VR.DA);
    kept(object, Tag.PATIENT_SEX, VR.CS);
    kept(object, Tag.STUDY_DATE, VR.DA);
    kept(object, Tag.STUDY_TIME, VR.TM);
    kept(object, SegmentationTag.STUDY_ID, VR.SH);
    kept(object, Tag.ACCESSION_NUMBER, VR.SH);
    kept(object, Tag.REFERRING_PHYSICIAN_NAME, VR.PN);
  }

  private void kept(WritableDataset object, int tag, VR vr) {
    String value = options.keepPatient() ? header(tag) : "";
    if (value.isEmpty()) {
      object.put(tag, vr);
    } else {
      object.put(tag, vr, value);
    }
  }

  private String header(int tag) {
    return source.header().string(tag).orElse("");
  }

  private List<WritableDataset> segments(TreeMap<Integer, String> labels) {
    List<WritableDataset> items = new ArrayList<>();
    for (Map.Entry<Integer, String> label : labels.entrySet()) {
      SegmentCode.Property property = SegmentCode.Property.of(label.getValue());
      items.add(
          new WritableDataset()
              .put(Tag.SEGMENT_NUMBER, VR.US, items.size() + 1)
              .put(Tag.SEGMENT_LABEL, VR.LO, cut(label.getValue(), 64))
              .put(
                  SegmentationTag.SEGMENT_DESCRIPTION,
                  VR.ST,
                  "class " + label.getKey() + " of the model")
              .put(SegmentationTag.SEGMENT_ALGORITHM_TYPE, VR.CS, "AUTOMATIC")
              .put(SegmentationTag.SEGMENT_ALGORITHM_NAME, VR.LO, cut(options.algorithmName(), 64))
              .putSequence(
                  SegmentationTag.SEGMENTED_PROPERTY_CATEGORY_CODE_SEQUENCE,
                  List.of(property.category().item()))
              .putSequence(
                  SegmentationTag.SEGMENTED_PROPERTY_TYPE_CODE_SEQUENCE,
                  List.of(property.type().item())));
    }
    return items;
  }

  private WritableDataset referencedSeries() {
    List<WritableDataset> instances = new ArrayList<>();
    for (SegmentationSource.Image image :
        new LinkedHashSet<>(
            source.images().stream()
                .map(
                    i -> new SegmentationSource.Image(i.sopClassUid(), i.sopInstanceUid(), 0, null))
                .toList())) {
      instances.add(reference(image));
    }
    return new WritableDataset()
        .put(Tag.SERIES_INSTANCE_UID, VR.UI, source.seriesUid())
        .putSequence(SegmentationTag.REFERENCED_INSTANCE_SEQUENCE, instances);
  }

  private static WritableDataset reference(SegmentationSource.Image image) {
    WritableDataset item =
        new WritableDataset()
            .put(Tag.REFERENCED_SOP_CLASS_UID, VR.UI, image.sopClassUid())
            .put(Tag.REFERENCED_SOP_INSTANCE_UID, VR.UI, image.sopInstanceUid());
    if (image.frame() > 0) {
      item.put(SegmentationTag.REFERENCED_FRAME_NUMBER, VR.IS, image.frame());
    }
    return item;
  }

  private WritableDataset shared() {
    double[] row = grid.direction(0);
    double[] column = grid.direction(1);
    double[] normal = {
      row[1] * column[2] - row[2] * column[1],
      row[2] * column[0] - row[0] * column[2],
      row[0] * column[1] - row[1] * column[0]
    };
    double[] step = grid.affine().column(2);
    double between = Math.abs(normal[0] * step[0] + normal[1] * step[1] + normal[2] * step[2]);
    return new WritableDataset()
        .putSequence(
            SegmentationTag.PIXEL_MEASURES_SEQUENCE,
            List.of(
                new WritableDataset()
                    .put(Tag.SLICE_THICKNESS, VR.DS, between)
                    .put(Tag.SPACING_BETWEEN_SLICES, VR.DS, between)
                    .put(Tag.PIXEL_SPACING, VR.DS, grid.spacing(1), grid.spacing(0))))
        .putSequence(
            SegmentationTag.PLANE_ORIENTATION_SEQUENCE,
            List.of(
                new WritableDataset()
                    .put(
                        Tag.IMAGE_ORIENTATION_PATIENT,
                        VR.DS,
                        row[0],
                        row[1],
                        row[2],
                        column[0],
                        column[1],
                        column[2])));
  }

  /** Where the source image of a slice lies, which is not on the grid where steps are uneven. */
  private double[] position(int slice) {
    double[] onGrid = grid.affine().apply(0, 0, slice);
    double[] own = source.images().get(slice).position();
    if (own == null) {
      return onGrid;
    }
    double squares = 0;
    for (int axis = 0; axis < 3; axis++) {
      squares += (own[axis] - onGrid[axis]) * (own[axis] - onGrid[axis]);
    }
    return squares <= SAME_PLACE_MM * SAME_PLACE_MM ? onGrid : own;
  }

  /** The grid that the slices count on, for frames that do not all lie on it. */
  private void uneven(WritableDataset object) {
    for (int k = 0; k < grid.depth(); k++) {
      if (!Arrays.equals(position(k), grid.affine().apply(0, 0, k))) {
        SegmentationGrid.put(object, grid);
        return;
      }
    }
  }

  private WritableDataset frame(SegmentFrame frame) {
    double[] position = position(frame.slice());
    return new WritableDataset()
        .putSequence(
            SegmentationTag.FRAME_CONTENT_SEQUENCE,
            List.of(
                new WritableDataset()
                    .put(Tag.DIMENSION_INDEX_VALUES, VR.UL, frame.segment(), frame.slice() + 1)))
        .putSequence(
            SegmentationTag.PLANE_POSITION_SEQUENCE,
            List.of(
                new WritableDataset()
                    .put(Tag.IMAGE_POSITION_PATIENT, VR.DS, position[0], position[1], position[2])))
        .putSequence(
            SegmentationTag.SEGMENT_IDENTIFICATION_SEQUENCE,
            List.of(
                new WritableDataset()
                    .put(SegmentationTag.REFERENCED_SEGMENT_NUMBER, VR.US, frame.segment())))
        .putSequence(
            SegmentationTag.DERIVATION_IMAGE_SEQUENCE,
            List.of(
                new WritableDataset()
                    .putSequence(
                        SegmentationTag.SOURCE_IMAGE_SEQUENCE,
                        List.of(
                            reference(source.images().get(frame.slice()))
                                .put(SegmentationTag.SPATIAL_LOCATIONS_PRESERVED, VR.CS, "YES")
                                .putSequence(
                                    SegmentationTag.PURPOSE_OF_REFERENCE_CODE_SEQUENCE,
                                    List.of(SegmentCode.SOURCE_IMAGE.item()))))
                    .putSequence(
                        SegmentationTag.DERIVATION_CODE_SEQUENCE,
                        List.of(SegmentCode.SEGMENTATION.item()))));
  }

  /** Frames are ordered by segment, then by place along the stack. */
  private static void dimensions(WritableDataset object, String seed) {
    String organization = uid("dimensions", seed);
    object
        .putSequence(
            Tag.DIMENSION_ORGANIZATION_SEQUENCE,
            List.of(
                new WritableDataset()
                    .put(SegmentationTag.DIMENSION_ORGANIZATION_UID, VR.UI, organization)))
        .putSequence(
            Tag.DIMENSION_INDEX_SEQUENCE,
            List.of(
                dimension(
                    organization,
                    SegmentationTag.REFERENCED_SEGMENT_NUMBER,
                    SegmentationTag.SEGMENT_IDENTIFICATION_SEQUENCE,
                    "Segment"),
                dimension(
                    organization,
                    Tag.IMAGE_POSITION_PATIENT,
                    SegmentationTag.PLANE_POSITION_SEQUENCE,
                    "Position")));
  }

  private static WritableDataset dimension(
      String organization, int pointer, int group, String label) {
    return new WritableDataset()
        .put(SegmentationTag.DIMENSION_ORGANIZATION_UID, VR.UI, organization)
        .put(SegmentationTag.DIMENSION_INDEX_POINTER, VR.AT, pointer)
        .put(SegmentationTag.FUNCTIONAL_GROUP_POINTER, VR.AT, group)
        .put(SegmentationTag.DIMENSION_DESCRIPTION_LABEL, VR.LO, label);
  }

  private String digest(TreeMap<Integer, String> labels) {
    MessageDigest sha = sha256();
    sha.update(mask.labels());
    for (SegmentationSource.Image image : source.images()) {
      sha.update((image.sopInstanceUid() + "/" + image.frame()).getBytes(StandardCharsets.UTF_8));
    }
    sha.update((labels + " " + options).getBytes(StandardCharsets.UTF_8));
    sha.update(Arrays.toString(grid.affine().toArray()).getBytes(StandardCharsets.UTF_8));
    return new BigInteger(1, sha.digest()).toString(16);
  }

  /** A UID of a UUID's size under 2.25 (PS3.5 B.2), from a digest. */
  static String uid(String role, String seed) {
    byte[] digest = sha256().digest((role + " " + seed).getBytes(StandardCharsets.UTF_8));
    byte[] bytes = Arrays.copyOf(digest, 16);
    bytes[6] = (byte) (bytes[6] & 0x0f | 0x80); // version 8: an own scheme
    bytes[8] = (byte) (bytes[8] & 0x3f | 0x80);
    return "2.25." + new BigInteger(1, bytes);
  }

  private static MessageDigest sha256() {
    try {
      return MessageDigest.getInstance("SHA-256");
    } catch (NoSuchAlgorithmException absent) {
      throw new IllegalStateException("every Java platform has SHA-256", absent);
    }
  }

  private static String cut(String text, int most) {
    return text.length() <= most ? text : text.substring(0, most);
  }
}
