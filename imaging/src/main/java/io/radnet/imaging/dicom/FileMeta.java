package io.radnet.imaging.dicom;

import io.radnet.imaging.InvalidInputException;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.List;

/**
 * Preamble and file meta information.
 *
 * @param transferSyntaxUid empty where the file does not say
 * @param end offset of the dataset
 */
record FileMeta(String transferSyntaxUid, int end) {

  /**
   * Reads them where they are there.
   *
   * @throws InvalidInputException where nothing tells that the bytes are DICOM
   */
  static FileMeta read(String name, ByteSupply supply, List<String> warnings) throws IOException {
    byte[] data = supply.data();
    int start = 0;
    boolean marked = magic(data, 128, supply.available());
    if (marked) {
      start = 132;
    } else {
      warnings.add("no preamble");
      if (magic(data, 0, supply.available())) {
        start = 4;
        marked = true;
      }
    }
    int at = start;
    String syntax = "";
    Encoding little = Encoding.EXPLICIT_LITTLE;
    while (true) {
      supply.grow(at + 12L);
      if (at + 8 > supply.available() || little.unsignedShort(supply.data(), at) != 2) {
        break;
      }
      data = supply.data();
      int element = little.unsignedShort(data, at + 2);
      VR vr = VR.of(data[at + 4], data[at + 5]);
      int value = at + 8;
      long length;
      if (vr == null) {
        length = little.integer(data, at + 4) & 0xffffffffL; // implicit, against the rules
      } else if (!vr.longForm()) {
        length = little.unsignedShort(data, at + 6);
      } else {
        value = at + 12;
        length = value <= supply.available() ? little.integer(data, at + 8) & 0xffffffffL : -1;
      }
      if (length < 0 || value + length > supply.total()) {
        throw new InvalidInputException(name, "file meta information is cut off at offset " + at);
      }
      supply.grow(value + length);
      if (value + length > supply.available()) {
        throw new InvalidInputException(name, "file meta information is cut off at offset " + at);
      }
      if (element == 0x10) {
        syntax =
            new String(supply.data(), value, (int) length, StandardCharsets.ISO_8859_1)
                .replace("\0", "")
                .strip();
      }
      at = value + (int) length;
    }
    if (at == start) {
      warnings.add("no file meta information");
      if (!marked && !looksLikeDataset(supply)) {
        throw new InvalidInputException(
            name, supply.available() < 8 ? "no DICOM file: too short" : "no DICOM file");
      }
    } else if (syntax.isEmpty()) {
      warnings.add("no transfer syntax");
    }
    return new FileMeta(syntax, at);
  }

  private static boolean magic(byte[] data, int at, int available) {
    return available >= at + 4
        && data[at] == 'D'
        && data[at + 1] == 'I'
        && data[at + 2] == 'C'
        && data[at + 3] == 'M';
  }

  /** Without any mark, only a dataset that begins as they do counts. */
  private static boolean looksLikeDataset(ByteSupply supply) {
    if (supply.available() < 8) {
      return false;
    }
    for (Encoding encoding : Encoding.values()) {
      int group = encoding.unsignedShort(supply.data(), 0);
      if (group >= 8 && group <= 0x20 && encoding.begins(supply.data(), 0, supply.total())) {
        return true;
      }
    }
    return false;
  }
}
