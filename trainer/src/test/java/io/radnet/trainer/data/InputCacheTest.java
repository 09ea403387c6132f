package io.radnet.trainer.data;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.radnet.imaging.InvalidInputException;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.DirectoryNotEmptyException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

final class InputCacheTest {
  private static final int ROUNDS = 40;

  private static Process start(Path folder) throws IOException {
    return new ProcessBuilder(
            Path.of(System.getProperty("java.home"), "bin", "java").toString(),
            "-Xmx256m",
            "-cp",
            System.getProperty("java.class.path"),
            CacheProcess.class.getName(),
            folder.toString(),
            Integer.toString(ROUNDS))
        .redirectErrorStream(true)
        .start();
  }

  @Test
  void twoProcessesShareAFolderThatIsEmptiedMeanwhile(@TempDir Path folder) throws Exception {
    List<Process> processes = new ArrayList<>(List.of(start(folder), start(folder)));
    while (processes.stream().anyMatch(Process::isAlive)) {
      empty(folder);
      Thread.sleep(20);
    }
    for (Process process : processes) {
      String said = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
      assertThat(process.waitFor()).as(said).isZero();
      assertThat(said).startsWith("found ");
    }
    assertThat(CacheProcess.work(new InputCache(folder), 3)).isPositive();
    try (Stream<Path> files = Files.walk(folder)) {
      assertThat(files.map(Path::toString).filter(name -> name.endsWith(".tmp"))).isEmpty();
    }
  }

  @Test
  void aFileThatIsCutShortIsMadeAnew(@TempDir Path folder) throws Exception {
    InputCache cache = new InputCache(folder);
    assertThat(CacheProcess.work(cache, 1)).isZero();
    try (Stream<Path> files = Files.walk(folder).filter(Files::isRegularFile)) {
      Path file = files.findFirst().orElseThrow();
      byte[] bytes = Files.readAllBytes(file);
      Files.write(file, java.util.Arrays.copyOf(bytes, bytes.length - 1));
    }
    assertThat(CacheProcess.work(cache, 1)).isEqualTo(23);
    assertThat(CacheProcess.work(cache, 1)).isEqualTo(24);
  }

  @Test
  void aFileInThePlaceOfTheFolderIsSaid(@TempDir Path folder) throws Exception {
    Path file = Files.createFile(folder.resolve("cache"));
    assertThatThrownBy(() -> CacheProcess.work(new InputCache(file), 1))
        .isInstanceOfAny(InvalidInputException.class, IOException.class)
        .hasMessageContaining(file.toString());
  }

  /** Deletes all that is there, half-written files and folders too. */
  private static void empty(Path folder) throws IOException {
    try (Stream<Path> files = Files.walk(folder)) {
      for (Path file : files.sorted(Comparator.reverseOrder()).toList()) {
        if (!file.equals(folder)) {
          Files.deleteIfExists(file);
        }
      }
    } catch (UncheckedIOException | DirectoryNotEmptyException filledMeanwhile) {
      // The next round finds it.
    }
  }
}
