package io.radnet.server.model;

import com.google.protobuf.TextFormat;
import io.radnet.imaging.InvalidInputException;
import io.radnet.proto.inference.ModelConfig;
import io.radnet.proto.inference.ModelVersionPolicy;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Collections;
import java.util.List;
import java.util.TreeSet;
import java.util.logging.Level;
import java.util.logging.Logger;
import java.util.stream.Stream;

/**
 * One model on disk: {@code <name>/config.pbtxt} and {@code <name>/<version>/model.onnx}.
 *
 * @param path the model's folder
 * @param config as read; the name is filled in where the file leaves it out
 * @param ignored fields of the file that this server does not follow
 */
record ModelFolder(Path path, ModelConfig config, List<String> ignored) {
  private static final String CONFIG = "config.pbtxt";
  private static final String DEFAULT_FILE = "model.onnx";

  /** The parser warns of every field that it skips; the reference keeps the level that is set. */
  private static final Logger PARSER_LOG = Logger.getLogger(TextFormat.class.getName());

  /** Fields of the format that this server does not use are skipped. */
  private static final TextFormat.Parser PARSER =
      TextFormat.Parser.newBuilder().setAllowUnknownFields(true).build();

  /**
   * @throws InvalidInputException where the configuration is malformed, contradicts itself or is
   *     not for ONNX Runtime
   */
  static ModelFolder read(Path path) throws IOException {
    PARSER_LOG.setLevel(Level.OFF);
    String folder = String.valueOf(path.getFileName());
    Path file = path.resolve(CONFIG);
    ModelConfig.Builder builder = ModelConfig.newBuilder();
    List<String> ignored = List.of();
    if (Files.isRegularFile(file)) {
      try {
        String text = Files.readString(file);
        PARSER.merge(text, builder);
        ignored = IgnoredFields.of(text, builder.build());
      } catch (TextFormat.ParseException malformed) {
        throw new InvalidInputException(file, String.valueOf(malformed.getMessage()), malformed);
      }
    }
    if (builder.getName().isEmpty()) {
      builder.setName(folder);
    } else if (!builder.getName().equals(folder)) {
      throw new InvalidInputException(
          file, "name: " + builder.getName() + " (expected: the folder's name, " + folder + ")");
    }
    String backend = builder.getBackend();
    String platform = builder.getPlatform();
    if (!(backend.isEmpty() || backend.equals("onnxruntime"))
        || !(platform.isEmpty() || platform.equals("onnxruntime_onnx"))) {
      throw new InvalidInputException(
          file,
          "backend: " + (backend.isEmpty() ? platform : backend) + " (expected: onnxruntime)");
    }
    QueueRules.check(file, builder.build());
    return new ModelFolder(path, builder.build(), ignored);
  }

  /** Whether a folder can hold a model at all. */
  static boolean looksLikeModel(Path path) throws IOException {
    return Files.isDirectory(path)
        && (Files.isRegularFile(path.resolve(CONFIG)) || !versions(path).isEmpty());
  }

  /** The versions that the policy serves, ascending. */
  List<Long> served() throws IOException {
    TreeSet<Long> present = versions(path);
    if (present.isEmpty()) {
      throw new InvalidInputException(
          path, "no version folder (expected: such as 1/" + DEFAULT_FILE + ")");
    }
    ModelVersionPolicy policy = config.getVersionPolicy();
    return switch (policy.getPolicyChoiceCase()) {
      case ALL -> List.copyOf(present);
      case SPECIFIC -> specific(present, policy.getSpecific().getVersionsList());
      default -> {
        int wanted = Math.max(1, policy.getLatest().getNumVersions());
        List<Long> newest = present.descendingSet().stream().limit(wanted).sorted().toList();
        yield newest;
      }
    };
  }

  private List<Long> specific(TreeSet<Long> present, List<Long> wanted) {
    for (long version : wanted) {
      if (!present.contains(version)) {
        throw new InvalidInputException(path, "version " + version + ": absent (asked for)");
      }
    }
    return wanted.stream().sorted().distinct().toList();
  }

  Path file(long version) {
    String name = config.getDefaultModelFilename();
    return path.resolve(Long.toString(version)).resolve(name.isEmpty() ? DEFAULT_FILE : name);
  }

  private static TreeSet<Long> versions(Path path) throws IOException {
    try (Stream<Path> entries = Files.list(path)) {
      TreeSet<Long> versions = new TreeSet<>();
      entries
          .filter(Files::isDirectory)
          .map(entry -> String.valueOf(entry.getFileName()))
          .filter(name -> name.matches("[1-9][0-9]{0,17}"))
          .map(Long::valueOf)
          .forEach(versions::add);
      return new TreeSet<>(Collections.unmodifiableSet(versions));
    }
  }
}
