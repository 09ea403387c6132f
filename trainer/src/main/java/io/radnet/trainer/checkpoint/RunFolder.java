package io.radnet.trainer.checkpoint;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.radnet.imaging.AtomicFiles;
import io.radnet.imaging.InvalidInputException;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;

/**
 * The output folder of a training: {@code checkpoints/epoch-NNNN} for the best and the last epoch,
 * and {@code run.json} that names both. That file is replaced in one step and last, so a process
 * killed at any moment leaves the run as it was after a whole epoch.
 */
public final class RunFolder {
  /** Names the best and the last checkpoint. */
  public static final String POINTER_FILE = "run.json";

  private static final ObjectMapper JSON = new ObjectMapper();

  private RunFolder() {}

  /**
   * @param best folder of the checkpoint with the best validation metric, relative to the run
   * @param last folder of the newest checkpoint, relative to the run
   */
  public record Pointer(String best, String last) {}

  /** The folder of a new checkpoint, relative to the run. */
  public static String checkpointName(int epoch) {
    return String.format(java.util.Locale.ROOT, "checkpoints/epoch-%04d", epoch);
  }

  /** What {@code run.json} says; empty where there is none. */
  public static Optional<Pointer> pointer(Path run) {
    Path file = run.resolve(POINTER_FILE);
    if (!Files.isRegularFile(file)) {
      return Optional.empty();
    }
    try {
      JsonNode json = JSON.readTree(Files.readString(file));
      return Optional.of(new Pointer(text(json, "best", file), text(json, "last", file)));
    } catch (JsonProcessingException e) {
      throw new InvalidInputException(file, "not JSON", e);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static String text(JsonNode json, String field, Path file) {
    String value = json.path(field).asText();
    if (value.isEmpty()) {
      throw new InvalidInputException(file, field + ": missing");
    }
    return value;
  }

  /** Replaces {@code run.json}. */
  public static void write(Path run, Pointer pointer) throws IOException {
    ObjectNode json = JSON.createObjectNode();
    json.put("best", pointer.best());
    json.put("last", pointer.last());
    AtomicFiles.write(
        run.resolve(POINTER_FILE),
        out -> out.write(JSON.writerWithDefaultPrettyPrinter().writeValueAsBytes(json)));
  }

  /** Removes the checkpoints of all epochs but these. */
  public static void prune(Path run, List<Integer> epochs) throws IOException {
    List<Path> kept = epochs.stream().map(epoch -> run.resolve(checkpointName(epoch))).toList();
    List<Path> old;
    try (Stream<Path> folders = Files.list(run.resolve("checkpoints"))) {
      old = folders.filter(folder -> !kept.contains(folder)).toList();
    }
    for (Path folder : old) {
      List<Path> files;
      try (Stream<Path> listed = Files.list(folder)) {
        files = listed.toList();
      }
      for (Path file : files) {
        Files.deleteIfExists(file);
      }
      Files.deleteIfExists(folder);
    }
  }

  /** {@code folder} itself where it is a checkpoint or neither, else the best of the run. */
  static Path resolveBest(Path folder) {
    if (Files.isRegularFile(folder.resolve(Checkpoint.DESCRIPTION_FILE))) {
      return folder;
    }
    return pointer(folder).map(pointer -> folder.resolve(pointer.best())).orElse(folder);
  }
}
