package io.radnet.benchmarks.report;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import io.radnet.benchmarks.Machine;
import io.radnet.imaging.InvalidInputException;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ComparisonTest {
  @TempDir Path folder;

  private static Measurement time(String name, @Nullable String peer, double score, double error) {
    return new Measurement(
        "resample",
        name,
        new TreeMap<>(Map.of("threads", "2")),
        peer,
        "ms/op",
        score,
        error,
        score,
        5,
        16,
        new TreeMap<>(),
        List.of());
  }

  private static SuiteResult result(Measurement... measurements) {
    return SuiteResult.of(Machine.describe(), false, List.of(measurements), List.of("a note"));
  }

  @Test
  void overlappingIntervalsAreNoDifference() {
    Comparison comparison =
        Comparison.of(result(time("A.run", null, 10, 1)), result(time("A.run", null, 11.5, 1)));
    assertThat(comparison.rows().get(0).verdict()).isEqualTo("no difference");
  }

  @Test
  void halfTheTimeIsFasterAndTheIntervalHoldsTwo() {
    Comparison.Row row =
        Comparison.of(result(time("A.run", null, 10, 0.3)), result(time("A.run", null, 20, 0.8)))
            .rows()
            .get(0);
    assertThat(row.verdict()).isEqualTo("faster");
    assertThat(row.speedup()).isEqualTo(2);
    assertThat(row.low()).isCloseTo(2 * (1 - 0.05), within(1e-12));
    assertThat(row.high()).isCloseTo(2 * (1 + 0.05), within(1e-12));
  }

  @Test
  void moreTimeIsSlower() {
    assertThat(
            Comparison.of(result(time("A.run", null, 20, 1)), result(time("A.run", null, 10, 1)))
                .rows()
                .get(0)
                .verdict())
        .isEqualTo("slower");
  }

  @Test
  void figuresWithoutPairAreNamed() {
    Comparison comparison =
        Comparison.of(result(time("A.run", null, 1, 0)), result(time("B.run", null, 1, 0)));
    assertThat(comparison.rows()).isEmpty();
    assertThat(comparison.missing()).containsExactly("B.run threads=2");
  }

  @Test
  void jsonComesBackAsWritten() throws IOException {
    SuiteResult written =
        result(time("A.run", null, 1, Double.NaN), time("A.run", "another library", 4, 0.5));
    Path file = folder.resolve("bench.json");
    written.write(file);
    assertThat(SuiteResult.read(file)).isEqualTo(written);
  }

  @Test
  void anotherFileIsRefusedByName() throws IOException {
    Path file = Files.writeString(folder.resolve("jmh.json"), "[{\"benchmark\":\"x\"}]");
    assertThatThrownBy(() -> SuiteResult.read(file))
        .isInstanceOf(InvalidInputException.class)
        .hasMessageContaining("jmh.json")
        .hasMessageContaining("bench.json");
  }

  @Test
  void tableAndPageShowThePeer() {
    SuiteResult result =
        result(time("A.run", null, 10, 1), time("A.run", "<another> library", 42, 2));
    StringWriter text = new StringWriter();
    TextTable.print(result, new PrintWriter(text));
    assertThat(text.toString()).contains("4.20x <another> library").contains("note: a note");
    assertThat(HtmlPage.of(result, Comparison.of(result, result)))
        .contains("4.20x &lt;another&gt; library", "no difference", "<svg", "a note")
        .doesNotContain("<another>", "http://", "https://");
  }
}
