package io.radnet.server.config;

import io.radnet.imaging.InvalidInputException;
import java.io.IOException;
import java.io.Reader;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Comparator;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.yaml.snakeyaml.LoaderOptions;
import org.yaml.snakeyaml.Yaml;
import org.yaml.snakeyaml.error.Mark;
import org.yaml.snakeyaml.error.MarkedYAMLException;
import org.yaml.snakeyaml.error.YAMLException;
import org.yaml.snakeyaml.nodes.MappingNode;
import org.yaml.snakeyaml.nodes.Node;
import org.yaml.snakeyaml.nodes.NodeTuple;
import org.yaml.snakeyaml.nodes.ScalarNode;
import org.yaml.snakeyaml.nodes.SequenceNode;
import org.yaml.snakeyaml.nodes.Tag;

/**
 * A YAML file of settings: one mapping from their names to values. Only the tree of nodes is made,
 * never an object, so a file can do nothing but name values.
 */
final class SettingsFile {
  private final Path file;
  private final Map<Setting, Given> given = new EnumMap<>(Setting.class);

  private SettingsFile(Path file) {
    this.file = file;
  }

  /**
   * @throws InvalidInputException with the line of the mistake
   */
  static Map<Setting, Given> read(Path file) throws IOException {
    SettingsFile settings = new SettingsFile(file);
    settings.parse();
    return settings.given;
  }

  private void parse() throws IOException {
    Node root;
    try (Reader reader = Files.newBufferedReader(file, StandardCharsets.UTF_8)) {
      root = new Yaml(new LoaderOptions()).compose(reader);
    } catch (CharacterCodingException other) {
      throw new InvalidInputException(file, "is not UTF-8", other);
    } catch (MarkedYAMLException malformed) {
      Mark mark = malformed.getProblemMark();
      throw new InvalidInputException(
          mark == null ? file.toString() : at(mark), "YAML: " + malformed.getProblem(), malformed);
    } catch (YAMLException malformed) {
      throw new InvalidInputException(
          file,
          "YAML: " + String.valueOf(malformed.getMessage()).lines().findFirst().orElse(""),
          malformed);
    }
    if (root == null || isNull(root)) {
      return;
    }
    if (!(root instanceof MappingNode mapping)) {
      throw new InvalidInputException(
          at(root.getStartMark()), "not a mapping (expected: lines such as 'grpc-port: 8001')");
    }
    mapping.getValue().forEach(this::entry);
  }

  private void entry(NodeTuple entry) {
    String where = at(entry.getKeyNode().getStartMark());
    String key = entry.getKeyNode() instanceof ScalarNode name ? name.getValue() : "";
    Setting setting =
        find(key)
            .orElseThrow(
                () ->
                    new InvalidInputException(
                        where, "unknown setting '" + key + "'" + closest(key)));
    Node value = entry.getValueNode();
    if (isNull(value)) {
      throw new InvalidInputException(
          where, key + " has no value (leave the line out for the default)");
    }
    List<String> values;
    if (value instanceof ScalarNode scalar) {
      values = List.of(scalar.getValue());
    } else if (value instanceof SequenceNode sequence
        && setting.kind() instanceof SettingKind.Names
        && sequence.getValue().stream().allMatch(ScalarNode.class::isInstance)) {
      values =
          sequence.getValue().stream()
              .map(ScalarNode.class::cast)
              .map(ScalarNode::getValue)
              .toList();
    } else {
      throw new InvalidInputException(
          at(value.getStartMark()),
          key + ": not one value (expected: " + setting.kind().placeholder() + ")");
    }
    Path folder = Optional.ofNullable(file.toAbsolutePath().getParent()).orElse(file);
    if (given.put(setting, new Given(values, where + ": " + key, folder)) != null) {
      throw new InvalidInputException(where, key + " stands here for the second time");
    }
  }

  private static boolean isNull(Node node) {
    return node.getTag().equals(Tag.NULL);
  }

  private String at(Mark mark) {
    return file + ":" + (mark.getLine() + 1);
  }

  private static Optional<Setting> find(String key) {
    return Arrays.stream(Setting.values()).filter(each -> each.key().equals(key)).findFirst();
  }

  private static String closest(String key) {
    String near =
        Arrays.stream(Setting.values())
            .map(Setting::key)
            .min(Comparator.comparingInt(each -> distance(each, key)))
            .filter(each -> !key.isEmpty() && distance(each, key) <= Math.max(2, key.length() / 3))
            .orElse("");
    return near.isEmpty() ? "" : " (did you mean: " + near + "?)";
  }

  /** Levenshtein's edit distance. */
  private static int distance(String a, String b) {
    int[] row = new int[b.length() + 1];
    for (int j = 0; j < row.length; j++) {
      row[j] = j;
    }
    for (int i = 1; i <= a.length(); i++) {
      int diagonal = row[0];
      row[0] = i;
      for (int j = 1; j < row.length; j++) {
        int kept = diagonal + (a.charAt(i - 1) == b.charAt(j - 1) ? 0 : 1);
        diagonal = row[j];
        row[j] = Math.min(kept, 1 + Math.min(row[j], row[j - 1]));
      }
    }
    return row[b.length()];
  }
}
