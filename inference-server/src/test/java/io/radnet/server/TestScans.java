package io.radnet.server;

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
import java.util.function.Consumer;

/** Small DICOM series in memory. */
public final class TestScans {
  private static final int SIDE = 12;

  private TestScans() {}

  /** An axial CT series of 300 HU everywhere: 12x12 pixels of 1 mm, slices 5 mm apart. */
  public static List<InstanceSource> dicom(String uid, int slices) throws IOException {
    return dicom(uid, slices, dataset -> {});
  }

  /** The same with more attributes. */
  public static List<InstanceSource> dicom(
      String uid, int slices, Consumer<WritableDataset> attributes) throws IOException {
    List<InstanceSource> instances = new ArrayList<>();
    for (int slice = 0; slice < slices; slice++) {
      ByteBuffer pixels = ByteBuffer.allocate(2 * SIDE * SIDE).order(ByteOrder.LITTLE_ENDIAN);
      while (pixels.hasRemaining()) {
        pixels.putShort((short) 1324);
      }
      WritableDataset dataset =
          new WritableDataset()
              .put(Tag.SOP_CLASS_UID, VR.UI, "1.2.840.10008.5.1.4.1.1.2")
              .put(Tag.SOP_INSTANCE_UID, VR.UI, uid + "." + (slice + 1))
              .put(Tag.MODALITY, VR.CS, "CT")
              .put(Tag.STUDY_INSTANCE_UID, VR.UI, "1.2.840.99")
              .put(Tag.PATIENT_NAME, VR.PN, "Secret^Person")
              .put(Tag.SERIES_INSTANCE_UID, VR.UI, uid)
              .put(Tag.INSTANCE_NUMBER, VR.IS, slice + 1)
              .put(Tag.IMAGE_POSITION_PATIENT, VR.DS, 0, 0, 5 * slice)
              .put(Tag.IMAGE_ORIENTATION_PATIENT, VR.DS, 1, 0, 0, 0, 1, 0)
              .put(Tag.SAMPLES_PER_PIXEL, VR.US, 1)
              .put(Tag.PHOTOMETRIC_INTERPRETATION, VR.CS, "MONOCHROME2")
              .put(Tag.ROWS, VR.US, SIDE)
              .put(Tag.COLUMNS, VR.US, SIDE)
              .put(Tag.PIXEL_SPACING, VR.DS, 1, 1)
              .put(Tag.BITS_ALLOCATED, VR.US, 16)
              .put(Tag.BITS_STORED, VR.US, 16)
              .put(Tag.HIGH_BIT, VR.US, 15)
              .put(Tag.PIXEL_REPRESENTATION, VR.US, 0)
              .put(Tag.RESCALE_INTERCEPT, VR.DS, -1024)
              .put(Tag.RESCALE_SLOPE, VR.DS, 1)
              .put(Tag.PIXEL_DATA, VR.OW, (Object) pixels.array());
      attributes.accept(dataset);
      ByteArrayOutputStream bytes = new ByteArrayOutputStream();
      DicomWriter.write(bytes, dataset, DicomWriter.EXPLICIT_LITTLE_ENDIAN);
      instances.add(new InstanceSource.Memory("slice " + slice, bytes.toByteArray()));
    }
    return instances;
  }
}
