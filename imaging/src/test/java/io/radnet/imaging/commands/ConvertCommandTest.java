package io.radnet.imaging.commands;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ConvertCommandTest {
  @TempDir private Path folder;

  @Test
  void aDamagedSliceIsMarkedAndFailsWhereAsked() throws IOException {
    Path archive = folder.resolve("phantom");
    assertThat(Main.run("phantom", "--out", archive.toString(), "--series", "1", "--size", "small"))
        .isZero();
    Path series;
    try (Stream<Path> found = Files.walk(archive.resolve("series"))) {
      series = found.filter(path -> path.toString().endsWith("000.dcm")).findFirst().orElseThrow();
    }
    byte[] whole = Files.readAllBytes(series);
    Files.write(series, Arrays.copyOf(whole, whole.length - 200));
    String scan = String.valueOf(series.getParent());
    Path out = folder.resolve("out");

    List<String> said = errors("convert", scan, "--out", out.toString());
    assertThat(said.get(0)).isEqualTo("left out: 1");
    assertThat(said.get(1)).startsWith("  " + scan + ": partial: 1 of ").contains("no readable");
    assertThat(Main.run("convert", scan, "--out", out.toString(), "--strict")).isEqualTo(1);
    try (Stream<Path> written = Files.list(out)) {
      Path sidecar =
          written.filter(path -> path.toString().endsWith(".json")).findFirst().orElseThrow();
      assertThat(sidecar).content().contains("partial: 1 of ");
    }
  }

  /** The lines on stderr of a command that succeeds. */
  private static List<String> errors(String... arguments) {
    PrintStream before = System.err;
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    System.setErr(new PrintStream(bytes, true, StandardCharsets.UTF_8));
    try {
      assertThat(Main.run(arguments)).isZero();
    } finally {
      System.setErr(before);
    }
    return bytes.toString(StandardCharsets.UTF_8).lines().toList();
  }
}
