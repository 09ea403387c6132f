package io.radnet.server.model;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A cache on a disk that is full, or that is none. */
final class EngineCacheTest {
  @TempDir private Path folder;

  @Test
  void isMadeAndLeftEmpty() throws IOException {
    Path cache = folder.resolve("a/b");
    assertThat(EngineCache.usable(cache)).contains(cache);
    assertThat(cache).isEmptyDirectory();
  }

  @Test
  void isGivenUpWhereTheDiskIsFull() {
    assertThat(
            EngineCache.usable(
                folder.resolve("full"),
                (file, bytes) -> {
                  Files.write(file, new byte[10]);
                  throw new FileSystemException(file.toString(), null, "No space left on device");
                }))
        .isEmpty();
    assertThat(folder.resolve("full")).isEmptyDirectory();
  }

  @Test
  void isGivenUpWhereAFileIsInItsPlace() throws IOException {
    Path file = Files.writeString(folder.resolve("file"), "");
    assertThat(EngineCache.usable(file)).isEmpty();
    assertThat(EngineCache.usable(file.resolve("below"))).isEmpty();
  }
}
