package io.radnet.benchmarks.report;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.SerializationFeature;
import com.fasterxml.jackson.databind.json.JsonMapper;
import io.radnet.benchmarks.Machine;
import io.radnet.imaging.AtomicFiles;
import io.radnet.imaging.InvalidInputException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;

/**
 * All that one run of the suite found.
 *
 * @param format version of this layout, 1
 * @param machine that it ran on
 * @param quick whether it was a smoke run, whose errors are wide
 * @param measurements sorted by group, benchmark and parameters, ours before its peers
 * @param notes what was left out and why, one line each
 */
public record SuiteResult(
    int format,
    Machine machine,
    boolean quick,
    List<Measurement> measurements,
    List<String> notes) {
  private static final int FORMAT = 1;
  private static final ObjectMapper JSON =
      JsonMapper.builder()
          .enable(SerializationFeature.INDENT_OUTPUT)
          .disable(DeserializationFeature.FAIL_ON_UNKNOWN_PROPERTIES)
          .build();

  /** Sorts. */
  public SuiteResult {
    measurements =
        measurements.stream()
            .sorted(
                Comparator.comparing(Measurement::group)
                    .thenComparing(Measurement::benchmark)
                    .thenComparing(m -> m.peer() == null ? "" : m.peer())
                    .thenComparing(Measurement::parameterText))
            .toList();
    notes = List.copyOf(notes);
  }

  /** A result of this version. */
  public static SuiteResult of(
      Machine machine, boolean quick, List<Measurement> measurements, List<String> notes) {
    return new SuiteResult(FORMAT, machine, quick, measurements, notes);
  }

  /** Writes JSON. */
  public void write(Path file) throws IOException {
    byte[] bytes = JSON.writeValueAsBytes(this);
    AtomicFiles.write(
        file,
        out -> {
          out.write(bytes);
          out.write('\n');
        });
  }

  /**
   * Reads what {@link #write} wrote.
   *
   * @throws InvalidInputException where the file is absent or something else
   */
  public static SuiteResult read(Path file) {
    try {
      SuiteResult result = JSON.readValue(Files.readAllBytes(file), SuiteResult.class);
      if (result.format != FORMAT || result.machine == null) {
        throw new InvalidInputException(
            file,
            "format: "
                + result.format
                + " (expected: "
                + FORMAT
                + ", a bench.json of this command)");
      }
      return result;
    } catch (JsonProcessingException malformed) {
      throw new InvalidInputException(
          file, "is no result of 'radnet bench' (expected: its bench.json)", malformed);
    } catch (NoSuchFileException missing) {
      throw new InvalidInputException(file, "no such file", missing);
    } catch (IOException unreadable) {
      throw new InvalidInputException(
          file, "cannot be read: " + unreadable.getMessage(), unreadable);
    }
  }

  /** Peers of a measurement: the same work, measured with another library. */
  public List<Measurement> peersOf(Measurement ours) {
    return measurements.stream()
        .filter(
            m ->
                m.peer() != null
                    && m.benchmark().equals(ours.benchmark())
                    && m.unit().equals(ours.unit())
                    && ours.parameters().entrySet().containsAll(m.parameters().entrySet()))
        .toList();
  }

  /**
   * The physical floor of a measurement: what the machine needs at least, from the same run. The
   * floor of a benchmark is its class's method {@code floor} with the same parameters; that of
   * resampling is the copy of its input.
   */
  public Optional<Measurement> floorOf(Measurement ours) {
    String type = ours.benchmark().substring(0, ours.benchmark().indexOf('.'));
    return measurements.stream()
        .filter(m -> m.peer() == null && m != ours && m.unit().equals(ours.unit()))
        .filter(
            m ->
                (m.benchmark().equals(type + ".floor")
                        && ours.parameters().entrySet().containsAll(m.parameters().entrySet()))
                    || (m.benchmark().equals("CopyBandwidth.copy")
                        && ours.parameters()
                            .getOrDefault("grids", "")
                            .startsWith(m.parameters().getOrDefault("voxels", "-") + ":")))
        .findFirst();
  }
}
