package io.radnet.imaging.dicom;

import io.radnet.imaging.InvalidInputException;

/** How pixels are stored. */
record PixelFormat(
    int rows,
    int columns,
    int samples,
    int bitsAllocated,
    int bitsStored,
    int highBit,
    boolean signed,
    boolean planar) {

  static PixelFormat of(DicomFile file) {
    DicomDataset dataset = file.dataset();
    String name = file.source().name();
    int rows = positive(dataset, Tag.ROWS, name);
    int columns = positive(dataset, Tag.COLUMNS, name);
    int samples = dataset.integer(Tag.SAMPLES_PER_PIXEL).orElse(1);
    int allocated = positive(dataset, Tag.BITS_ALLOCATED, name);
    int stored = dataset.integer(Tag.BITS_STORED).orElse(allocated);
    if (samples < 1 || samples > 4 || (long) rows * columns * samples > Integer.MAX_VALUE / 8) {
      throw new InvalidInputException(
          name, "a frame of " + rows + "x" + columns + "x" + samples + " is too large");
    }
    if (stored < 1 || stored > allocated) {
      throw new InvalidInputException(
          name, "BitsStored: " + stored + " (expected: 1 to " + allocated + ")");
    }
    int high = dataset.integer(Tag.HIGH_BIT).orElse(stored - 1);
    if (high < stored - 1 || high >= allocated) {
      high = stored - 1;
    }
    return new PixelFormat(
        rows,
        columns,
        samples,
        allocated,
        stored,
        high,
        dataset.integer(Tag.PIXEL_REPRESENTATION).orElse(0) == 1,
        dataset.integer(Tag.PLANAR_CONFIGURATION).orElse(0) == 1);
  }

  private static int positive(DicomDataset dataset, int tag, String name) {
    int value = dataset.integer(tag).orElse(0);
    if (value < 1) {
      throw new InvalidInputException(name, Tag.toString(tag) + " is absent or not positive");
    }
    return value;
  }

  /** The stored value in a cell: overlay bits dropped, sign extended. */
  int stored(int cell) {
    int shift = 32 - bitsStored;
    int aligned = cell >>> (highBit - bitsStored + 1) << shift;
    return signed ? aligned >> shift : aligned >>> shift;
  }
}
