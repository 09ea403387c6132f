package io.radnet.trainer.commands;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.radnet.imaging.cli.CommandRunner;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import picocli.CommandLine;

final class EvaluateCommandTest {
  private static final int SERIES = 10;

  @TempDir private Path folder;

  private final StringWriter out = new StringWriter();
  private final StringWriter err = new StringWriter();

  private int radnet(Object commands, String... words) {
    out.getBuffer().setLength(0);
    err.getBuffer().setLength(0);
    CommandLine line = CommandRunner.commandLine(commands);
    line.setOut(new PrintWriter(out, true)).setErr(new PrintWriter(err, true));
    return line.execute(words);
  }

  private int evaluate(String... more) {
    return radnet(
        new Main(),
        Stream.concat(
                Stream.of(
                    "evaluate",
                    "--device=cpu",
                    "--data=" + folder.resolve("data"),
                    "--model=" + folder.resolve("model")),
                Stream.of(more))
            .toArray(String[]::new));
  }

  @Test
  void tellsOfSeriesThatCannotBeRead() throws Exception {
    Path data = folder.resolve("data");
    Object imaging = new io.radnet.imaging.commands.Main();
    assertThat(radnet(imaging, "phantom", "--series=" + SERIES, "--seed=3", "--out=" + data))
        .isZero();
    assertThat(radnet(imaging, "label", "" + data, "--out=" + data.resolve("labels.jsonl")))
        .isZero();
    assertThat(
            radnet(
                new Main(),
                "train",
                "--preset=tiny",
                "--epochs=1",
                "--device=cpu",
                "--data=" + data,
                "--out=" + folder.resolve("model")))
        .isZero();

    assertThat(evaluate("--split=all")).isZero();
    assertThat(out.toString()).contains("on 10 series").doesNotContain("could not be read");
    Path predictions = folder.resolve("predictions.jsonl");
    assertThat(evaluate("--split=all", "--json", "--predictions=" + predictions)).isZero();
    assertThat(json().path("series").asInt()).isEqualTo(SERIES);
    assertThat(json().path("skipped").asInt()).isZero();
    assertThat(Files.readAllLines(predictions)).hasSize(SERIES);

    List<String> rows = Files.readAllLines(data.resolve("labels.jsonl"));
    spoil(data.resolve(new ObjectMapper().readTree(rows.get(0)).path("path").asText()));
    assertThat(evaluate("--split=all")).isZero();
    assertThat(out.toString())
        .contains("on 9 series")
        .contains("series that could not be read: 1; the first: ");
    assertThat(evaluate("--split=all", "--json")).isZero();
    assertThat(json().path("skipped").asInt()).isEqualTo(1);

    Path one = Files.writeString(folder.resolve("one.jsonl"), rows.get(0) + "\n");
    assertThat(evaluate("--split=all", "--labels=" + one)).isEqualTo(1);
    assertThat(err.toString())
        .startsWith("radnet: " + data + ": readable series: 0 of 1; the first: ");
  }

  private JsonNode json() throws Exception {
    return new ObjectMapper().readTree(out.toString());
  }

  /** Cuts the voxels off every file of a series. */
  private static void spoil(Path series) throws Exception {
    try (Stream<Path> files = Files.list(series)) {
      for (Path file : files.toList()) {
        byte[] bytes = Files.readAllBytes(file);
        Files.write(file, java.util.Arrays.copyOf(bytes, bytes.length / 2));
      }
    }
  }
}
