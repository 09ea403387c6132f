package io.radnet.imaging.labels;

import io.radnet.imaging.InvalidInputException;
import java.io.Reader;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import org.yaml.snakeyaml.LoaderOptions;
import org.yaml.snakeyaml.Yaml;
import org.yaml.snakeyaml.constructor.SafeConstructor;
import org.yaml.snakeyaml.error.MarkedYAMLException;
import org.yaml.snakeyaml.nodes.MappingNode;
import org.yaml.snakeyaml.nodes.Node;
import org.yaml.snakeyaml.nodes.NodeTuple;
import org.yaml.snakeyaml.nodes.ScalarNode;
import org.yaml.snakeyaml.nodes.SequenceNode;

/**
 * Reads rule files. The built-in file defines which tables, labels, thresholds and weights there
 * are; a site's file may only use those, and each complaint names its line.
 */
final class RulesReader {
  private final Map<String, PhraseTable> tables = new HashMap<>();
  private final Map<String, Set<String>> labels = new HashMap<>();
  private final Map<String, Double> thresholds = new HashMap<>();
  private final Map<String, Double> weights = new HashMap<>();
  private final Map<String, String> rewrites = new LinkedHashMap<>();
  private boolean base;
  private Object file = "rules";

  /** Reads the built-in rules. */
  void base(Reader text, Object name) {
    base = true;
    read(text, name);
  }

  /** Reads a site's rules over the built-in ones. */
  void overlay(Reader text, Object name) {
    base = false;
    read(text, name);
  }

  Rules rules() {
    return new Rules(tables, thresholds, weights, rewrites);
  }

  private void read(Reader text, Object name) {
    file = name;
    Node root;
    try {
      root = new Yaml(new SafeConstructor(new LoaderOptions())).compose(text);
    } catch (MarkedYAMLException e) {
      int line = e.getProblemMark() == null ? 1 : e.getProblemMark().getLine() + 1;
      throw new InvalidInputException(name + ":" + line, "no YAML: " + e.getProblem(), e);
    } catch (org.yaml.snakeyaml.error.YAMLException e) {
      throw new InvalidInputException(name + ":1", "no YAML: " + e.getMessage(), e);
    }
    if (root == null) {
      return;
    }
    // Rewrites decide how phrases are cut into words, so they come first.
    for (NodeTuple section : mapping(root, "the file").getValue()) {
      if (key(section).equals("rewrites")) {
        for (NodeTuple entry : mapping(section.getValueNode(), "rewrites").getValue()) {
          rewrites.put(key(entry).toUpperCase(java.util.Locale.ROOT), scalar(entry.getValueNode()));
        }
      }
    }
    Words words = new Words(rewrites);
    for (NodeTuple section : mapping(root, "the file").getValue()) {
      switch (key(section)) {
        case "rewrites" -> {}
        case "thresholds" -> numbers(section.getValueNode(), "thresholds", thresholds);
        case "weights" -> numbers(section.getValueNode(), "weights", weights);
        case "tables" -> tables(section.getValueNode(), words);
        default ->
            throw wrong(
                section.getKeyNode(),
                "section " + key(section) + " (expected: rewrites, thresholds, weights or tables)");
      }
    }
  }

  private void numbers(Node node, String section, Map<String, Double> into) {
    for (NodeTuple entry : mapping(node, section).getValue()) {
      String name = key(entry);
      if (!base && !into.containsKey(name)) {
        throw wrong(
            entry.getKeyNode(), section + " has no " + name + " (known: " + sorted(into) + ")");
      }
      String text = scalar(entry.getValueNode());
      double value;
      try {
        value = Double.parseDouble(text);
      } catch (NumberFormatException e) {
        throw wrong(entry.getValueNode(), name + ": " + text + " (expected: a number)");
      }
      if (!Double.isFinite(value) || (section.equals("weights") && !(value >= 0 && value <= 1))) {
        throw wrong(
            entry.getValueNode(),
            name
                + ": "
                + text
                + (section.equals("weights")
                    ? " (expected: in [0, 1])"
                    : " (expected: a finite number)"));
      }
      into.put(name, value);
    }
  }

  private void tables(Node node, Words words) {
    for (NodeTuple entry : mapping(node, "tables").getValue()) {
      String name = key(entry);
      if (!base && !tables.containsKey(name)) {
        throw wrong(entry.getKeyNode(), "no table " + name + " (known: " + sorted(tables) + ")");
      }
      PhraseTable table = tables.computeIfAbsent(name, n -> new PhraseTable());
      Set<String> known = labels.computeIfAbsent(name, n -> new HashSet<>());
      for (NodeTuple line : mapping(entry.getValueNode(), name).getValue()) {
        String label = key(line);
        if (base) {
          known.add(label);
        } else if (!allowed(label, known)) {
          throw wrong(
              line.getKeyNode(),
              "table "
                  + name
                  + " has no label "
                  + label
                  + " (known: "
                  + String.join(", ", new TreeSet<>(known))
                  + ")");
        }
        if (!(line.getValueNode() instanceof SequenceNode phrases)) {
          throw wrong(line.getValueNode(), label + " (expected: a list of phrases)");
        }
        for (Node phrase : phrases.getValue()) {
          String joined = String.join(" ", words.of(scalar(phrase)));
          if (joined.isEmpty()) {
            throw wrong(phrase, "a phrase without letters or digits");
          }
          table.put(joined, label);
        }
      }
    }
  }

  /** A known label, the label that takes phrases out, or a new list of known regions. */
  private static boolean allowed(String label, Set<String> known) {
    if (label.equals(PhraseTable.IGNORE) || known.contains(label)) {
      return true;
    }
    for (String part : label.split(",", -1)) {
      if (!known.contains(part)) {
        return false;
      }
    }
    return true;
  }

  private MappingNode mapping(Node node, String what) {
    if (node instanceof MappingNode mapping) {
      return mapping;
    }
    throw wrong(node, what + " (expected: names with values)");
  }

  private String key(NodeTuple tuple) {
    return scalar(tuple.getKeyNode());
  }

  private String scalar(Node node) {
    if (node instanceof ScalarNode scalar) {
      return scalar.getValue();
    }
    throw wrong(node, "expected: one value");
  }

  private InvalidInputException wrong(Node node, String what) {
    return new InvalidInputException(file + ":" + (node.getStartMark().getLine() + 1), what);
  }

  private static String sorted(Map<String, ?> names) {
    return String.join(", ", new TreeSet<>(names.keySet()));
  }
}
