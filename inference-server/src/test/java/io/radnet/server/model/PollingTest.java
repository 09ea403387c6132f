package io.radnet.server.model;

import static org.assertj.core.api.Assertions.assertThat;

import io.radnet.server.TestModels;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Comparator;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A repository whose folder changes while it serves. */
final class PollingTest {
  @TempDir private Path folder;
  private ModelRepository repository;

  /** Told that a model is not ready, it fails: whatever goes wrong, polling goes on. */
  private static void told(String name, boolean ready) {
    if (!ready) {
      throw new IllegalStateException(name);
    }
  }

  @BeforeEach
  void open() throws IOException {
    TestModels.labels(folder, "labels", 1, 1);
    repository =
        new ModelRepository(
            folder,
            new SessionFactory(SessionSettings.defaults(1)),
            new QueueLimits(8, 1 << 20),
            PollingTest::told);
    repository.loadAll();
  }

  @AfterEach
  void close() throws IOException {
    for (String name : List.of("labels", "bright", "broken")) {
      delete(folder.resolve(name));
    }
    repository.poll();
    repository.close();
  }

  private static void delete(Path path) throws IOException {
    if (Files.exists(path)) {
      try (Stream<Path> files = Files.walk(path)) {
        for (Path file : files.sorted(Comparator.reverseOrder()).toList()) {
          Files.delete(file);
        }
      }
    }
  }

  @Test
  void addsAndReplaces() throws IOException {
    TestModels.threshold(folder, "bright", 1);
    repository.poll();
    assertThat(repository.versions("bright")).containsExactly("1");
    TestModels.labels(folder, "labels", 2, 5);
    repository.poll();
    assertThat(repository.versions("labels")).containsExactly("2");
    assertThat(repository.allReady()).isTrue();
  }

  @Test
  void keepsTheOldWhereTheNewIsBroken() throws IOException {
    Path file = TestModels.labels(folder, "labels", 2, 5);
    byte[] whole = Files.readAllBytes(file);
    Files.write(file, new byte[] {1, 2, 3});
    repository.poll();
    assertThat(repository.versions("labels")).containsExactly("1");
    Files.write(file, whole);
    repository.poll();
    assertThat(repository.versions("labels")).containsExactly("2");
  }

  @Test
  void forgetsWhatIsGone() throws IOException {
    Files.write(TestModels.threshold(folder, "broken", 1), new byte[] {1, 2, 3});
    TestModels.threshold(folder, "bright", 1);
    repository.poll();
    assertThat(repository.allReady()).isFalse();
    delete(folder.resolve("broken"));
    delete(folder.resolve("bright"));
    repository.poll();
    assertThat(repository.versions("bright")).isEmpty();
    assertThat(repository.index())
        .extracting(ModelRepository.IndexEntry::name)
        .containsExactly("labels");
    assertThat(repository.allReady()).isTrue();
  }
}
