package io.radnet.imaging.series;

import static org.assertj.core.api.Assertions.assertThat;

import io.radnet.imaging.dicom.DicomWriter;
import io.radnet.imaging.dicom.InstanceSource;
import io.radnet.imaging.dicom.Tag;
import io.radnet.imaging.dicom.VR;
import io.radnet.imaging.dicom.WritableDataset;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.ArrayList;
import java.util.List;

/** MR files in memory, made as a test needs them, and the series that they form. */
abstract class MrFiles {
  static final int SIDE = 4;

  final List<InstanceSource> sources = new ArrayList<>();

  static List<Integer> firstValues(List<SeriesVolume> volumes) {
    return volumes.stream().map(volume -> (int) volume.volume().value(0)).toList();
  }

  final Series series() {
    ScanResult scan = SeriesScanner.group(sources, 1);
    assertThat(scan.skipped()).isEmpty();
    assertThat(scan.series()).hasSize(1);
    return scan.series().get(0);
  }

  final List<SeriesVolume> assemble() {
    return VolumeAssembler.assemble(series());
  }

  final void add(WritableDataset image, int value) throws IOException {
    add(image, pixels(1, value));
  }

  final void add(WritableDataset image, byte[] pixels) throws IOException {
    String name = String.format("s/%03d", sources.size());
    sources.add(new InstanceSource.Memory(name, bytes(image, pixels)));
  }

  static byte[] bytes(WritableDataset image, byte[] pixels) throws IOException {
    image.put(Tag.PIXEL_DATA, VR.OW, pixels);
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    DicomWriter.write(out, image, DicomWriter.EXPLICIT_LITTLE_ENDIAN);
    return out.toByteArray();
  }

  /** Frames whose pixels all have one value, which counts up from frame to frame. */
  static byte[] pixels(int frames, int value) {
    ByteBuffer pixels = ByteBuffer.allocate(frames * SIDE * SIDE * 2);
    pixels.order(ByteOrder.LITTLE_ENDIAN);
    for (int i = 0; i < frames * SIDE * SIDE; i++) {
      pixels.putShort((short) (value + i / (SIDE * SIDE)));
    }
    return pixels.array();
  }

  static WritableDataset enhanced(List<WritableDataset> frames) {
    WritableDataset image = slice(0, 0);
    image.remove(Tag.IMAGE_POSITION_PATIENT).remove(Tag.IMAGE_ORIENTATION_PATIENT);
    WritableDataset plane = new WritableDataset();
    plane.put(Tag.IMAGE_ORIENTATION_PATIENT, VR.DS, 1.0, 0.0, 0.0, 0.0, 1.0, 0.0);
    WritableDataset measures = new WritableDataset().put(Tag.PIXEL_SPACING, VR.DS, 0.5, 0.8);
    WritableDataset shared = new WritableDataset();
    shared.putSequence(Tag.PLANE_ORIENTATION_SEQUENCE, List.of(plane));
    shared.putSequence(Tag.PIXEL_MEASURES_SEQUENCE, List.of(measures));
    image.putSequence(Tag.SHARED_FUNCTIONAL_GROUPS_SEQUENCE, List.of(shared));
    image.putSequence(Tag.PER_FRAME_FUNCTIONAL_GROUPS_SEQUENCE, frames);
    image.putSequence(
        Tag.DIMENSION_INDEX_SEQUENCE,
        List.of(
            new WritableDataset().put(0x0020_9165, VR.AT, 0x0020_9057),
            new WritableDataset().put(0x0020_9165, VR.AT, 0x0020_9153)));
    return image.put(Tag.NUMBER_OF_FRAMES, VR.IS, frames.size());
  }

  static WritableDataset frame(double z, int slice, int index) {
    WritableDataset place = new WritableDataset();
    place.put(Tag.IMAGE_POSITION_PATIENT, VR.DS, 0.0, 0.0, z);
    WritableDataset content = new WritableDataset();
    content.put(Tag.DIMENSION_INDEX_VALUES, VR.UL, slice, index);
    return new WritableDataset()
        .putSequence(Tag.PLANE_POSITION_SEQUENCE, List.of(place))
        .putSequence(Tag.FRAME_CONTENT_SEQUENCE, List.of(content));
  }

  /**
   * A sheet of this many rows and columns that Siemens calls a mosaic, and nothing of its tiles.
   */
  static WritableDataset mosaic(int side) {
    return slice(0, 0)
        .put(Tag.IMAGE_TYPE, VR.CS, "ORIGINAL", "PRIMARY", "M", "ND", "MOSAIC")
        .put(Tag.ROWS, VR.US, side)
        .put(Tag.COLUMNS, VR.US, side);
  }

  static WritableDataset slice(int number, double z) {
    return new WritableDataset()
        .put(Tag.SOP_CLASS_UID, VR.UI, "1.2.840.10008.5.1.4.1.1.4")
        .put(Tag.SOP_INSTANCE_UID, VR.UI, "1.2.3." + number)
        .put(Tag.SERIES_INSTANCE_UID, VR.UI, "1.2.4")
        .put(Tag.MODALITY, VR.CS, "MR")
        .put(Tag.INSTANCE_NUMBER, VR.IS, number + 1)
        .put(Tag.IMAGE_POSITION_PATIENT, VR.DS, 0.0, 0.0, z)
        .put(Tag.IMAGE_ORIENTATION_PATIENT, VR.DS, 1.0, 0.0, 0.0, 0.0, 1.0, 0.0)
        .put(Tag.PIXEL_SPACING, VR.DS, 0.5, 0.8)
        .put(Tag.SAMPLES_PER_PIXEL, VR.US, 1)
        .put(Tag.PHOTOMETRIC_INTERPRETATION, VR.CS, "MONOCHROME2")
        .put(Tag.ROWS, VR.US, SIDE)
        .put(Tag.COLUMNS, VR.US, SIDE)
        .put(Tag.BITS_ALLOCATED, VR.US, 16)
        .put(Tag.BITS_STORED, VR.US, 16)
        .put(Tag.HIGH_BIT, VR.US, 15)
        .put(Tag.PIXEL_REPRESENTATION, VR.US, 0);
  }
}
