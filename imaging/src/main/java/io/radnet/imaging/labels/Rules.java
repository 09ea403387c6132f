package io.radnet.imaging.labels;

import io.radnet.imaging.InvalidInputException;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.io.Reader;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;

/**
 * The rules as data: phrase tables, weights of votes and thresholds. The built-in ones lie in
 * {@code rules.yaml} beside this class; a file of the same shape extends and overrides them.
 */
public final class Rules {
  private static final String RESOURCE = "rules.yaml";

  private final Map<String, PhraseTable> tables;
  private final Map<String, Double> thresholds;
  private final Map<String, Double> weights;
  private final Words words;

  Rules(
      Map<String, PhraseTable> tables,
      Map<String, Double> thresholds,
      Map<String, Double> weights,
      Map<String, String> rewrites) {
    this.tables = new HashMap<>(tables);
    this.thresholds = new HashMap<>(thresholds);
    this.weights = new HashMap<>(weights);
    this.words = new Words(new LinkedHashMap<>(rewrites));
  }

  /** The built-in rules. */
  public static Rules builtIn() {
    return builtInReader().rules();
  }

  /**
   * The built-in rules with a site's file over them.
   *
   * @throws InvalidInputException that names the file and the line
   * @throws UncheckedIOException where the file cannot be read
   */
  public static Rules with(Path file) {
    RulesReader reader = builtInReader();
    try (Reader text = Files.newBufferedReader(file)) {
      reader.overlay(text, file);
    } catch (java.nio.charset.MalformedInputException e) {
      throw new InvalidInputException(file, "not UTF-8 text", e);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    return reader.rules();
  }

  private static RulesReader builtInReader() {
    RulesReader reader = new RulesReader();
    try (InputStream in =
            Objects.requireNonNull(Rules.class.getResourceAsStream(RESOURCE), RESOURCE);
        Reader text = new InputStreamReader(in, StandardCharsets.UTF_8)) {
      reader.base(text, RESOURCE);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    return reader;
  }

  PhraseTable table(String name) {
    return Objects.requireNonNull(tables.get(name), name);
  }

  double threshold(String name) {
    return Objects.requireNonNull(thresholds.get(name), name);
  }

  double weight(String name) {
    return Objects.requireNonNull(weights.get(name), name);
  }

  /** The words of a text. */
  List<String> words(String text) {
    return words.of(text);
  }

  /** The phrases of a table in a text. */
  List<PhraseTable.Match> matches(String table, String text) {
    return table(table).matches(words(text));
  }

  /** Whether a table has a text, as a whole. */
  boolean has(String table, String text) {
    return table(table).whole(words(text)).isPresent();
  }
}
