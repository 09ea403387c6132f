package io.radnet.imaging.labels;

import static org.assertj.core.api.Assertions.assertThat;

import io.radnet.imaging.InvalidInputException;
import io.radnet.imaging.dicom.InstanceSource;
import io.radnet.imaging.series.ScanResult;
import io.radnet.imaging.series.Series;
import io.radnet.imaging.series.SeriesScanner;
import io.radnet.imaging.series.SeriesVolume;
import io.radnet.imaging.series.Skipped;
import io.radnet.imaging.series.Stack;
import io.radnet.imaging.series.VolumeAssembler;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;
import java.util.TreeMap;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/**
 * Damages the headers of whole series and takes them the way that {@code convert} and {@code label}
 * do: grouped, stacked, labelled and decoded. What cannot be used is refused with a reason that
 * somebody wrote. The same seed gives the same run; {@code radnet.fuzz.series} makes it run longer.
 */
class ScanFuzzTest {
  private static final int ROUNDS = Integer.getInteger("radnet.fuzz.series", 700);
  private static final int LARGEST_SEED = 32 << 10;
  private static final int FILES = 6;

  /** VRs that are numbers, and what damage or carelessness may write into them. */
  private static final Map<String, List<String>> TEXTS =
      Map.of(
          "DS", List.of("0", "-1", "NaN", "1e308", "1e-300", "-0", "", "1e9", "x", "0.001"),
          "IS", List.of("0", "-1", "2147483647", "-2147483648", "", "65536", "99999", "1", "3"),
          "CS", List.of("", "MOSAIC", "DERIVED", "PALETTE COLOR", "x\\y"));

  private static final List<String> BINARIES = List.of("US", "SS", "UL", "SL", "FD", "FL", "AT");
  private static final Pattern CLASS_NAME = Pattern.compile("(^|: )\\w*(Exception|Error)$");

  private final SplittableRandom random = new SplittableRandom(20_26);
  private final SeriesLabeler labeler = new SeriesLabeler(Rules.builtIn());
  private final Map<String, Integer> reached = new TreeMap<>();

  @Test
  void damagedSeriesAreReadOrRefusedWithAReason() throws IOException {
    List<List<byte[]>> seeds = seeds();
    for (int round = 0; round < ROUNDS; round++) {
      List<InstanceSource> sources = new ArrayList<>();
      for (byte[] object : seeds.get(random.nextInt(seeds.size()))) {
        byte[] damaged = random.nextInt(3) == 0 ? object : damage(object.clone());
        sources.add(new InstanceSource.Memory("round " + round + "/" + sources.size(), damaged));
      }
      try {
        follow(SeriesScanner.group(sources, 1));
      } catch (RuntimeException | Error unforeseen) {
        throw new AssertionError("round " + round, unforeseen);
      }
    }
    assertThat(reached).containsKeys("labels", "volume", "picture", "refused", "skipped");
  }

  private void follow(ScanResult scan) {
    for (Skipped skipped : scan.skipped()) {
      written(skipped.reason());
      count("skipped");
    }
    for (Series series : scan.series()) {
      labeler.explain(series);
      count("labels");
      for (Stack stack : VolumeAssembler.stacks(series)) {
        try {
          boolean placed = stack.geometry().isPresent();
          SeriesVolume volume =
              placed
                  ? VolumeAssembler.assemblePartly(series, stack)
                  : VolumeAssembler.assembleUnplaced(series, stack);
          volume.stack().warnings().forEach(ScanFuzzTest::written);
          count(placed ? "volume" : "picture");
        } catch (InvalidInputException refused) {
          written(String.valueOf(refused.getMessage()));
          count("refused");
        }
      }
    }
  }

  /** The name of a class as a reason is an exception that nobody foresaw. */
  private static void written(String reason) {
    assertThat(CLASS_NAME.matcher(reason).find()).as(reason).isFalse();
    assertThat(reason).doesNotContain("\n");
  }

  private void count(String what) {
    reached.merge(what, 1, Integer::sum);
  }

  private byte[] damage(byte[] object) {
    List<Integer> elements = numbers(object);
    for (int i = random.nextInt(1, 5); i > 0; i--) {
      if (elements.isEmpty() || random.nextInt(4) == 0) {
        object[random.nextInt(Math.min(object.length, 4096))] = (byte) random.nextInt(256);
      } else {
        change(object, elements.get(random.nextInt(elements.size())));
      }
    }
    return random.nextInt(16) == 0 ? Arrays.copyOf(object, random.nextInt(object.length)) : object;
  }

  /** Where elements of explicit little endian files have the VR of a number. */
  private static List<Integer> numbers(byte[] object) {
    List<Integer> found = new ArrayList<>();
    for (int at = 132; at + 8 < object.length; at++) {
      if (object[at] < 'A' || object[at] > 'Z' || object[at + 1] < 'A' || object[at + 1] > 'Z') {
        continue;
      }
      String vr = new String(object, at, 2, StandardCharsets.US_ASCII);
      int length = object[at + 2] & 0xff | (object[at + 3] & 0xff) << 8;
      boolean number = TEXTS.containsKey(vr) || BINARIES.contains(vr);
      if (number && length > 0 && length <= 64 && at + 4 + length <= object.length) {
        found.add(at);
      }
    }
    return found;
  }

  private void change(byte[] object, int at) {
    String vr = new String(object, at, 2, StandardCharsets.US_ASCII);
    int value = at + 4;
    int length = Math.min(object[at + 2] & 0xff, object.length - value);
    List<String> texts = TEXTS.get(vr);
    if (texts == null && length > 0) {
      byte[] fills = {0, 1, (byte) 0xff, 0x7f, 2, (byte) 0x80};
      Arrays.fill(object, value, value + length, fills[random.nextInt(fills.length)]);
      if (random.nextBoolean()) {
        Arrays.fill(object, value + 1, value + length, (byte) 0); // a small number
      }
    }
    if (texts == null) {
      return;
    }
    // One value of several changes, where the length allows it.
    String[] parts =
        new String(object, value, length, StandardCharsets.ISO_8859_1).split("\\\\", -1);
    parts[random.nextInt(parts.length)] = texts.get(random.nextInt(texts.size()));
    byte[] text = String.join("\\", parts).getBytes(StandardCharsets.ISO_8859_1);
    byte[] fitting = Arrays.copyOf(text, length);
    Arrays.fill(fitting, Math.min(text.length, length), length, (byte) ' ');
    System.arraycopy(fitting, 0, object, value, length);
  }

  private static List<List<byte[]>> seeds() throws IOException {
    List<List<byte[]>> seeds = new ArrayList<>(FuzzSeries.all());
    Path data = Path.of(System.getProperty("radnet.shared", "../../shared")).resolve("data");
    if (!Files.isDirectory(data)) {
      return seeds;
    }
    Map<Path, List<byte[]>> folders = new TreeMap<>();
    try (Stream<Path> walk = Files.walk(data)) {
      for (Path path : walk.filter(Files::isRegularFile).sorted().toList()) {
        if (Files.size(path) > LARGEST_SEED || !path.toString().endsWith(".dcm")) {
          continue;
        }
        byte[] object = Files.readAllBytes(path);
        // jj2000 prints a trace for every malformed stream before it gives up.
        String meta =
            new String(object, 0, Math.min(object.length, 1024), StandardCharsets.ISO_8859_1);
        List<byte[]> folder = folders.computeIfAbsent(path.getParent(), key -> new ArrayList<>());
        if (!meta.contains("1.2.840.10008.1.2.4.9") && folder.size() < FILES) {
          folder.add(object);
        }
      }
    }
    folders.values().removeIf(List::isEmpty);
    seeds.addAll(folders.values());
    return seeds;
  }
}
