package io.radnet.imaging.dicom;

import org.jspecify.annotations.Nullable;

/** Value representations of DICOM PS3.5. */
public enum VR {
  AE,
  AS,
  AT,
  CS,
  DA,
  DS,
  DT,
  FD,
  FL,
  IS,
  LO,
  LT,
  OB,
  OD,
  OF,
  OL,
  OV,
  OW,
  PN,
  SH,
  SL,
  SQ,
  SS,
  ST,
  SV,
  TM,
  UC,
  UI,
  UL,
  UN,
  UR,
  US,
  UT,
  UV;

  private static final @Nullable VR[] BY_LETTERS = new @Nullable VR[26 * 26];

  static {
    for (VR vr : values()) {
      BY_LETTERS[(vr.name().charAt(0) - 'A') * 26 + vr.name().charAt(1) - 'A'] = vr;
    }
  }

  /** The VR of two letters, null where there is none. */
  static @Nullable VR of(int first, int second) {
    int high = first - 'A';
    int low = second - 'A';
    return high < 0 || high > 25 || low < 0 || low > 25 ? null : BY_LETTERS[high * 26 + low];
  }

  static boolean known(int first, int second) {
    return of(first, second) != null;
  }

  /** The VR of two letters packed as in {@link #code}, null where there is none. */
  static @Nullable VR of(int code) {
    return of(code >>> 8, code & 0xff);
  }

  /** The two letters, the first in the higher byte. */
  int code() {
    return name().charAt(0) << 8 | name().charAt(1);
  }

  /** Whether text of this VR is written in the dataset's SpecificCharacterSet (PS3.5 6.1.2.2). */
  boolean localized() {
    return switch (this) {
      case LO, LT, PN, SH, ST, UC, UN, UT -> true;
      default -> false;
    };
  }

  /** Bytes of one number, 0 where the VR is no binary number. */
  int numberSize() {
    return switch (this) {
      case US, SS -> 2;
      case UL, SL, FL, AT -> 4;
      case FD, SV, UV -> 8;
      default -> 0;
    };
  }

  /** Whether the explicit form has a 32-bit length. */
  boolean longForm() {
    return switch (this) {
      case OB, OD, OF, OL, OV, OW, SQ, SV, UC, UN, UR, UT, UV -> true;
      default -> false;
    };
  }
}
