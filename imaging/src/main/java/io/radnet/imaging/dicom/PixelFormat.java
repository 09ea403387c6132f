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
    boolean planar,
    boolean halfChroma) {

  /** Most samples of one frame: 1 GiB as integers. */
  private static final long MAXIMUM_SAMPLES = 1L << 28;

  static PixelFormat of(DicomFile file) {
    DicomDataset dataset = file.dataset();
    String name = file.source().name();
    int rows = positive(dataset, Tag.ROWS, name);
    int columns = positive(dataset, Tag.COLUMNS, name);
    int samples = dataset.integer(Tag.SAMPLES_PER_PIXEL).orElse(1);
    int allocated = positive(dataset, Tag.BITS_ALLOCATED, name);
    int stored = dataset.integer(Tag.BITS_STORED).orElse(allocated);
    if (samples < 1 || samples > 4 || (long) rows * columns * samples > MAXIMUM_SAMPLES) {
      throw new InvalidInputException(
          name, "a frame of " + rows + "x" + columns + "x" + samples + " is too large");
    }
    if (allocated != 1 && allocated != 8 && allocated != 16 && allocated != 32 && allocated != 64) {
      throw new InvalidInputException(
          name, "BitsAllocated: " + allocated + " (expected: 1, 8, 16, 32 or 64)");
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
        dataset.integer(Tag.PLANAR_CONFIGURATION).orElse(0) == 1,
        samples == 3
            && allocated == 8
            && dataset
                .string(Tag.PHOTOMETRIC_INTERPRETATION)
                .filter(kind -> kind.endsWith("_422"))
                .isPresent());
  }

  private static int positive(DicomDataset dataset, int tag, String name) {
    int value = dataset.integer(tag).orElse(0);
    if (value < 1) {
      throw new InvalidInputException(name, Tag.toString(tag) + " is absent or not positive");
    }
    return value;
  }

  /** Whether stored values are unsigned numbers that need all 32 bits of an int. */
  boolean wide() {
    return !signed && bitsStored >= 32;
  }

  int count() {
    return rows * columns * samples;
  }

  /** The stored value in a cell: overlay bits dropped, sign extended. */
  int stored(int cell) {
    int width = Math.min(bitsStored, 32);
    int shift = 32 - width;
    int aligned = cell >>> (highBit - bitsStored + 1) << shift;
    return signed ? aligned >> shift : aligned >>> shift;
  }

  /** Whether {@link #stored} changes no cell of 16 bits that was read with its sign. */
  boolean plain() {
    return bitsStored == bitsAllocated && highBit == bitsStored - 1;
  }
}
