package io.radnet.imaging.dicom;

/** UIDs of transfer syntaxes (PS3.6 table A-1). */
final class TransferSyntax {
  static final String IMPLICIT_LITTLE = "1.2.840.10008.1.2";
  static final String EXPLICIT_LITTLE = "1.2.840.10008.1.2.1";
  static final String ENCAPSULATED_UNCOMPRESSED = "1.2.840.10008.1.2.1.98";
  static final String DEFLATED = "1.2.840.10008.1.2.1.99";
  static final String EXPLICIT_BIG = "1.2.840.10008.1.2.2";

  /** GE's own: implicit little endian but for the pixels, which are big endian words. */
  static final String GE_BIG_ENDIAN_PIXELS = "1.2.840.113619.5.2";

  static final String RLE = "1.2.840.10008.1.2.5";
  static final String JPEG_BASELINE = "1.2.840.10008.1.2.4.50";
  static final String JPEG_EXTENDED = "1.2.840.10008.1.2.4.51";
  static final String JPEG_SPECTRAL_SELECTION = "1.2.840.10008.1.2.4.53";
  static final String JPEG_PROGRESSIVE = "1.2.840.10008.1.2.4.55";
  static final String JPEG_LOSSLESS = "1.2.840.10008.1.2.4.57";
  static final String JPEG_LOSSLESS_FIRST_ORDER = "1.2.840.10008.1.2.4.70";
  static final String JPEG_LS = "1.2.840.10008.1.2.4.80";
  static final String JPEG_LS_NEAR = "1.2.840.10008.1.2.4.81";
  static final String JPEG_2000_LOSSLESS = "1.2.840.10008.1.2.4.90";
  static final String JPEG_2000 = "1.2.840.10008.1.2.4.91";

  private TransferSyntax() {}

  /** How a syntax lays out elements; all but four are explicit little endian. */
  static Encoding encoding(String uid) {
    return switch (uid) {
      case IMPLICIT_LITTLE, GE_BIG_ENDIAN_PIXELS -> Encoding.IMPLICIT_LITTLE;
      case EXPLICIT_BIG -> Encoding.EXPLICIT_BIG;
      default -> Encoding.EXPLICIT_LITTLE;
    };
  }

  static String of(Encoding encoding) {
    return switch (encoding) {
      case IMPLICIT_LITTLE -> IMPLICIT_LITTLE;
      case EXPLICIT_LITTLE -> EXPLICIT_LITTLE;
      case EXPLICIT_BIG -> EXPLICIT_BIG;
    };
  }

  /**
   * A syntax as a message names it. A damaged length lets the element swallow those behind it, and
   * what they hold is nothing for a message.
   */
  static String described(String uid) {
    return uid.matches("[0-9.]{1,64}")
        ? "transfer syntax " + uid
        : "the transfer syntax: its UID is malformed";
  }
}
