package io.radnet.imaging.dicom;

import io.radnet.imaging.InvalidInputException;

/** A JPEG Huffman table: every prefix of 16 bits tells its symbol and code length. */
final class HuffmanTable {
  private final short[] entries = new short[1 << 16];

  /**
   * @param counts number of codes of 1 to 16 bits
   * @param symbols in the order of their codes
   */
  HuffmanTable(String name, byte[] counts, byte[] symbols) {
    int code = 0;
    int symbol = 0;
    for (int length = 1; length <= 16; length++) {
      for (int i = counts[length - 1] & 0xff; i > 0; i--) {
        int from = code << 16 - length;
        int to = from + (1 << 16 - length);
        if (to > entries.length) {
          throw new InvalidInputException(name, "a JPEG Huffman table has too many codes");
        }
        short entry = (short) (length << 8 | symbols[symbol++] & 0xff);
        java.util.Arrays.fill(entries, from, to, entry);
        code++;
      }
      code <<= 1;
    }
  }

  /** Code length in the higher byte and symbol in the lower one; 0 where no code matches. */
  int entry(int next16bits) {
    return entries[next16bits];
  }
}
