package io.radnet.imaging.labels;

import io.radnet.imaging.dicom.DicomWriter;
import io.radnet.imaging.dicom.Tag;
import io.radnet.imaging.dicom.VR;
import io.radnet.imaging.dicom.WritableDataset;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;

/** Small series of each kind that the reader takes apart, as files. */
final class FuzzSeries {
  private static final int SIDE = 8;

  private FuzzSeries() {}

  static List<List<byte[]>> all() throws IOException {
    return List.of(
        slices(), enhanced(), List.of(mosaic()), List.of(tiles()), List.of(dose()), table());
  }

  private static List<byte[]> slices() throws IOException {
    List<byte[]> files = new ArrayList<>();
    for (int k = 0; k < 6; k++) {
      WritableDataset image = image(k).put(Tag.ACQUISITION_NUMBER, VR.IS, 1 + k % 2);
      image.put(Tag.ECHO_TIME, VR.DS, "4.600").put(Tag.TEMPORAL_POSITION_IDENTIFIER, VR.IS, k % 2);
      image.put(Tag.IMAGE_POSITION_PATIENT, VR.DS, "0.000000", "0.000000", (k / 2) + ".00000");
      files.add(file(image, 1));
    }
    return files;
  }

  private static List<byte[]> table() throws IOException {
    List<byte[]> files = new ArrayList<>();
    for (int k = 0; k < 2; k++) {
      WritableDataset item = new WritableDataset().put(Tag.LUT_DESCRIPTOR, VR.US, 4, 0, 16);
      item.put(Tag.LUT_DATA, VR.OW, new byte[8]);
      files.add(file(image(k).putSequence(Tag.MODALITY_LUT_SEQUENCE, List.of(item)), 1));
    }
    return files;
  }

  private static List<byte[]> enhanced() throws IOException {
    List<WritableDataset> frames = new ArrayList<>();
    for (int f = 0; f < 6; f++) {
      WritableDataset place = new WritableDataset();
      place.put(Tag.IMAGE_POSITION_PATIENT, VR.DS, "0.000000", "0.000000", (f / 2) + ".00000");
      WritableDataset content = new WritableDataset();
      content.put(Tag.DIMENSION_INDEX_VALUES, VR.UL, 1 + f / 2, 1 + f % 2);
      WritableDataset transformation = new WritableDataset();
      transformation.put(Tag.RESCALE_SLOPE, VR.DS, "1.000").put(Tag.RESCALE_INTERCEPT, VR.DS, "10");
      WritableDataset echo = new WritableDataset().put(Tag.EFFECTIVE_ECHO_TIME, VR.FD, 5.0 + f % 2);
      frames.add(
          new WritableDataset()
              .putSequence(Tag.PLANE_POSITION_SEQUENCE, List.of(place))
              .putSequence(Tag.FRAME_CONTENT_SEQUENCE, List.of(content))
              .putSequence(Tag.MR_ECHO_SEQUENCE, List.of(echo))
              .putSequence(Tag.PIXEL_VALUE_TRANSFORMATION_SEQUENCE, List.of(transformation)));
    }
    WritableDataset plane = new WritableDataset();
    plane.put(Tag.IMAGE_ORIENTATION_PATIENT, VR.DS, "1.0", "0.0", "0.0", "0.0", "1.0", "0.0");
    WritableDataset measures = new WritableDataset().put(Tag.PIXEL_SPACING, VR.DS, "0.50", "0.80");
    WritableDataset shared = new WritableDataset();
    shared.putSequence(Tag.PLANE_ORIENTATION_SEQUENCE, List.of(plane));
    shared.putSequence(Tag.PIXEL_MEASURES_SEQUENCE, List.of(measures));
    WritableDataset image = image(0).remove(Tag.IMAGE_POSITION_PATIENT);
    image.putSequence(Tag.SHARED_FUNCTIONAL_GROUPS_SEQUENCE, List.of(shared));
    image.putSequence(Tag.PER_FRAME_FUNCTIONAL_GROUPS_SEQUENCE, frames);
    image.putSequence(
        Tag.DIMENSION_INDEX_SEQUENCE,
        List.of(
            new WritableDataset().put(0x0020_9165, VR.AT, 0x0020_9057),
            new WritableDataset().put(0x0020_9165, VR.AT, 0x0020_9153)));
    return List.of(file(image.put(Tag.NUMBER_OF_FRAMES, VR.IS, "6     "), 6));
  }

  private static byte[] mosaic() throws IOException {
    WritableDataset sheet = image(0);
    sheet.put(Tag.IMAGE_TYPE, VR.CS, "ORIGINAL", "PRIMARY", "M", "ND", "MOSAIC");
    sheet.put(Tag.ACQUISITION_MATRIX, VR.US, 4, 0, 0, 4).put(Tag.SLICE_THICKNESS, VR.DS, "3.00");
    sheet.put(0x0019_0010, VR.LO, "SIEMENS MR HEADER").put(0x0019_100A, VR.US, 4);
    sheet.put(0x0029_0010, VR.LO, "SIEMENS CSA HEADER");
    ByteBuffer csa = ByteBuffer.allocate(16 + 2 * 84 + 4 * 24);
    csa.order(ByteOrder.LITTLE_ENDIAN).put("SV10".getBytes(StandardCharsets.US_ASCII));
    csa.putInt(8, 2).position(16);
    element(csa, "NumberOfImagesInMosaic", "4");
    element(csa, "SliceNormalVector", "0.0", "0.0", "1.0");
    return file(sheet.put(0x0029_1010, VR.OB, csa.array()), 1);
  }

  private static void element(ByteBuffer csa, String name, String... values) {
    int at = csa.position();
    csa.put(name.getBytes(StandardCharsets.US_ASCII));
    csa.putInt(at + 76, values.length).position(at + 84);
    for (String value : values) {
      int item = csa.position();
      csa.putInt(item + 4, value.length()).position(item + 16);
      csa.put(value.getBytes(StandardCharsets.US_ASCII)).position(item + 20);
    }
  }

  private static byte[] tiles() throws IOException {
    List<WritableDataset> places = new ArrayList<>();
    for (int k = 0; k < 4; k++) {
      WritableDataset place = new WritableDataset();
      places.add(place.put(Tag.IMAGE_POSITION_PATIENT, VR.DS, "0.0000", "0.0000", k + ".0000"));
    }
    WritableDataset sheet = image(0).put(0x0065_0010, VR.LO, "Image Private Header");
    return file(sheet.putSequence(0x0065_1051, places), 1);
  }

  private static byte[] dose() throws IOException {
    WritableDataset grid = image(0).put(Tag.NUMBER_OF_FRAMES, VR.IS, "3     ");
    grid.put(Tag.GRID_FRAME_OFFSET_VECTOR, VR.DS, "0.000", "2.500", "5.000");
    return file(grid.put(Tag.DOSE_GRID_SCALING, VR.DS, "0.0010"), 3);
  }

  private static WritableDataset image(int number) {
    return new WritableDataset()
        .put(Tag.SOP_CLASS_UID, VR.UI, "1.2.840.10008.5.1.4.1.1.4")
        .put(Tag.SOP_INSTANCE_UID, VR.UI, "1.2.3." + number)
        .put(Tag.SERIES_INSTANCE_UID, VR.UI, "1.2.4")
        .put(Tag.MODALITY, VR.CS, "MR")
        .put(Tag.SERIES_NUMBER, VR.IS, "2     ")
        .put(Tag.INSTANCE_NUMBER, VR.IS, number + 1)
        .put(Tag.IMAGE_POSITION_PATIENT, VR.DS, "0.000000", "0.000000", number + ".00000")
        .put(Tag.IMAGE_ORIENTATION_PATIENT, VR.DS, "1.0", "0.0", "0.0", "0.0", "1.0", "0.0")
        .put(Tag.PIXEL_SPACING, VR.DS, "0.50000", "0.80000")
        .put(Tag.SLICE_THICKNESS, VR.DS, "2.0000")
        .put(Tag.RESCALE_SLOPE, VR.DS, "2.00000")
        .put(Tag.RESCALE_INTERCEPT, VR.DS, "-1000.0")
        .put(Tag.SAMPLES_PER_PIXEL, VR.US, 1)
        .put(Tag.PHOTOMETRIC_INTERPRETATION, VR.CS, "MONOCHROME2")
        .put(Tag.ROWS, VR.US, SIDE)
        .put(Tag.COLUMNS, VR.US, SIDE)
        .put(Tag.BITS_ALLOCATED, VR.US, 16)
        .put(Tag.BITS_STORED, VR.US, 12)
        .put(Tag.HIGH_BIT, VR.US, 11)
        .put(Tag.PIXEL_REPRESENTATION, VR.US, 0);
  }

  private static byte[] file(WritableDataset image, int frames) throws IOException {
    image.put(Tag.PIXEL_DATA, VR.OW, new byte[2 * frames * SIDE * SIDE]);
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    DicomWriter.write(out, image, DicomWriter.EXPLICIT_LITTLE_ENDIAN);
    return out.toByteArray();
  }
}
