package io.radnet.trainer.training;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.radnet.imaging.AtomicFiles;
import io.radnet.imaging.InvalidInputException;
import io.radnet.trainer.checkpoint.Safetensors;
import io.radnet.trainer.checkpoint.Sha256;
import io.radnet.trainer.checkpoint.Tensor;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;

/**
 * What a resumed run needs beside the weights. The random numbers of an epoch follow from seed and
 * epoch alone, so these two are the whole random state.
 *
 * @param epoch the last whole epoch, or of a segmentation run the number of its checkpoints
 * @param step optimiser steps so far
 * @param seed of the run
 * @param bestScore best validation score so far
 * @param bestEpoch its epoch
 * @param elapsedSeconds spent so far
 * @param options the options that must be the same for the same weights, as text
 * @param optimiser moments and step counts
 */
public record TrainingState(
    int epoch,
    long step,
    long seed,
    double bestScore,
    int bestEpoch,
    double elapsedSeconds,
    String options,
    Map<String, Tensor> optimiser) {
  private static final String STATE_FILE = "training.json";
  private static final String OPTIMISER_FILE = "optimizer.safetensors";
  private static final ObjectMapper JSON = new ObjectMapper();

  /** Writes {@code training.json} and {@code optimizer.safetensors} beside the weights. */
  public void write(Path folder) throws IOException {
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    Safetensors.write(bytes, optimiser);
    byte[] moments = bytes.toByteArray();
    AtomicFiles.write(folder.resolve(OPTIMISER_FILE), out -> out.write(moments));
    ObjectNode json = JSON.createObjectNode();
    json.put("epoch", epoch);
    json.put("step", step);
    json.put("seed", seed);
    json.put("best_score", bestScore);
    json.put("best_epoch", bestEpoch);
    json.put("elapsed_seconds", elapsedSeconds);
    json.put("options", options);
    json.put("optimizer_sha256", Sha256.of(ByteBuffer.wrap(moments)));
    AtomicFiles.write(
        folder.resolve(STATE_FILE),
        out -> out.write(JSON.writerWithDefaultPrettyPrinter().writeValueAsBytes(json)));
  }

  /**
   * Reads what {@link #write} wrote.
   *
   * @throws InvalidInputException where a file is missing or was altered
   */
  public static TrainingState read(Path folder) {
    Path file = folder.resolve(STATE_FILE);
    Path moments = folder.resolve(OPTIMISER_FILE);
    if (!Files.isRegularFile(file) || !Files.isRegularFile(moments)) {
      throw new InvalidInputException(
          folder, "cannot resume: " + STATE_FILE + " or " + OPTIMISER_FILE + " is missing");
    }
    try {
      JsonNode json = JSON.readTree(Files.readString(file));
      ByteBuffer content = ByteBuffer.wrap(Files.readAllBytes(moments));
      String actual = Sha256.of(content);
      String expected = json.path("optimizer_sha256").asText();
      if (!actual.equals(expected)) {
        throw new InvalidInputException(
            moments, "SHA-256: " + actual + " (expected: " + expected + "); the file was altered");
      }
      return new TrainingState(
          json.path("epoch").asInt(),
          json.path("step").asLong(),
          json.path("seed").asLong(),
          json.path("best_score").asDouble(),
          json.path("best_epoch").asInt(),
          json.path("elapsed_seconds").asDouble(),
          json.path("options").asText(),
          Safetensors.read(content, moments));
    } catch (JsonProcessingException e) {
      throw new InvalidInputException(file, "not JSON", e);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
