package io.radnet.imaging.dicom;

import io.radnet.imaging.InvalidInputException;
import java.io.BufferedInputStream;
import java.io.ByteArrayInputStream;
import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Files;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.OptionalInt;
import java.util.zip.GZIPInputStream;
import org.dcm4che3.data.Attributes;
import org.dcm4che3.data.Sequence;
import org.dcm4che3.io.DicomInputStream;
import org.dcm4che3.io.DicomStreamException;

/**
 * Reads headers with dcm4che-core, for sites that rely on it. Pixel data is read and decoded by
 * this project either way.
 */
public final class Dcm4cheReader implements HeaderReader {
  private static final int GZIP = 0x1f8b;
  private static final int UNLIMITED = -1;

  /** Float and double pixel data precede (7FE0,0010); reading ends at whichever comes first. */
  private static final int FIRST_PIXEL_TAG = 0x7FE0_0008;

  @Override
  public DicomFile readHeader(InstanceSource source) {
    List<String> warnings = new ArrayList<>();
    try (InputStream bytes = open(source);
        DicomInputStream in = new DicomInputStream(bytes)) {
      in.readFileMetaInformation();
      Attributes attributes = new Attributes(in.bigEndian(), 64);
      try {
        in.readAttributes(attributes, UNLIMITED, FIRST_PIXEL_TAG);
      } catch (EOFException cutOff) {
        if (attributes.isEmpty()) {
          throw cutOff;
        }
        warnings.add("the file is cut off");
      }
      boolean pixels = Integer.compareUnsigned(in.tag(), FIRST_PIXEL_TAG) >= 0;
      return new DicomFile(
          source, in.getTransferSyntax(), new Dataset(attributes), pixels, null, warnings);
    } catch (DicomStreamException | EOFException notDicom) {
      throw new InvalidInputException(
          source.name(), "no DICOM file, or cut off before its first element", notDicom);
    } catch (StackOverflowError endless) {
      // dcm4che-core descends into sequences by recursion and sets no limit.
      throw new InvalidInputException(source.name(), "sequences are nested too deep", endless);
    } catch (IOException | RuntimeException failure) {
      throw new InvalidInputException(
          source.name(),
          "cannot be read by dcm4che: " + failure.getClass().getSimpleName(),
          failure);
    }
  }

  private static InputStream open(InstanceSource source) throws IOException {
    InputStream stored =
        source instanceof InstanceSource.File file
            ? new BufferedInputStream(Files.newInputStream(file.path()))
            : new ByteArrayInputStream(source.readAll());
    stored.mark(2);
    int magic = stored.read() << 8 | stored.read();
    stored.reset();
    return magic == GZIP ? new BufferedInputStream(new GZIPInputStream(stored)) : stored;
  }

  /** dcm4che's attributes behind this project's interface. */
  private record Dataset(Attributes attributes) implements DicomDataset {
    private static final double[] NONE = new double[0];

    @Override
    public boolean contains(int tag) {
      return attributes.contains(tag);
    }

    @Override
    public Optional<String> string(int tag) {
      return strings(tag).stream().findFirst().filter(value -> !value.isEmpty());
    }

    @Override
    public List<String> strings(int tag) {
      if (!attributes.containsValue(tag) || attributes.getSequence(tag) != null) {
        return List.of();
      }
      if (binary(tag)) {
        List<String> texts = new ArrayList<>();
        for (double value : numbers(tag)) {
          texts.add(
              value == Math.rint(value) ? Long.toString((long) value) : Double.toString(value));
        }
        return texts;
      }
      String[] values = attributes.getStrings(tag);
      return values == null
          ? List.of()
          : Arrays.stream(values).map(value -> value == null ? "" : value.strip()).toList();
    }

    private boolean binary(int tag) {
      return switch (attributes.getVR(tag)) {
        case US, SS, UL, SL, FL, FD, SV, UV, AT -> true;
        default -> false;
      };
    }

    private boolean bulk(int tag) {
      return switch (attributes.getVR(tag)) {
        case SQ, OB, OD, OF, OL, OV, OW, UN -> true;
        default -> false;
      };
    }

    @Override
    public OptionalDouble number(int tag) {
      double[] values = numbers(tag);
      return values.length == 0 ? OptionalDouble.empty() : OptionalDouble.of(values[0]);
    }

    @Override
    public OptionalDouble number(int tag, VR assumed) {
      Optional<byte[]> value =
          attributes.contains(tag) && attributes.getVR(tag) == org.dcm4che3.data.VR.UN
              ? bytes(tag)
              : Optional.empty();
      if (value.isEmpty()
          || assumed.numberSize() == 0
          || value.get().length != assumed.numberSize()) {
        return number(tag);
      }
      ByteBuffer in = ByteBuffer.wrap(value.get()).order(ByteOrder.LITTLE_ENDIAN); // as UN is
      return OptionalDouble.of(
          switch (assumed) {
            case US -> in.getShort() & 0xffff;
            case SS -> in.getShort();
            case UL -> in.getInt() & 0xffffffffL;
            case AT -> (in.getShort() & 0xffffL) << 16 | in.getShort() & 0xffff;
            case FL -> in.getFloat();
            case FD -> in.getDouble();
            case SV, UV -> in.getLong();
            default -> in.getInt();
          });
    }

    @Override
    public double[] numbers(int tag) {
      if (!attributes.containsValue(tag) || bulk(tag)) {
        return NONE;
      }
      if (binary(tag)) {
        double[] values = attributes.getDoubles(tag);
        return values == null ? NONE : values;
      }
      List<String> texts = strings(tag);
      return texts.stream().allMatch(Decimal::valid)
          ? texts.stream().mapToDouble(Double::parseDouble).toArray()
          : NONE;
    }

    @Override
    public List<DicomDataset> items(int tag) {
      Sequence sequence = attributes.getSequence(tag);
      return sequence == null
          ? List.of()
          : sequence.stream().<DicomDataset>map(Dataset::new).toList();
    }

    @Override
    public Optional<byte[]> bytes(int tag) {
      if (!attributes.contains(tag) || attributes.getSequence(tag) != null) {
        return Optional.empty();
      }
      try {
        byte[] value = attributes.getBytes(tag);
        return Optional.of(value == null ? new byte[0] : value);
      } catch (IOException unreadable) {
        throw new InvalidInputException(
            Tag.toString(tag), "cannot be read: the file changed meanwhile", unreadable);
      }
    }

    @Override
    public OptionalInt privateTag(int group, String creator, int element) {
      for (int block = 0x10; block <= 0xff; block++) {
        String owner = attributes.getString(group << 16 | block);
        if (owner != null && owner.strip().equals(creator)) {
          return OptionalInt.of(group << 16 | block << 8 | element);
        }
      }
      return OptionalInt.empty();
    }

    @Override
    public int[] tags() {
      return attributes.tags();
    }
  }
}
