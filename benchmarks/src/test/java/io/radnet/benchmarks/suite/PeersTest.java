package io.radnet.benchmarks.suite;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.radnet.benchmarks.report.Measurement;
import io.radnet.benchmarks.resample.Resampling;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class PeersTest {
  @TempDir Path folder;

  private static Peer resampling() {
    return Resampling.class.getAnnotationsByType(Peer.class)[0];
  }

  @Test
  void everyPeerIsThere() {
    for (BenchmarkClass benchmarks : BenchmarkClass.matching(".*")) {
      for (Peer peer : benchmarks.peers()) {
        assertThat(Path.of("peers", peer.script())).isRegularFile();
        assertThat(peer.packages()).isNotEmpty();
      }
    }
  }

  @Test
  void readsSamples() throws IOException {
    List<Measurement> read =
        Peers.read(
            """
            {"benchmark":"A.run","parameters":{"threads":"2"},"peer":"other 1.0","unit":"ms/op","samples":[1,2,3]}
            """,
            "a.py",
            "resample");
    assertThat(read).hasSize(1);
    assertThat(read.get(0).score()).isEqualTo(2);
    assertThat(read.get(0).median()).isEqualTo(2);
    assertThat(read.get(0).peer()).isEqualTo("other 1.0");
    assertThat(read.get(0).error()).isGreaterThan(0);
    assertThatThrownBy(() -> Peers.read("{\"peer\":\"x\"}", "a.py", "resample"))
        .hasMessageContaining("a.py")
        .hasMessageContaining("benchmark");
  }

  @Test
  void absentLibrariesBecomeANoteThatSaysWhatToInstall() throws IOException {
    Path failing =
        Files.writeString(folder.resolve("sh"), "echo 'ModuleNotFoundError: torch' >&2; exit 1");
    Files.writeString(folder.resolve("resample.py"), Files.readString(failing));
    List<String> notes = new ArrayList<>();
    assertThat(new Peers(folder, "/bin/sh").run(resampling(), "resample", true, notes)).isEmpty();
    assertThat(notes)
        .singleElement()
        .asString()
        .contains("resample.py", "apt-get install python3-torch python3-scipy");
  }
}
