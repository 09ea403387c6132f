package io.radnet.imaging.phantom;

import io.radnet.imaging.dicom.DicomWriter;
import io.radnet.imaging.dicom.Tag;
import io.radnet.imaging.dicom.VR;
import io.radnet.imaging.dicom.WritableDataset;
import java.io.BufferedOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;

/** Writes a scanned series as one DICOM file per slice, named in the order of instance numbers. */
final class SeriesFiles {
  private static final int CT_OFFSET = 1024;

  private SeriesFiles() {}

  static void write(Path folder, SeriesPlan plan, Headers headers, float[] values)
      throws IOException {
    Files.createDirectories(folder);
    int depth = plan.geometry().depth();
    String syntax =
        plan.source().fork(12).chance(0.2)
            ? DicomWriter.IMPLICIT_LITTLE_ENDIAN
            : DicomWriter.EXPLICIT_LITTLE_ENDIAN;
    for (int k = 0; k < depth; k++) {
      WritableDataset data = headers.slice(k);
      pixels(data, plan, values, k);
      int file = plan.descending() ? depth - 1 - k : k;
      try (OutputStream out =
          new BufferedOutputStream(
              Files.newOutputStream(folder.resolve("%03d.dcm".formatted(file))), 1 << 16)) {
        DicomWriter.write(out, data, syntax);
      }
    }
  }

  private static void pixels(WritableDataset data, SeriesPlan plan, float[] values, int k) {
    int plane = plan.geometry().width() * plan.geometry().height();
    int base = k * plane;
    Acquisition acquisition = plan.acquisition();
    boolean pet = !acquisition.ct() && !acquisition.mr();
    double slope = 1;
    if (pet) {
      float most = 0;
      for (int n = 0; n < plane; n++) {
        most = Math.max(most, values[base + n]);
      }
      slope = Math.max(1e-3, Math.ceil(most / 32767 * 1e5) / 1e5); // another one in every slice
    }
    int offset = acquisition.ct() ? CT_OFFSET : 0;
    byte[] bytes = new byte[2 * plane];
    for (int n = 0; n < plane; n++) {
      int stored = (int) Math.rint(values[base + n] / slope) + offset;
      bytes[2 * n] = (byte) stored;
      bytes[2 * n + 1] = (byte) (stored >> 8);
    }
    data.put(Tag.BITS_ALLOCATED, VR.US, 16);
    data.put(Tag.BITS_STORED, VR.US, pet ? 16 : 12);
    data.put(Tag.HIGH_BIT, VR.US, pet ? 15 : 11);
    data.put(Tag.PIXEL_REPRESENTATION, VR.US, pet ? 1 : 0);
    if (!acquisition.mr() || acquisition.vendor() == Acquisition.Vendor.PHILIPS) {
      data.put(Tag.RESCALE_INTERCEPT, VR.DS, -offset);
      data.put(Tag.RESCALE_SLOPE, VR.DS, slope);
      data.put(Tag.RESCALE_TYPE, VR.LO, acquisition.ct() ? "HU" : "US");
    }
    data.put(Tag.PIXEL_DATA, VR.OW, bytes);
  }
}
