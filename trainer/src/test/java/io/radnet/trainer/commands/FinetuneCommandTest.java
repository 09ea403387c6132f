package io.radnet.trainer.commands;

import static org.assertj.core.api.Assertions.assertThat;

import io.radnet.imaging.WriterLock;
import io.radnet.trainer.checkpoint.RunFolder;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

final class FinetuneCommandTest {
  @Test
  void aClassThatNoMaskHasIsRefusedBeforeTraining(@TempDir Path folder) throws Exception {
    Path data = folder.resolve("data");
    assertThat(
            io.radnet.imaging.commands.Main.run(
                "phantom", "--task", "liver", "--series", "2", "--out", data.toString()))
        .isZero();
    Path cases = data.resolve("cases.jsonl");
    String rows = Files.readString(cases).replaceAll("\"split\":\"\\w+\"", "\"split\":\"train\"");
    Files.writeString(cases, rows);

    assertThat(finetune(data, "liver=1,spleen=9", folder.resolve("refused"))).isEqualTo(1);
    assertThat(RunFolder.pointer(folder.resolve("refused"))).isEmpty();
    Path taken = folder.resolve("taken");
    try (WriterLock other = WriterLock.take(WriterLock.inside(taken), taken)) {
      assertThat(other).isNotNull();
      assertThat(finetune(data, "liver=1", taken)).isEqualTo(1);
    }
    assertThat(taken).isEmptyDirectory();
    assertThat(finetune(data, "liver=1", folder.resolve("trained"))).isZero();
    assertThat(RunFolder.pointer(folder.resolve("trained"))).isPresent();
  }

  private static int finetune(Path data, String classes, Path out) {
    return Main.run(
        "finetune",
        "--data",
        data.toString(),
        "--backbone",
        "none",
        "--preset",
        "tiny",
        "--steps",
        "1",
        "--batch",
        "1",
        "--device",
        "cpu",
        "--classes",
        classes,
        "--out",
        out.toString());
  }
}
