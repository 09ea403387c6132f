package io.radnet.imaging.labels;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.radnet.imaging.InvalidInputException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class RulesTest {
  @TempDir private Path folder;

  @Test
  void wordsMatchAsAWholeAndTheLongestPhraseWins() {
    Rules rules = Rules.builtIn();
    assertThat(rules.matches("sequence_text", "AX T2 FLAIR")).hasSize(1);
    assertThat(rules.matches("sequence_text", "AX T2 FLAIR").get(0).label()).isEqualTo("T2-FLAIR");
    assertThat(rules.matches("sequence_text", "AT2B PDX")).isEmpty();
    assertThat(rules.matches("sequence_text", "sag_t2*_hemo").get(0).label()).isEqualTo("T2star");
    assertThat(rules.matches("region_text", "Schädel").get(0).label()).isEqualTo("head");
    assertThat(rules.words("T1+C W/O FS")).containsExactly("T1", "PLUSC", "WO", "FS");
    assertThat(rules.words("SCW/OX")).doesNotContain("WO");
  }

  @Test
  void aNegationInAnotherLanguageIsNotAnAgent() {
    Rules rules = Rules.builtIn();
    for (String text :
        new String[] {"Abdomen non injecté", "thorax zonder contrast", "addome senza mdc"}) {
      assertThat(rules.matches("contrast_text", text))
          .as(text)
          .extracting(match -> match.label())
          .containsExactly("none");
    }
    assertThat(rules.matches("contrast_text", "addome con mdc").get(0).label()).isEqualTo("iv");
    assertThat(rules.matches("region_text", "Ginocchio").get(0).label()).isEqualTo("extremity");
  }

  @Test
  void aSiteAddsMovesAndRemovesPhrases() throws IOException {
    Path file =
        write(
            """
            tables:
              sequence_text:
                T1w: [NEUROVIEW, HASTE]
                ignore: [TRACE]
            thresholds:
              minimum_slices: 10
            """);
    Rules rules = Rules.with(file);
    assertThat(rules.matches("sequence_text", "neuroview").get(0).label()).isEqualTo("T1w");
    assertThat(rules.matches("sequence_text", "haste").get(0).label()).isEqualTo("T1w");
    assertThat(rules.matches("sequence_text", "trace")).isEmpty();
    assertThat(rules.matches("sequence_text", "stir").get(0).label()).isEqualTo("STIR");
    assertThat(rules.threshold("minimum_slices")).isEqualTo(10);
  }

  @Test
  void aWrongFileNamesItsLine() throws IOException {
    assertWrong("tables:\n  sequence_text:\n    T9w: [X]\n", ":3: ", "T9w");
    assertWrong("tables:\n  sequenze: {}\n", ":2: ", "sequenze");
    assertWrong("thresholds:\n  oblique_degrees: 5\n  minimum_slices: four\n", ":3: ", "four");
    assertWrong("weights:\n  body_part: 1.5\n", ":2: ", "[0, 1]");
    assertWrong("tables:\n  sequence_text:\n    T1w: [A\n    T2w: [B]\n", ":4: ", "no YAML");
    assertWrong("- a list\n", ":1: ", "expected");
  }

  private void assertWrong(String text, String line, String what) throws IOException {
    Path file = write(text);
    assertThatThrownBy(() -> Rules.with(file))
        .isInstanceOf(InvalidInputException.class)
        .hasMessageContaining(file + line)
        .hasMessageContaining(what);
  }

  private Path write(String text) throws IOException {
    return Files.writeString(folder.resolve("rules.yaml"), text);
  }
}
