package io.radnet.imaging.dicom;

import io.radnet.imaging.InvalidInputException;
import java.io.IOException;
import java.nio.ByteOrder;
import java.util.ArrayList;
import java.util.List;
import java.util.zip.ZipException;

/**
 * Reads Part 10 objects: implicit and explicit little endian, explicit big endian, deflated, all
 * compressed syntaxes; with or without preamble and file meta information; gzip around all of it.
 */
public final class DicomReader {
  /** The warning of a file that ends within its header. */
  public static final String FILE_CUT_OFF = "the file is cut off";

  /** The warning of a file that ends within its pixel data. */
  public static final String PIXELS_CUT_OFF = "the pixel data is cut off";

  private static final int GROWTH_AT_LEAST = 16;

  private static final HeaderReader HEADERS = HeaderReader.offered(source -> open(source, false));

  private DicomReader() {}

  /**
   * Everything before the pixel data. Reads no more of a file than that needs.
   *
   * @throws InvalidInputException where the source is no DICOM object or is malformed
   */
  public static DicomFile readHeader(InstanceSource source) {
    return HEADERS.readHeader(source);
  }

  /**
   * The object with its pixel data, undecoded. Pixels of a plain file are located and not held:
   * {@link PixelDecoder} reads one frame at a time, so the file has to stay as it is until then.
   *
   * @throws InvalidInputException where the source is no DICOM object or is malformed
   */
  public static DicomFile read(InstanceSource source) {
    return open(source, true);
  }

  private static DicomFile open(InstanceSource source, boolean pixels) {
    try (ByteSupply supply = ByteSupply.of(source)) {
      List<String> warnings = new ArrayList<>();
      FileMeta meta = FileMeta.read(source.name(), supply, warnings);
      if (!TransferSyntax.DEFLATED.equals(meta.transferSyntaxUid())) {
        return dataset(source, supply, meta, pixels, warnings);
      }
      try (ByteSupply inflated = supply.inflated(meta.end())) {
        return dataset(
            source, inflated, new FileMeta(meta.transferSyntaxUid(), 0), pixels, warnings);
      } catch (ZipException notDeflated) {
        throw new InvalidInputException(
            source.name(), "deflated data is malformed: " + notDeflated.getMessage(), notDeflated);
      }
    } catch (IOException failure) {
      throw new InvalidInputException(source.name(), "cannot be read: " + reason(failure), failure);
    }
  }

  private static String reason(IOException failure) {
    String message = failure.getMessage();
    return message == null
        ? failure.getClass().getSimpleName()
        : message.lines().findFirst().orElse("");
  }

  private static DicomFile dataset(
      InstanceSource source,
      ByteSupply supply,
      FileMeta meta,
      boolean pixels,
      List<String> warnings)
      throws IOException {
    String name = source.name();
    int start = meta.end();
    supply.grow(start + GROWTH_AT_LEAST);
    Encoding encoding = encoding(supply, meta, start, warnings);
    DatasetParser parser = new DatasetParser(name, new ElementIndex(128));
    parser.begin(start, encoding, supply.skippable());
    parser.proceed(supply.data(), supply.available(), supply.total());
    while (parser.skip() > 0 || parser.wanted() > supply.available() && !supply.ended()) {
      if (parser.skip() > 0) {
        supply.skip(parser.end(), parser.skip());
      } else {
        supply.grow(parser.wanted());
      }
      parser.proceed(supply.data(), supply.available(), supply.total());
    }
    String cutOff = parser.cutOff();
    if (cutOff != null) {
      warnings.add(FILE_CUT_OFF);
      warnings.add(cutOff);
    }
    if (parser.index().count() == 0 && parser.pixelTag() == 0) {
      throw new InvalidInputException(
          name, cutOff == null ? "no DICOM elements" : "no DICOM elements: " + cutOff);
    }
    PixelData pixelData =
        pixels && parser.pixelTag() != 0
            ? pixelData(source, supply, parser, meta, encoding, warnings)
            : null;
    if (!pixels && parser.pixelTag() != 0 && parser.pixelLength() != -1) {
      long length = parser.pixelLength() & 0xffffffffL;
      if (length > supply.total() - parser.pixelOffset()) {
        warnings.add(PIXELS_CUT_OFF);
      }
    }
    ParsedDataset dataset =
        new ParsedDataset(
            supply.keep(parser.end()),
            source,
            encoding,
            parser.index().compact(),
            CharacterSet.DEFAULT,
            0);
    return new DicomFile(
        source,
        meta.transferSyntaxUid().isEmpty() ? TransferSyntax.of(encoding) : meta.transferSyntaxUid(),
        dataset,
        parser.pixelTag() != 0,
        pixelData,
        warnings);
  }

  /** What the meta information says, unless the first element shows that it is wrong. */
  private static Encoding encoding(
      ByteSupply supply, FileMeta meta, int start, List<String> warnings) {
    Encoding claimed = TransferSyntax.encoding(meta.transferSyntaxUid());
    byte[] data = supply.data();
    long left = supply.total() - start;
    if (supply.available() - start < 8 || claimed.begins(data, start, left)) {
      return meta.transferSyntaxUid().isEmpty() && supply.available() - start >= 8
          ? found(data, start, left, claimed)
          : claimed;
    }
    Encoding found = found(data, start, left, claimed);
    if (found != claimed) {
      warnings.add("the dataset is " + found + " although the file says " + claimed);
    }
    return found;
  }

  private static Encoding found(byte[] data, int start, long left, Encoding otherwise) {
    for (Encoding encoding :
        new Encoding[] {
          Encoding.EXPLICIT_LITTLE, Encoding.EXPLICIT_BIG, Encoding.IMPLICIT_LITTLE
        }) {
      if (encoding.begins(data, start, left)) {
        return encoding;
      }
    }
    return otherwise;
  }

  private static PixelData pixelData(
      InstanceSource source,
      ByteSupply supply,
      DatasetParser parser,
      FileMeta meta,
      Encoding encoding,
      List<String> warnings)
      throws IOException {
    PixelData.Store store;
    if (source instanceof InstanceSource.File file && !supply.packed()) {
      store = new PixelData.OnDisk(file.path());
    } else {
      supply.fillAll();
      store = new PixelData.InMemory(supply.data());
    }
    long offset = parser.pixelOffset() + supply.skipped();
    long size = supply.total() + supply.skipped();
    long left = size - offset;
    boolean turned =
        encoding == Encoding.IMPLICIT_LITTLE
            && TransferSyntax.GE_BIG_ENDIAN_PIXELS.equals(meta.transferSyntaxUid());
    boolean words = parser.pixelVr() == VR.OW || turned;
    if (parser.pixelLength() != -1) {
      long length = parser.pixelLength() & 0xffffffffL;
      if (length > left) {
        warnings.add(PIXELS_CUT_OFF);
        length = left;
      }
      return new PixelData(
          source.name(),
          store,
          parser.pixelTag(),
          turned ? ByteOrder.BIG_ENDIAN : encoding.order(),
          words,
          offset,
          length,
          Fragments.NONE);
    }
    Fragments fragments = Fragments.scan(store, encoding, offset, size);
    if (fragments.count() == 0) {
      throw new InvalidInputException(
          source.name(), Tag.toString(parser.pixelTag()) + " is encapsulated and has no fragment");
    }
    if (!fragments.complete()) {
      warnings.add(PIXELS_CUT_OFF);
    }
    return new PixelData(
        source.name(), store, parser.pixelTag(), encoding.order(), false, offset, 0, fragments);
  }
}
