package io.radnet.trainer.data;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.radnet.imaging.InvalidInputException;
import io.radnet.trainer.checkpoint.Sha256;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;

/** The part of a data set that a patient belongs to. A patient is never in two. */
public enum Split {
  /** To learn from. */
  TRAIN,
  /** To choose the best epoch by. */
  VALIDATION,
  /** Kept for the final figures. */
  TEST;

  /** Parts in 100 of patients that no file assigns: 70 train, 15 validation, 15 test. */
  private static final int TRAIN_PERCENT = 70;

  private static final int VALIDATION_PERCENT = 85;

  /** Name of the file in a data set that assigns patients to splits. */
  public static final String FILE = "splits.json";

  /** By a checksum of the patient's pseudonym: the same on every machine and for every run. */
  public static Split byHash(String patient) {
    String hash = Sha256.of(ByteBuffer.wrap(patient.getBytes(StandardCharsets.UTF_8)));
    int percent = (int) (Long.parseLong(hash.substring(0, 12), 16) % 100);
    return percent < TRAIN_PERCENT ? TRAIN : percent < VALIDATION_PERCENT ? VALIDATION : TEST;
  }

  /** The assignments in {@code folder/splits.json}; empty where there is no such file. */
  public static Optional<Map<String, Split>> read(Path folder) {
    Path file = folder.resolve(FILE);
    if (!Files.isRegularFile(file)) {
      return Optional.empty();
    }
    try {
      JsonNode json = new ObjectMapper().readTree(Files.readString(file));
      Map<String, Split> splits = new TreeMap<>();
      for (Map.Entry<String, JsonNode> entry : json.properties()) {
        splits.put(entry.getKey(), parse(entry.getValue().asText(), file));
      }
      return Optional.of(splits);
    } catch (JsonProcessingException e) {
      throw new InvalidInputException(file, "not JSON", e);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** The split called {@code name}: train, validation or test. */
  public static Split parse(String name, Object where) {
    return switch (name) {
      case "train" -> TRAIN;
      case "validation" -> VALIDATION;
      case "test" -> TEST;
      default ->
          throw new InvalidInputException(
              where, "split: " + name + " (expected: train, validation or test)");
    };
  }
}
