package io.radnet.benchmarks.reading;

import io.radnet.imaging.InvalidInputException;
import io.radnet.imaging.dicom.DicomFile;
import io.radnet.imaging.dicom.DicomReader;
import io.radnet.imaging.dicom.PixelDecoder;
import io.radnet.imaging.dicom.PixelFrame;
import io.radnet.imaging.phantom.PhantomDataset;
import io.radnet.imaging.series.Instance;
import io.radnet.imaging.series.ScanResult;
import io.radnet.imaging.series.Series;
import io.radnet.imaging.series.SeriesScanner;
import io.radnet.imaging.series.Stack;
import io.radnet.imaging.series.VolumeAssembler;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Stream;

/**
 * The files that the benchmarks of this package and their peers read, laid out in a working folder:
 *
 * <ul>
 *   <li>{@code tree-N/} the source folder repeated until it holds N files or more, as hard links;
 *   <li>{@code frames/CODING.dcm} per coding of pixels the largest grey image of one frame, or in
 *       colour where none is grey;
 *   <li>{@code series/CODING/} per coding the largest series of one upright volume and one file per
 *       slice.
 * </ul>
 *
 * <p>The source folder is {@code radnet bench --scans DIR}; without it the folder {@code
 * ../shared/data} beside the checkout, and where that is absent too, synthetic scans.
 */
public final class ScanFiles {
  /** The system property that names the source folder. */
  public static final String PROPERTY = "radnet.bench.scans";

  private static final int LEAST_SLICES = 16;
  private static final int PHANTOM_SERIES = 12;
  private static final String DONE = "complete";
  private static final Map<String, String> CODINGS =
      Map.ofEntries(
          Map.entry("1.2.840.10008.1.2", "native"),
          Map.entry("1.2.840.10008.1.2.1", "native"),
          Map.entry("1.2.840.10008.1.2.5", "rle"),
          Map.entry("1.2.840.10008.1.2.4.50", "jpeg"),
          Map.entry("1.2.840.10008.1.2.4.57", "jpeg-lossless"),
          Map.entry("1.2.840.10008.1.2.4.70", "jpeg-lossless"),
          Map.entry("1.2.840.10008.1.2.4.80", "jpeg-ls"),
          Map.entry("1.2.840.10008.1.2.4.81", "jpeg-ls"),
          Map.entry("1.2.840.10008.1.2.4.90", "jpeg-2000"),
          Map.entry("1.2.840.10008.1.2.4.91", "jpeg-2000"));

  private ScanFiles() {}

  /** The working folder, made on first use; it stays in the folder for temporary files. */
  public static synchronized Path folder() {
    try {
      Path temporary = Path.of(System.getProperty("java.io.tmpdir"));
      Path source = source(temporary);
      Path work =
          temporary.resolve(
              "radnet-bench-" + Integer.toHexString(source.toAbsolutePath().toString().hashCode()));
      if (!Files.exists(work.resolve(DONE))) {
        choose(source, work);
        Files.writeString(work.resolve(DONE), source.toAbsolutePath() + System.lineSeparator());
      }
      return work;
    } catch (IOException failure) {
      throw new UncheckedIOException(failure);
    }
  }

  private static Path source(Path temporary) throws IOException {
    String named = System.getProperty(PROPERTY, "");
    if (!named.isEmpty()) {
      if (!Files.isDirectory(Path.of(named))) {
        throw new InvalidInputException(named, "no such folder (--scans)");
      }
      return Path.of(named);
    }
    Path shared = Path.of(System.getProperty("radnet.home", "."), "..", "shared", "data");
    if (Files.isDirectory(shared)) {
      return shared.normalize();
    }
    Path phantom = temporary.resolve("radnet-bench-phantom");
    if (!Files.exists(phantom.resolve("splits.json"))) {
      new PhantomDataset(
              new PhantomDataset.Options(
                  PHANTOM_SERIES,
                  1,
                  false,
                  false,
                  true,
                  0,
                  0,
                  Runtime.getRuntime().availableProcessors()))
          .write(phantom, null);
    }
    return phantom.resolve("series");
  }

  private static void choose(Path source, Path work) throws IOException {
    Files.createDirectories(work.resolve("frames"));
    ScanResult scan =
        SeriesScanner.scan(List.of(source), Runtime.getRuntime().availableProcessors());
    Map<String, Long> frames = new TreeMap<>();
    Map<String, Long> volumes = new TreeMap<>();
    Map<String, Path> frame = new TreeMap<>();
    Map<String, Series> chosen = new TreeMap<>();
    for (Series series : scan.series()) {
      for (Instance instance : series.instances()) {
        String coding = coding(instance);
        long pixels = coding.isEmpty() ? 0 : pixels(instance);
        if (pixels > frames.getOrDefault(coding, 0L)) {
          frames.put(coding, pixels);
          frame.put(coding, Path.of(instance.source().name()));
        }
      }
      Instance first = series.instances().get(0);
      long voxels = voxels(series);
      String coding = voxels == 0 ? "" : coding(first);
      if (voxels > volumes.getOrDefault(coding, 0L) && !coding.isEmpty()) {
        volumes.put(coding, voxels);
        chosen.put(coding, series);
      }
    }
    for (Map.Entry<String, Path> entry : frame.entrySet()) {
      place(entry.getValue(), work.resolve("frames").resolve(entry.getKey() + ".dcm"));
    }
    for (Map.Entry<String, Series> entry : chosen.entrySet()) {
      int number = 0;
      for (Instance instance : entry.getValue().instances()) {
        place(
            Path.of(instance.source().name()),
            work.resolve("series")
                .resolve(entry.getKey())
                .resolve(String.format("%04d.dcm", number++)));
      }
    }
  }

  private static String coding(Instance instance) {
    return CODINGS.getOrDefault(instance.header().transferSyntaxUid(), "");
  }

  /**
   * Pixels of an image of one frame that can be decoded, 0 of another; any grey one beats any in
   * colour.
   */
  private static long pixels(Instance instance) {
    try {
      DicomFile file = DicomReader.read(instance.source());
      if (PixelDecoder.frames(file) > 1) {
        return 0;
      }
      PixelFrame pixels = PixelDecoder.frame(file, 0);
      return pixels.values().length + (pixels.samples() == 1 ? 1L << 40 : 0);
    } catch (InvalidInputException undecodable) {
      return 0; // broken on purpose, or of a coding without a decoder: nothing to measure
    }
  }

  /** Voxels of a series that is one upright volume of one file per slice, 0 of another. */
  private static long voxels(Series series) {
    List<Stack> stacks = VolumeAssembler.stacks(series);
    Stack stack = stacks.isEmpty() ? null : stacks.get(0);
    if (stack == null
        || stacks.size() != 1
        || stack.frames().size() < LEAST_SLICES
        || stack.frames().size() != series.instances().size()
        || stack.geometry().isEmpty()
        || !stack.uniform()
        || stack.tiltDegrees() > 0.01) {
      return 0;
    }
    return stack.geometry().get().voxels();
  }

  /** The codings that have a frame, or a series where {@code kind} is so. */
  static List<String> codings(String kind) {
    Path folder = folder().resolve(kind);
    if (!Files.isDirectory(folder)) {
      return List.of();
    }
    try (Stream<Path> entries = Files.list(folder)) {
      return entries
          .map(entry -> entry.getFileName().toString().replace(".dcm", ""))
          .sorted()
          .toList();
    } catch (IOException failure) {
      throw new UncheckedIOException(failure);
    }
  }

  /** A tree of {@code files} files or more: the whole source as often as that needs. */
  static Path tree(int files) {
    Path work = folder();
    Path tree = work.resolve("tree-" + files);
    Path done = work.resolve("tree-" + files + "-" + DONE);
    try {
      if (Files.exists(done)) {
        return tree;
      }
      Path source = Path.of(Files.readString(work.resolve(DONE)).strip());
      List<Path> all;
      try (Stream<Path> walk = Files.walk(source)) {
        all = walk.filter(Files::isRegularFile).sorted().toList();
      }
      Path first = tree.resolve("001");
      for (Path file : all) {
        place(file, first.resolve(source.relativize(file).toString()));
      }
      for (int copy = 2; (copy - 1) * all.size() < files; copy++) {
        Path next = tree.resolve(String.format("%03d", copy));
        for (Path file : all) {
          String below = source.relativize(file).toString();
          place(first.resolve(below), next.resolve(below));
        }
      }
      Files.createFile(done);
      return tree;
    } catch (IOException failure) {
      throw new UncheckedIOException(failure);
    }
  }

  /** A hard link, or a copy where the file system gives none. */
  private static void place(Path file, Path at) throws IOException {
    Files.createDirectories(at.getParent());
    if (Files.exists(at)) {
      return;
    }
    try {
      Files.createLink(at, file);
    } catch (IOException | UnsupportedOperationException | SecurityException noLink) {
      Files.copy(file, at);
    }
  }
}
