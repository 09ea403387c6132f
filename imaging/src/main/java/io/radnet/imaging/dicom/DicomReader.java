package io.radnet.imaging.dicom;

import io.radnet.imaging.InvalidInputException;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.zip.GZIPInputStream;
import java.util.zip.Inflater;
import java.util.zip.InflaterInputStream;

/**
 * Reads Part 10 objects: implicit and explicit little endian, explicit big endian, deflated; with
 * or without preamble.
 */
public final class DicomReader {
  private static final int HEAD = 128 << 10;
  private static final long INFLATE_LIMIT = 1L << 31;
  private static final String IMPLICIT = "1.2.840.10008.1.2";
  private static final String EXPLICIT = "1.2.840.10008.1.2.1";
  private static final String DEFLATED = "1.2.840.10008.1.2.1.99";
  private static final String BIG_ENDIAN = "1.2.840.10008.1.2.2";

  private DicomReader() {}

  /**
   * Everything before the pixel data.
   *
   * @throws InvalidInputException where the source is no DICOM object or is malformed
   */
  public static DicomFile readHeader(InstanceSource source) {
    try {
      byte[] head = source.readHead(HEAD);
      if (head.length < HEAD || gzip(head)) {
        return parse(source, gunzip(source, source.readAll()), true, false);
      }
      try {
        return parse(source, head, false, true);
      } catch (IncompleteException more) {
        return parse(source, source.readAll(), true, false);
      }
    } catch (IOException failure) {
      throw new InvalidInputException(
          source.name(), "cannot be read: " + failure.getMessage(), failure);
    }
  }

  /**
   * The object with its pixel data, undecoded.
   *
   * @throws InvalidInputException where the source is no DICOM object or is malformed
   */
  public static DicomFile read(InstanceSource source) {
    try {
      return parse(source, gunzip(source, source.readAll()), true, true);
    } catch (IOException failure) {
      throw new InvalidInputException(
          source.name(), "cannot be read: " + failure.getMessage(), failure);
    }
  }

  private static final class IncompleteException extends RuntimeException {
    private static final long serialVersionUID = 1L;
  }

  private static boolean gzip(byte[] data) {
    return data.length > 2 && (data[0] & 0xff) == 0x1f && (data[1] & 0xff) == 0x8b;
  }

  private static byte[] gunzip(InstanceSource source, byte[] data) throws IOException {
    if (!gzip(data)) {
      return data;
    }
    try (InputStream in = new GZIPInputStream(new ByteArrayInputStream(data))) {
      return bounded(source, in);
    }
  }

  private static byte[] bounded(InstanceSource source, InputStream in) throws IOException {
    byte[] inflated = in.readNBytes(Integer.MAX_VALUE - 16);
    if (inflated.length >= INFLATE_LIMIT - 32) {
      throw new InvalidInputException(source.name(), "inflates to more than 2 GiB");
    }
    return inflated;
  }

  private static DicomFile parse(
      InstanceSource source, byte[] data, boolean complete, boolean pixels) throws IOException {
    List<String> warnings = new ArrayList<>();
    int start = 0;
    String syntax = null;
    if (data.length >= 132
        && data[128] == 'D'
        && data[129] == 'I'
        && data[130] == 'C'
        && data[131] == 'M') {
      start = 132;
    } else if (data.length >= 4
        && data[0] == 'D'
        && data[1] == 'I'
        && data[2] == 'C'
        && data[3] == 'M') {
      start = 4;
      warnings.add("no preamble");
    } else {
      warnings.add("no preamble");
    }
    ByteBuffer in = ByteBuffer.wrap(data).order(ByteOrder.LITTLE_ENDIAN);
    int at = start;
    while (at + 8 <= data.length && in.getShort(at) == 2) {
      int element = in.getShort(at + 2) & 0xffff;
      String vr = "" + (char) data[at + 4] + (char) data[at + 5];
      boolean longForm = "OB".equals(vr) || "UN".equals(vr) || "OW".equals(vr) || "UT".equals(vr);
      int value = longForm ? at + 12 : at + 8;
      int length =
          !longForm
              ? in.getShort(at + 6) & 0xffff
              : at + 12 <= data.length ? in.getInt(at + 8) : -1;
      if (length < 0 || length > data.length - value) {
        throw new InvalidInputException(
            source.name(), "file meta information is cut off at offset " + at);
      }
      if (element == 0x10) {
        syntax =
            new String(data, value, length, StandardCharsets.US_ASCII).replace("\0", "").strip();
      }
      at = value + length;
    }
    boolean meta = at > start;
    if (!meta) {
      warnings.add("no file meta information");
    }
    if (syntax == null) {
      syntax = guess(source, data, at);
    }
    byte[] body = data;
    if (DEFLATED.equals(syntax)) {
      try (InputStream inflate =
          new InflaterInputStream(
              new ByteArrayInputStream(data, at, data.length - at), new Inflater(true))) {
        body = bounded(source, inflate);
      } catch (java.io.EOFException cut) {
        if (!complete) {
          throw new IncompleteException();
        }
        throw new InvalidInputException(source.name(), "deflated data is cut off", cut);
      }
      at = 0;
    }
    boolean explicit = !IMPLICIT.equals(syntax);
    ByteOrder order = BIG_ENDIAN.equals(syntax) ? ByteOrder.BIG_ENDIAN : ByteOrder.LITTLE_ENDIAN;
    if (explicit && !BIG_ENDIAN.equals(syntax) && at + 6 <= body.length && !isVr(body, at + 4)) {
      explicit = false;
      warnings.add("implicit VR although the file says explicit");
    }
    DatasetParser parser = new DatasetParser(source.name(), body, body.length, explicit, order);
    ParsedDataset dataset = parser.parse(at, body.length, StandardCharsets.ISO_8859_1);
    if (parser.needsMore() || !complete && parser.pixelTag() == 0) {
      if (!complete) {
        throw new IncompleteException();
      }
      warnings.add("the file is cut off");
    }
    if (dataset.tags().length == 0 && parser.pixelTag() == 0) {
      throw new InvalidInputException(source.name(), "no DICOM elements");
    }
    PixelData pixelData =
        pixels && complete && parser.pixelTag() != 0
            ? pixelData(source, body, parser, order)
            : null;
    return new DicomFile(source, syntax, dataset, parser.pixelTag() != 0, pixelData, warnings);
  }

  private static String guess(InstanceSource source, byte[] data, int at) {
    if (at + 8 > data.length) {
      throw new InvalidInputException(source.name(), "no DICOM file: too short");
    }
    int group = data[at] & 0xff | (data[at + 1] & 0xff) << 8;
    int swapped = (data[at] & 0xff) << 8 | data[at + 1] & 0xff;
    if (isVr(data, at + 4)) {
      if (group >= 2 && group <= 0x20) {
        return EXPLICIT;
      }
      if (swapped >= 2 && swapped <= 0x20) {
        return BIG_ENDIAN;
      }
    } else if (group >= 2 && group <= 0x20) {
      int length = ByteBuffer.wrap(data).order(ByteOrder.LITTLE_ENDIAN).getInt(at + 4);
      if (length >= -1 && length < data.length) {
        return IMPLICIT;
      }
    }
    throw new InvalidInputException(source.name(), "no DICOM file");
  }

  private static boolean isVr(byte[] data, int at) {
    try {
      VR.valueOf("" + (char) data[at] + (char) data[at + 1]);
      return true;
    } catch (IllegalArgumentException noVr) {
      return false;
    }
  }

  private static PixelData pixelData(
      InstanceSource source, byte[] body, DatasetParser parser, ByteOrder order) {
    int offset = parser.pixelOffset();
    int length = parser.pixelLength();
    if (length != -1) {
      int left = body.length - offset;
      if (length < 0 || length > left) {
        length = left;
      }
      return new PixelData(parser.pixelTag(), false, body, offset, length, List.of(), new long[0]);
    }
    ByteBuffer in = ByteBuffer.wrap(body).order(order);
    List<int[]> fragments = new ArrayList<>();
    long[] table = new long[0];
    int at = offset;
    boolean first = true;
    while (at + 8 <= body.length) {
      int tag = (in.getShort(at) & 0xffff) << 16 | in.getShort(at + 2) & 0xffff;
      int size = in.getInt(at + 4);
      at += 8;
      if (tag != Tag.ITEM) {
        break;
      }
      if (size < 0 || size > body.length - at) {
        size = body.length - at;
      }
      if (first) {
        table = new long[size / 4];
        for (int i = 0; i < table.length; i++) {
          table[i] = in.getInt(at + 4 * i) & 0xffffffffL;
        }
        first = false;
      } else {
        fragments.add(new int[] {at, size});
      }
      at += size;
    }
    if (fragments.isEmpty()) {
      throw new InvalidInputException(
          source.name(), "(7FE0,0010) is encapsulated and holds no fragment");
    }
    return new PixelData(parser.pixelTag(), true, body, offset, 0, List.copyOf(fragments), table);
  }
}
