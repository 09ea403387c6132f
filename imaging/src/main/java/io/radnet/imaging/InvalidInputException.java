package io.radnet.imaging;

/**
 * Input that cannot be used: a malformed file, a wrong checksum, a missing folder. The message is
 * one line that says where, what, and where possible what to do; it never holds a value of a
 * patient attribute.
 */
public final class InvalidInputException extends RuntimeException {
  private static final long serialVersionUID = 1L;

  /**
   * @param where the file, folder, option or DICOM tag
   * @param what what is wrong, with actual and expected
   */
  public InvalidInputException(Object where, String what) {
    super(where + ": " + what);
  }

  /**
   * @param where the file, folder, option or DICOM tag
   * @param what what is wrong, with actual and expected
   * @param cause the original failure
   */
  public InvalidInputException(Object where, String what, Throwable cause) {
    super(where + ": " + what, cause);
  }
}
