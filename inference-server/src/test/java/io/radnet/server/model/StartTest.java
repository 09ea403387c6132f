package io.radnet.server.model;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.radnet.imaging.InvalidInputException;
import io.radnet.server.TestModels;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What a repository loads first: which versions, and when it is ready. */
final class StartTest {
  @TempDir private Path folder;
  private final List<Boolean> readyMeanwhile = new ArrayList<>();
  private ModelRepository repository;

  @BeforeEach
  void open() {
    repository =
        new ModelRepository(
            folder,
            new SessionFactory(SessionSettings.defaults(1)),
            new QueueLimits(8, 1 << 20),
            (name, ready) -> readyMeanwhile.add(repository.allReady()));
  }

  @AfterEach
  void close() {
    repository.close();
  }

  /** Three versions and a policy. */
  private void versions(String policy) throws IOException {
    for (int version = 1; version <= 3; version++) {
      TestModels.labels(folder, "labels", version, version);
    }
    Path config = folder.resolve("labels/config.pbtxt");
    Files.writeString(config, Files.readString(config) + "version_policy: { " + policy + " }\n");
  }

  @Test
  void isReadyOnlyWhenTheLastModelIs() throws IOException {
    TestModels.labels(folder, "first", 1, 1);
    TestModels.labels(folder, "second", 1, 1);
    assertThat(repository.allReady()).isFalse();
    repository.loadAll();
    assertThat(readyMeanwhile).containsExactly(false, false);
    assertThat(repository.allReady()).isTrue();
  }

  @Test
  void servesAllVersionsWhereThePolicySaysSo() throws IOException {
    versions("all { }");
    repository.loadAll();
    assertThat(repository.versions("labels")).containsExactly("1", "2", "3");
    assertThat(served("2")).isEqualTo("2");
    assertThat(served("")).isEqualTo("3");
  }

  @Test
  void servesTheVersionsThatThePolicyNames() throws IOException {
    versions("specific { versions: [ 2, 1 ] }");
    repository.loadAll();
    assertThat(repository.versions("labels")).containsExactly("1", "2");
    assertThat(served("1")).isEqualTo("1");
    assertThat(served("")).isEqualTo("2");
    assertThatThrownBy(() -> served("3"))
        .isInstanceOf(RequestException.class)
        .hasMessageContaining("version 3: not served (ready: [1, 2])");
  }

  @Test
  void saysWhichVersionOfThePolicyIsAbsent() throws IOException {
    versions("specific { versions: [ 1, 7 ] }");
    assertThatThrownBy(repository::loadAll)
        .isInstanceOf(InvalidInputException.class)
        .hasMessageContaining("version 7: absent (asked for)");
    assertThat(repository.allReady()).isFalse();
  }

  private String served(String version) {
    try (ModelLease lease = repository.acquire("labels", version)) {
      return lease.model().version();
    }
  }
}
