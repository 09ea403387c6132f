package io.radnet.server.config;

import java.util.List;
import java.util.Optional;

/** What values a setting takes. */
public sealed interface SettingKind {
  /** What is wrong with a text as a value of this kind; empty where nothing is. */
  Optional<String> complaint(String text);

  /** What stands for a value in a usage message. */
  String placeholder();

  /** Any text. */
  record Text(String placeholder) implements SettingKind {
    @Override
    public Optional<String> complaint(String text) {
      return text.isBlank() ? Optional.of("is empty") : Optional.empty();
    }
  }

  /** A file or folder; in a file of settings relative to that file. */
  record Location(String placeholder) implements SettingKind {
    @Override
    public Optional<String> complaint(String text) {
      return text.isBlank() || text.indexOf('\0') >= 0
          ? Optional.of("is no path")
          : Optional.empty();
    }
  }

  /** An integer. */
  record Whole(long least, long most) implements SettingKind {
    @Override
    public Optional<String> complaint(String text) {
      String expected =
          most == Long.MAX_VALUE
              ? " (expected: an integer >= " + least + ")"
              : " (expected: an integer, " + least + " to " + most + ")";
      try {
        long value = Long.parseLong(text);
        return value < least || value > most ? Optional.of(text + expected) : Optional.empty();
      } catch (NumberFormatException other) {
        return Optional.of(text + expected);
      }
    }

    @Override
    public String placeholder() {
      return "N";
    }
  }

  /** A number with a fraction. */
  record Fraction(double least, double most) implements SettingKind {
    @Override
    public Optional<String> complaint(String text) {
      String expected = " (expected: a number, " + least + " to " + most + ")";
      try {
        double value = Double.parseDouble(text);
        return value >= least && value <= most ? Optional.empty() : Optional.of(text + expected);
      } catch (NumberFormatException other) {
        return Optional.of(text + expected);
      }
    }

    @Override
    public String placeholder() {
      return "X";
    }
  }

  /** On or off. */
  record Switch() implements SettingKind {
    @Override
    public Optional<String> complaint(String text) {
      return text.equals("true") || text.equals("false")
          ? Optional.empty()
          : Optional.of(text + " (expected: true or false)");
    }

    @Override
    public String placeholder() {
      return "true|false";
    }
  }

  /** One of a few words. */
  record Choice(List<String> words) implements SettingKind {
    /** Copies the words. */
    public Choice {
      words = List.copyOf(words);
    }

    @Override
    public Optional<String> complaint(String text) {
      return words.contains(text)
          ? Optional.empty()
          : Optional.of(text + " (expected: " + String.join(", ", words) + ")");
    }

    @Override
    public String placeholder() {
      return String.join("|", words);
    }
  }

  /** Names; on the command line one per option, in the environment separated by commas. */
  record Names(String placeholder) implements SettingKind {
    @Override
    public Optional<String> complaint(String text) {
      return text.isBlank() ? Optional.of("holds an empty name") : Optional.empty();
    }
  }
}
