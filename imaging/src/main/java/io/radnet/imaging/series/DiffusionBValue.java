package io.radnet.imaging.series;

import io.radnet.imaging.dicom.DicomDataset;
import io.radnet.imaging.dicom.Tag;
import io.radnet.imaging.dicom.VR;
import java.util.OptionalDouble;
import java.util.OptionalInt;

/** The b-value of a classic MR image, from the standard tag or from a vendor's private one. */
public final class DiffusionBValue {
  /** GE adds 10^9 to mark how it was measured. */
  private static final double GE_MARK = 1e9;

  private record Private(int group, String creator, int element, VR vr) {}

  private static final Private SIEMENS = new Private(0x0019, "SIEMENS MR HEADER", 0x0C, VR.IS);
  private static final Private PHILIPS = new Private(0x2001, "Philips Imaging DD 001", 0x03, VR.FL);
  private static final Private GE = new Private(0x0043, "GEMS_PARM_01", 0x39, VR.IS);
  private static final Private UIH = new Private(0x0065, "Image Private Header", 0x09, VR.FD);

  private DiffusionBValue() {}

  /** The b-value in s/mm2, NaN where the header has none. */
  public static double of(DicomDataset dataset) {
    OptionalDouble standard = dataset.number(Tag.DIFFUSION_B_VALUE);
    if (standard.isPresent()) {
      return standard.getAsDouble();
    }
    for (Private tag : new Private[] {SIEMENS, PHILIPS, GE, UIH}) {
      OptionalInt full = dataset.privateTag(tag.group(), tag.creator(), tag.element());
      if (full.isPresent()) {
        OptionalDouble value = dataset.number(full.getAsInt(), tag.vr());
        if (value.isPresent() && value.getAsDouble() >= 0) {
          return value.getAsDouble() >= GE_MARK
              ? value.getAsDouble() % GE_MARK
              : value.getAsDouble();
        }
      }
    }
    return Double.NaN;
  }
}
