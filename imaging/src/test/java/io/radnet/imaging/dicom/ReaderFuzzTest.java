package io.radnet.imaging.dicom;

import static org.assertj.core.api.Assertions.assertThat;

import com.code_intelligence.jazzer.junit.FuzzTest;
import io.radnet.imaging.InvalidInputException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * Mutates valid files: whatever comes out is read, or refused with a reason, and nothing else. One
 * test mutates at random, always in the same way; {@code radnet.fuzz.rounds} makes it run longer.
 * The other is Jazzer's, which prefers what reaches new code: on the seeds alone by default, and in
 * an execution of its own for {@code radnet.fuzz.duration}.
 */
class ReaderFuzzTest {
  private static final int ROUNDS = Integer.getInteger("radnet.fuzz.rounds", 20_000);
  private static final int LARGEST_SEED = 64 << 10;

  @Test
  void mutatedFilesAreReadOrRefused() throws IOException {
    List<byte[]> seeds = seeds();
    SplittableRandom random = new SplittableRandom(20_26);
    int refused = 0;
    for (int round = 0; round < ROUNDS; round++) {
      byte[] object = mutate(seeds.get(random.nextInt(seeds.size())).clone(), random);
      if (!read("mutant " + round, object)) {
        refused++;
      }
    }
    assertThat(refused).isBetween(1, ROUNDS - 1);
  }

  @MethodSource("seeds")
  @FuzzTest(maxDuration = "10s")
  void anyBytesAreReadOrRefused(byte[] object) {
    read("mutant", object);
  }

  /** Whether it was read, all of it, and not refused. */
  private static boolean read(String name, byte[] object) {
    try {
      DicomFile file = DicomReader.read(new InstanceSource.Memory(name, object));
      touch(file.dataset(), 0);
      assertThat(file.warnings()).noneMatch(warning -> warning.contains("\n"));
      // jj2000 prints a trace for every malformed stream before it gives up.
      if (!file.transferSyntaxUid().startsWith("1.2.840.10008.1.2.4.9")) {
        PixelDecoder.frame(file, 0);
      }
      return true;
    } catch (InvalidInputException told) {
      assertThat(told.getMessage()).startsWith(name + ": ").doesNotContain("\n");
      return false;
    }
  }

  static List<byte[]> seeds() throws IOException {
    List<byte[]> seeds = new ArrayList<>();
    WritableDataset image =
        DicomReaderContract.example()
            .put(Tag.ROWS, VR.US, 4)
            .put(Tag.COLUMNS, VR.US, 4)
            .put(Tag.BITS_ALLOCATED, VR.US, 16)
            .put(Tag.PIXEL_DATA, VR.OW, new byte[32]);
    seeds.add(DicomReaderContract.write(image, DicomWriter.IMPLICIT_LITTLE_ENDIAN));
    seeds.add(DicomReaderContract.write(image, DicomWriter.EXPLICIT_LITTLE_ENDIAN));
    Path folder =
        Path.of(System.getProperty("radnet.shared", "../../shared"))
            .resolve("data/pydicom+pydicom/src/pydicom/data");
    if (Files.isDirectory(folder)) {
      try (Stream<Path> walk = Files.walk(folder)) {
        for (Path path : walk.filter(Files::isRegularFile).sorted().toList()) {
          if (path.toString().endsWith(".dcm") && Files.size(path) <= LARGEST_SEED) {
            seeds.add(Files.readAllBytes(path));
          }
        }
      }
    }
    return seeds;
  }

  private static byte[] mutate(byte[] object, SplittableRandom random) {
    // Headers are where a mutation tells most: half of them hit the first bytes behind the
    // preamble.
    for (int i = random.nextInt(1, 9); i > 0; i--) {
      int span = random.nextBoolean() ? object.length : Math.min(object.length, 2048);
      object[random.nextInt(span)] = (byte) (random.nextInt(4) == 0 ? 0xff : random.nextInt(256));
    }
    return random.nextInt(4) == 0
        ? DicomReaderContract.cut(object, random.nextInt(object.length))
        : object;
  }

  private static void touch(DicomDataset dataset, int depth) {
    for (int tag : dataset.tags()) {
      assertThat(dataset.contains(tag)).isTrue();
      int values = dataset.strings(tag).size() + dataset.numbers(tag).length;
      assertThat(values).isNotNegative();
      for (DicomDataset item : dataset.items(tag)) {
        if (depth < 4) {
          touch(item, depth + 1);
        }
      }
    }
  }
}
