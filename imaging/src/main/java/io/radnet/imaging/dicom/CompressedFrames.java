package io.radnet.imaging.dicom;

import io.radnet.imaging.InvalidInputException;
import java.nio.ByteOrder;
import java.util.Optional;

/** Frames of encapsulated pixel data: finds the fragments of a frame and its decoder. */
final class CompressedFrames {
  private static final int EXTENDED_OFFSET_TABLE = 0x7FE0_0001;

  private CompressedFrames() {}

  static PixelFrame decode(DicomFile file, PixelData pixels, PixelFormat format, int index) {
    String syntax = file.transferSyntaxUid();
    String name = file.source().name();
    if (syntax.equals(TransferSyntax.ENCAPSULATED_UNCOMPRESSED)
        || syntax.equals(TransferSyntax.EXPLICIT_LITTLE)
        || syntax.equals(TransferSyntax.DEFLATED)) {
      return uncompressed(name, bytes(file, pixels, index), pixels.tag(), format);
    }
    if (pixels.tag() != Tag.PIXEL_DATA) {
      throw new InvalidInputException(
          name, "float pixel data in " + TransferSyntax.described(syntax));
    }
    int[] cells =
        switch (syntax) {
          case TransferSyntax.RLE -> RunLength.decode(name, bytes(file, pixels, index), format);
          case TransferSyntax.JPEG_BASELINE,
              TransferSyntax.JPEG_EXTENDED,
              TransferSyntax.JPEG_SPECTRAL_SELECTION,
              TransferSyntax.JPEG_PROGRESSIVE,
              TransferSyntax.JPEG_LOSSLESS,
              TransferSyntax.JPEG_LOSSLESS_FIRST_ORDER,
              TransferSyntax.JPEG_LS,
              TransferSyntax.JPEG_LS_NEAR ->
              jpeg(name, bytes(file, pixels, index), format);
          case TransferSyntax.JPEG_2000_LOSSLESS, TransferSyntax.JPEG_2000 ->
              Jpeg2000.decode(name, bytes(file, pixels, index), format);
          default ->
              throw new InvalidInputException(
                  name, "no decoder for " + TransferSyntax.described(syntax));
        };
    if (cells.length != format.count()) {
      throw new InvalidInputException(
          name,
          "compressed frame: " + cells.length + " samples (expected: " + format.count() + ")");
    }
    if (format.samples() == 1 || format.signed()) {
      for (int i = 0; i < cells.length; i++) {
        cells[i] = format.stored(cells[i]);
      }
    }
    return new PixelFrame(
        format.rows(), format.columns(), format.samples(), cells, format.wide(), new float[0]);
  }

  private static PixelFrame uncompressed(String name, byte[] raw, int tag, PixelFormat format) {
    long bits = (long) format.count() * format.bitsAllocated();
    if (raw.length < (bits + 7) / 8) {
      throw new InvalidInputException(
          name, "frame of " + raw.length + " bytes (expected: " + (bits + 7) / 8 + ")");
    }
    return NativeFrames.values(name, raw, 0, ByteOrder.LITTLE_ENDIAN, tag, format);
  }

  /**
   * The frame header decides between the JPEG processes; files do not always name the right one.
   */
  private static int[] jpeg(String name, byte[] frame, PixelFormat format) {
    JpegFrame header = JpegFrame.read(name, frame);
    if (header.rows() != format.rows()
        || header.columns() != format.columns()
        || header.components() != format.samples()) {
      throw new InvalidInputException(
          name,
          "compressed frame: "
              + header.rows()
              + "x"
              + header.columns()
              + "x"
              + header.components()
              + " (expected: "
              + format.rows()
              + "x"
              + format.columns()
              + "x"
              + format.samples()
              + ")");
    }
    return switch (header.marker()) {
      case JpegFrame.LOSSLESS -> new JpegLossless(name, frame).decode();
      case JpegFrame.JPEG_LS -> new JpegLs(name, frame).decode();
      default -> JpegLossy.decode(name, frame, header);
    };
  }

  private static byte[] bytes(DicomFile file, PixelData pixels, int index) {
    Fragments fragments = pixels.fragments();
    String name = file.source().name();
    int frames = PixelDecoder.frames(file);
    if (frames == 1) {
      return pixels.fragmentBytes(0, fragments.count());
    }
    long[] table = table(file, fragments);
    if (table.length == frames) {
      int first = fragments.at(table[index]);
      int last = index + 1 < frames ? fragments.at(table[index + 1]) : fragments.count();
      if (first >= 0 && last > first) {
        return pixels.fragmentBytes(first, last);
      }
    }
    if (fragments.count() == frames) {
      return pixels.fragmentBytes(index, index + 1);
    }
    return scanned(name, pixels, frames, index);
  }

  /** The extended offset table, or the basic one. */
  private static long[] table(DicomFile file, Fragments fragments) {
    Optional<byte[]> extended = file.dataset().bytes(EXTENDED_OFFSET_TABLE);
    if (extended.isEmpty() || extended.get().length == 0) {
      return fragments.basicOffsets();
    }
    java.nio.ByteBuffer in =
        java.nio.ByteBuffer.wrap(extended.get()).order(ByteOrder.LITTLE_ENDIAN);
    long[] table = new long[extended.get().length / 8];
    for (int i = 0; i < table.length; i++) {
      table[i] = in.getLong();
    }
    return table;
  }

  /** Without a table, a fragment that begins as a compressed image does begins a frame. */
  private static byte[] scanned(String name, PixelData pixels, int frames, int index) {
    int count = pixels.fragments().count();
    int seen = -1;
    int first = -1;
    int last = count;
    for (int i = 0; i < count; i++) {
      boolean begins = begins(pixels.fragmentHead(i, 8));
      if (begins && ++seen == index) {
        first = i;
      } else if (begins && seen == index + 1) {
        last = i;
      }
    }
    if (first < 0 || seen + 1 != frames) {
      throw new InvalidInputException(
          name, count + " fragments for " + frames + " frames and no offset table");
    }
    return pixels.fragmentBytes(first, last);
  }

  /**
   * Whether these are the first bytes of a JPEG or JPEG 2000 stream, a JP2 file or an RLE frame.
   */
  private static boolean begins(byte[] head) {
    if (head.length < 8) {
      return false;
    }
    java.nio.ByteBuffer in = java.nio.ByteBuffer.wrap(head);
    int marker = in.getInt(0) >>> 8;
    boolean runLength =
        Integer.reverseBytes(in.getInt(0)) >= 1
            && Integer.reverseBytes(in.getInt(0)) <= 15
            && Integer.reverseBytes(in.getInt(4)) == 64;
    return marker == 0xffd8ff || marker == 0xff4fff || in.getInt(0) == 12 || runLength;
  }
}
