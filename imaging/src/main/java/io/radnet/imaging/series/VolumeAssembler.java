package io.radnet.imaging.series;

import io.radnet.imaging.InvalidInputException;
import io.radnet.imaging.dicom.DicomFile;
import io.radnet.imaging.dicom.DicomReader;
import io.radnet.imaging.dicom.ModalityLut;
import io.radnet.imaging.dicom.PixelDecoder;
import io.radnet.imaging.dicom.PixelFrame;
import io.radnet.imaging.volume.Affine;
import io.radnet.imaging.volume.Geometry;
import io.radnet.imaging.volume.Volume;
import io.radnet.imaging.volume.Voxels;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * Stacks frames to 3D volumes in the patient. Stored values stay 16 bit where all frames share
 * slope and intercept.
 */
public final class VolumeAssembler {
  /** Slices that are decoded before they are stacked: a little memory, work for each processor. */
  private static final int TOGETHER = 16;

  /** Voxels and slices that a volume may have whatever its files hold. */
  private static final long ANY_VOXELS = 1L << 25;

  private static final int ANY_SLICES = 1024;

  /** Characters of a path in a name: file systems hold names of 255 bytes. */
  private static final int LONGEST_BASE = 120;

  private VolumeAssembler() {}

  /** The stacks of a series from headers alone: geometry, spacing, tilt, gaps. */
  public static List<Stack> stacks(Series series) {
    return StackBuilder.build(series);
  }

  /**
   * All volumes of a series, with voxels.
   *
   * @throws InvalidInputException where no stack has a place in space, or pixels cannot be decoded
   */
  public static List<SeriesVolume> assemble(Series series) {
    List<SeriesVolume> volumes = new ArrayList<>();
    String reason = "holds no image";
    for (Stack stack : stacks(series)) {
      if (stack.geometry().isEmpty()) {
        reason = "position, orientation or pixel spacing is absent";
        continue;
      }
      volumes.add(assemble(series, stack));
    }
    if (volumes.isEmpty()) {
      throw new InvalidInputException(series.path(), reason);
    }
    return volumes;
  }

  /**
   * One volume, whole.
   *
   * @param stack one of {@link #stacks}, with a geometry
   * @throws InvalidInputException where pixels cannot be decoded, are no intensities, such as the
   *     indices of palette colours, or frames were left out
   */
  public static SeriesVolume assemble(Series series, Stack stack) {
    Geometry geometry = geometry(series, stack);
    for (Frame frame : stack.frames()) {
      Instance instance = frame.instance();
      if (!instance.meaning().intensities()) {
        throw new InvalidInputException(instance.path(), instance.meaning().warning());
      }
      if (instance.framesLeftOut() > 0) {
        throw new InvalidInputException(
            instance.path(), StackGeometry.leftOut(instance.framesLeftOut()));
      }
    }
    return new SeriesVolume(name(series, stack), volume(stack, geometry, null), stack);
  }

  /**
   * One volume, or what can be decoded of it: slices without readable pixels hold the lowest value
   * of the others, and a warning of the stack says so.
   *
   * @param stack one of {@link #stacks}, with a geometry
   * @throws InvalidInputException where no slice can be decoded
   */
  public static SeriesVolume assemblePartly(Series series, Stack stack) {
    Geometry geometry = geometry(series, stack);
    LostSlices lost = new LostSlices();
    Volume volume = volume(stack, geometry, lost);
    return new SeriesVolume(
        name(series, stack), volume, lost.none() ? stack : stack.with(lost.warning(stack)));
  }

  /**
   * The frames of a stack without a place in space, in the order of their numbers: pictures to look
   * at. The grid has their spacing, 1 mm where the header has none, and no meaning besides. Slices
   * without readable pixels are treated as {@link #assemblePartly} does.
   *
   * @throws InvalidInputException where no slice can be decoded
   */
  public static SeriesVolume assembleUnplaced(Series series, Stack stack) {
    Frame first = stack.first();
    double column = first.columnSpacing() > 0 ? first.columnSpacing() : 1;
    double row = first.rowSpacing() > 0 ? first.rowSpacing() : 1;
    double slice = first.sliceDistance() > 0 ? first.sliceDistance() : 1;
    Geometry grid;
    try {
      Affine spacing = Affine.of(column, 0, 0, 0, 0, row, 0, 0, 0, 0, slice, 0);
      grid = new Geometry(first.columns(), first.rows(), stack.frames().size(), spacing);
    } catch (IllegalArgumentException singular) {
      throw new InvalidInputException(
          series.path(), "spacing is out of all bounds: " + column + " x " + row + " x " + slice);
    }
    checked(series, grid);
    LostSlices lost = new LostSlices();
    Volume volume = volume(stack, grid, lost);
    return new SeriesVolume(
        name(series, stack), volume, lost.none() ? stack : stack.with(lost.warning(stack)));
  }

  private static Geometry geometry(Series series, Stack stack) {
    return checked(
        series,
        stack
            .geometry()
            .orElseThrow(() -> new InvalidInputException(series.path(), "has no place in space")));
  }

  private static Geometry checked(Series series, Geometry geometry) {
    if (geometry.voxels() > Integer.MAX_VALUE - 8) {
      throw new InvalidInputException(
          series.path(), geometry.voxels() + " voxels (expected: fewer than 2^31)");
    }
    return geometry;
  }

  private static String name(Series series, Stack stack) {
    String base = series.path().replaceAll("[^A-Za-z0-9._-]+", "_").replaceAll("^[._]+", "");
    if (base.length() > LONGEST_BASE) {
      base = base.substring(0, LONGEST_BASE) + "-" + digest(series.path());
    }
    return (base.isEmpty() ? "series" : base)
        + "_v"
        + String.format("%03d", stack.volumeIndex() + 1);
  }

  /** Eight hexadecimal digits that tell long paths apart which begin alike. */
  private static String digest(String path) {
    try {
      byte[] sha =
          MessageDigest.getInstance("SHA-256").digest(path.getBytes(StandardCharsets.UTF_8));
      return HexFormat.of().formatHex(sha, 0, 4);
    } catch (NoSuchAlgorithmException absent) {
      throw new IllegalStateException("every Java platform has SHA-256", absent);
    }
  }

  /**
   * A damaged header may claim frames that its file does not hold. Memory and time for a large
   * volume are taken only where a quarter of it is there.
   */
  private static void checkHeld(Stack stack, Geometry geometry) {
    if (geometry.voxels() <= ANY_VOXELS && geometry.depth() <= ANY_SLICES) {
      return;
    }
    Map<Instance, Long> limits = new HashMap<>();
    int held = 0;
    for (Frame frame : stack.frames()) {
      boolean alone = frame.instance().frames().size() == 1;
      long limit = alone ? 1 : limits.computeIfAbsent(frame.instance(), VolumeAssembler::held);
      held += frame.index() < limit ? 1 : 0;
    }
    if (4L * held < stack.frames().size()) {
      throw new InvalidInputException(
          stack.first().instance().path(),
          "pixel data of " + held + " slices (expected: " + stack.frames().size() + ")");
    }
  }

  private static long held(Instance instance) {
    return PixelDecoder.held(DicomReader.read(instance.source()));
  }

  private static Volume volume(Stack stack, Geometry geometry, @Nullable LostSlices lost) {
    checkHeld(stack, geometry);
    List<Frame> frames = stack.frames();
    double slope = frames.get(0).slope();
    double intercept = frames.get(0).intercept();
    boolean shared = true;
    for (Frame frame : frames) {
      shared &= frame.slope() == slope && frame.intercept() == intercept;
    }
    int plane = geometry.width() * geometry.height();
    int count = plane * geometry.depth();
    short[] shorts = new short[0];
    float[] floats = new float[0];
    int offset = 0;
    boolean first = true;
    OpenFile open = new OpenFile();
    List<Decoded> decoded = List.of();
    for (int k = 0; k < frames.size(); k++) {
      if (k % TOGETHER == 0) {
        decoded = decode(stack, frames.subList(k, Math.min(frames.size(), k + TOGETHER)), open);
      }
      Frame frame = frames.get(k);
      Decoded slice = decoded.get(k % TOGETHER);
      PixelFrame pixels = slice.pixels();
      if (pixels == null) {
        if (lost == null) {
          throw slice.failed();
        }
        lost.add(k, slice.failed());
        continue;
      }
      if (first) {
        // not before a slice shows that its size is no mere claim
        first = false;
        offset = unsigned16(pixels) ? 32768 : 0;
        shorts = shared ? new short[count] : shorts;
        floats = shared ? floats : new float[count];
      }
      if (shorts.length > 0) {
        if (!intoShorts(pixels, frame, shorts, k * plane, offset)) {
          // values that 16 bit cannot hold, or another signedness than the first slice: start again
          // in float
          floats = new float[count];
          for (int i = 0; i < k * plane; i++) {
            floats[i] = (float) (slope * (shorts[i] + offset) + intercept);
          }
          shorts = new short[0];
        }
      }
      if (shorts.length == 0) {
        intoFloats(pixels, frame, floats, k * plane);
      }
    }
    if (lost != null) {
      lost.fill(shorts, floats, frames.size(), slope < 0);
    }
    return shorts.length > 0
        ? new Volume(geometry, new Voxels.Int16(shorts), slope, intercept + slope * offset)
        : new Volume(geometry, new Voxels.Float32(floats), 1, 0);
  }

  /** The pixels of a slice, or why there are none. */
  private record Decoded(@Nullable PixelFrame pixels, @Nullable InvalidInputException failure) {
    InvalidInputException failed() {
      return Objects.requireNonNull(failure);
    }
  }

  /** Slices of files of their own are decoded by all processors. */
  private static List<Decoded> decode(Stack stack, List<Frame> frames, OpenFile open) {
    boolean apart = frames.stream().map(Frame::instance).distinct().count() == frames.size();
    return apart
        ? frames.parallelStream().map(frame -> decode(stack, frame, new OpenFile())).toList()
        : frames.stream().map(frame -> decode(stack, frame, open)).toList();
  }

  /** A slice, from a copy of it where it is damaged itself. */
  private static Decoded decode(Stack stack, Frame frame, OpenFile open) {
    try {
      return new Decoded(decode(frame, open), null);
    } catch (InvalidInputException undecodable) {
      for (Frame copy : stack.copies().getOrDefault(frame, List.of())) {
        if (copy.slope() != frame.slope() || copy.intercept() != frame.intercept()) {
          continue;
        }
        try {
          return new Decoded(decode(copy, new OpenFile()), null);
        } catch (InvalidInputException damagedToo) {
          undecodable.addSuppressed(damagedToo);
        }
      }
      return new Decoded(null, undecodable);
    }
  }

  private static PixelFrame decode(Frame frame, OpenFile open) {
    try {
      return grey(open.decode(frame), frame);
    } catch (InvalidInputException undecodable) {
      throw undecodable;
    } catch (RuntimeException unforeseen) {
      throw new InvalidInputException(
          frame.instance().path(), unforeseen.getClass().getSimpleName(), unforeseen);
    }
  }

  private static PixelFrame grey(PixelFrame pixels, Frame frame) {
    if (pixels.samples() != 1) {
      throw new InvalidInputException(
          frame.instance().path(), "colour image (expected: one sample per pixel)");
    }
    return pixels;
  }

  private static boolean unsigned16(PixelFrame pixels) {
    for (int value : pixels.values()) {
      if (value > Short.MAX_VALUE || pixels.wide() && value < 0) {
        return true;
      }
    }
    return false;
  }

  private static boolean intoShorts(
      PixelFrame pixels, Frame frame, short[] target, int at, int offset) {
    if (pixels.floats().length > 0) {
      return false;
    }
    int[] values = pixels.values();
    for (int y = 0; y < frame.rows(); y++) {
      int source = (frame.tileY() + y) * pixels.columns() + frame.tileX();
      for (int x = 0; x < frame.columns(); x++) {
        int value = values[source + x];
        int stored = value - offset;
        if (stored != (short) stored || value < 0 && pixels.wide()) {
          return false;
        }
        target[at + y * frame.columns() + x] = (short) stored;
      }
    }
    return true;
  }

  private static void intoFloats(PixelFrame pixels, Frame frame, float[] target, int at) {
    for (int y = 0; y < frame.rows(); y++) {
      int source = (frame.tileY() + y) * pixels.columns() + frame.tileX();
      for (int x = 0; x < frame.columns(); x++) {
        double stored = pixels.value(source + x);
        target[at + y * frame.columns() + x] = (float) (frame.slope() * stored + frame.intercept());
      }
    }
  }

  /** The file that was read last, as the frames of a multi-frame instance follow each other. */
  private static final class OpenFile {
    private @Nullable Instance instance;
    private @Nullable DicomFile file;
    private Optional<ModalityLut> table = Optional.empty();
    private @Nullable PixelFrame sheet;
    private int sheetIndex = -1;

    PixelFrame decode(Frame frame) {
      DicomFile current = file;
      if (current == null || instance != frame.instance()) {
        current = DicomReader.read(frame.instance().source());
        file = current;
        instance = frame.instance();
        table = instance.meaning().lookedUp() ? ModalityLut.of(current) : Optional.empty();
        sheet = null;
      }
      PixelFrame decoded = sheet;
      if (decoded == null || sheetIndex != frame.index()) {
        PixelFrame stored = PixelDecoder.frame(current, frame.index());
        decoded = table.map(lut -> lut.apply(stored)).orElse(stored);
        sheet = decoded;
        sheetIndex = frame.index();
      }
      if (frame.tileX() + frame.columns() > decoded.columns()
          || frame.tileY() + frame.rows() > decoded.rows()) {
        throw new InvalidInputException(frame.instance().path(), "a slice lies outside its image");
      }
      return decoded;
    }
  }
}
