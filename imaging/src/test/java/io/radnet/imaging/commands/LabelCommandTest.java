package io.radnet.imaging.commands;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class LabelCommandTest {
  @TempDir private Path folder;

  @Test
  void exitCodes() throws IOException {
    String archive = folder.resolve("phantom").toString();
    assertThat(Main.run("phantom", "--out", archive, "--series", "2", "--size", "small")).isZero();
    String out = folder.resolve("labels.csv").toString();
    assertThat(Main.run("label", archive, "--out", out)).isZero();
    assertThat(Files.readAllLines(Path.of(out))).hasSize(3);
    assertThat(Main.run("label", archive, "--out", out, "--strict"))
        .as("truth.jsonl and splits.json are no DICOM")
        .isEqualTo(1);
    assertThat(Main.run("label", archive + "/series", "--explain")).isZero();
    assertThat(Main.run("label", archive)).isEqualTo(2);
    assertThat(Main.run("label", archive, "--out", out, "--threads", "0")).isEqualTo(2);
    assertThat(Main.run("label", archive + "x", "--out", out)).isEqualTo(1);
    Path rules = Files.writeString(folder.resolve("rules.yaml"), "tables: 3\n");
    assertThat(Main.run("label", archive, "--out", out, "--rules", rules.toString())).isEqualTo(1);
  }
}
