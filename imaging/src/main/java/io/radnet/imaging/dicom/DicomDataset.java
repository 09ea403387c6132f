package io.radnet.imaging.dicom;

import java.util.List;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.OptionalInt;

/**
 * Read access to the elements of a DICOM dataset or of one sequence item. The narrow interface that
 * both readers implement: ours and the adapter over dcm4che-core. Tags are {@code (group << 16) |
 * element}; the field's names are in {@link Tag}. Malformed values of single elements read as
 * absent; they never throw.
 */
public interface DicomDataset {
  /** Whether the element is present, even with an empty value. */
  boolean contains(int tag);

  /**
   * The first value, decoded with the dataset's character set and trimmed; empty where absent or of
   * no length.
   */
  Optional<String> string(int tag);

  /** All values, split at backslashes and trimmed; empty list where absent. */
  List<String> strings(int tag);

  /**
   * The first value as a number (IS, DS, US, SS, UL, SL, FL, FD, or such text); empty where absent
   * or no number.
   */
  OptionalDouble number(int tag);

  /**
   * The first value as a number of a private element, whose VR a file need not say: implicit files
   * have none, and VR UN says nothing.
   *
   * @param assumed binary VR of the element where the file does not say it and the value is as long
   *     as such a number; any other value reads as {@link #number(int)} does
   */
  OptionalDouble number(int tag, VR assumed);

  /** All values as numbers; an empty array where absent or where one is no number. */
  double[] numbers(int tag);

  /** The first value as an integer; empty where absent or no integer. */
  default OptionalInt integer(int tag) {
    OptionalDouble value = number(tag);
    return value.isPresent()
            && value.getAsDouble() == Math.rint(value.getAsDouble())
            && Math.abs(value.getAsDouble()) <= Integer.MAX_VALUE
        ? OptionalInt.of((int) value.getAsDouble())
        : OptionalInt.empty();
  }

  /** The items of a sequence; empty list where absent. */
  List<DicomDataset> items(int tag);

  /** The raw value in the byte order of the file; empty where absent. Not for pixel data. */
  Optional<byte[]> bytes(int tag);

  /**
   * The full tag of a private element: the block that {@code creator} reserved in {@code group}, or
   * empty where it is not there.
   *
   * @param group odd group, such as 0x0029
   * @param creator the private creator, such as {@code SIEMENS CSA HEADER}
   * @param element the low byte of the element, such as 0x10
   */
  OptionalInt privateTag(int group, String creator, int element);

  /** All tags at this level in ascending order, as unsigned values. */
  int[] tags();
}
