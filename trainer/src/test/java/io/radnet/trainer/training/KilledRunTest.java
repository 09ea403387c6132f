package io.radnet.trainer.training;

import static org.assertj.core.api.Assertions.assertThat;

import io.radnet.trainer.checkpoint.Checkpoint;
import io.radnet.trainer.checkpoint.RunFolder;
import java.io.BufferedReader;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A real process is killed (SIGKILL on Linux) in the middle of a run. */
final class KilledRunTest {
  private static Process start(Path folder, String... more) throws IOException {
    return new ProcessBuilder(command(folder, more))
        .redirectError(ProcessBuilder.Redirect.DISCARD)
        .start();
  }

  private static List<String> command(Path folder, String... more) {
    List<String> command =
        new ArrayList<>(
            List.of(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-Xmx512m",
                "-XX:-UsePerfData",
                "-Dai.djl.offline=true",
                "-cp",
                System.getProperty("java.class.path"),
                TrainingProcess.class.getName(),
                folder.toString()));
    command.addAll(List.of(more));
    return command;
  }

  /** Kills a run in its third epoch. */
  private static void startAndKill(Path folder) throws Exception {
    Process process = start(folder);
    try (BufferedReader lines = process.inputReader()) {
      assertThat(lines.lines().anyMatch("epoch 3"::equals)).isTrue();
      process.destroyForcibly();
    }
    assertThat(process.waitFor()).isNotZero();
  }

  @Test
  void aKilledRunResumesToTheSameWeights(@TempDir Path whole, @TempDir Path killed)
      throws Exception {
    TrainingProcess.training(whole, false).run(false);
    startAndKill(killed);
    assertThat(last(killed).epoch()).isGreaterThanOrEqualTo(2);
    Process resumed = start(killed, "resume");
    try (BufferedReader lines = resumed.inputReader()) {
      assertThat(lines.lines().count()).isLessThan(TrainingProcess.EPOCHS);
    }
    assertThat(resumed.waitFor()).isZero();
    assertThat(last(killed).epoch()).isEqualTo(TrainingProcess.EPOCHS);
    assertThat(last(killed).weightsSha256()).isEqualTo(last(whole).weightsSha256());
  }

  /**
   * No file may grow beyond 1 KiB in the resumed process, so it cannot write its next checkpoint.
   */
  @Test
  void aFullDiskCostsTheEpochAndNotTheCheckpoint(@TempDir Path whole, @TempDir Path full)
      throws Exception {
    TrainingProcess.training(whole, false).run(false);
    startAndKill(full);
    Checkpoint before = last(full);

    List<String> limited =
        new ArrayList<>(List.of("bash", "-c", "ulimit -f 1; exec \"$@\"", "limited"));
    limited.addAll(command(full, "resume"));
    Process starved =
        new ProcessBuilder(limited).redirectOutput(ProcessBuilder.Redirect.DISCARD).start();
    String said = new String(starved.getErrorStream().readAllBytes(), StandardCharsets.UTF_8);
    assertThat(starved.waitFor()).isNotZero();
    assertThat(said)
        .contains("could not be written, the checkpoint before it stays; make room and continue")
        .contains("cannot be written: ");
    assertThat(last(full).weightsSha256()).isEqualTo(before.weightsSha256());

    assertThat(start(full, "resume").waitFor()).isZero();
    assertThat(last(full).weightsSha256()).isEqualTo(last(whole).weightsSha256());
  }

  private static Checkpoint last(Path run) {
    return Checkpoint.read(run.resolve(RunFolder.pointer(run).orElseThrow().last()));
  }
}
