package io.radnet.imaging.series;

import io.radnet.imaging.dicom.DicomDataset;
import io.radnet.imaging.dicom.DicomFile;
import io.radnet.imaging.dicom.ModalityLut;
import io.radnet.imaging.dicom.Tag;

/**
 * What the pixels of an object are where slope and intercept do not say it.
 *
 * @param lookedUp whether a modality lookup table makes values of them
 * @param intensities whether they are measured values, if only up to a factor
 * @param warning one line, empty where there is nothing to say
 */
record PixelMeaning(boolean lookedUp, boolean intensities, String warning) {
  private static final PixelMeaning PLAIN = new PixelMeaning(false, true, "");
  private static final PixelMeaning LOOKED_UP = new PixelMeaning(true, true, "");
  private static final PixelMeaning PALETTE =
      new PixelMeaning(false, false, "palette colour: values are indices of colours");
  private static final PixelMeaning MALFORMED_TABLE =
      new PixelMeaning(
          false, false, "the modality lookup table is malformed: values are stored values");

  static PixelMeaning of(DicomFile file) {
    DicomDataset dataset = file.dataset();
    if (dataset
        .string(Tag.PHOTOMETRIC_INTERPRETATION)
        .filter("PALETTE COLOR"::equals)
        .isPresent()) {
      return PALETTE;
    }
    if (!dataset.items(Tag.MODALITY_LUT_SEQUENCE).isEmpty()) {
      return ModalityLut.of(file).isPresent() ? LOOKED_UP : MALFORMED_TABLE;
    }
    double scaling = dataset.number(Tag.DOSE_GRID_SCALING).orElse(1);
    return scaling == 1
        ? PLAIN
        : new PixelMeaning(
            false,
            true,
            "values are stored values: DoseGridScaling " + scaling + " is not applied");
  }
}
