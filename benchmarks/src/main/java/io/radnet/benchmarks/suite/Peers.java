package io.radnet.benchmarks.suite;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.radnet.benchmarks.reading.ScanFiles;
import io.radnet.benchmarks.report.Measurement;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.TreeMap;
import java.util.stream.StreamSupport;
import org.openjdk.jmh.util.ListStatistics;

/** Starts the Python programs that measure other libraries. */
final class Peers {
  private static final ObjectMapper JSON = new ObjectMapper();
  private final Path folder;
  private final String python;

  /** Programs in {@code folder}, run by the command {@code python}. */
  Peers(Path folder, String python) {
    this.folder = folder;
    this.python = python;
  }

  /**
   * Figures of one program, on this machine, now. What keeps it from running becomes a note that
   * says what to install.
   */
  List<Measurement> run(Peer peer, String group, boolean quick, List<String> notes) {
    Path script = folder.resolve(peer.script());
    if (!Files.isRegularFile(script)) {
      notes.add("peer " + peer.script() + ": absent from " + folder);
      return List.of();
    }
    List<String> command = new ArrayList<>(List.of(python, script.toString()));
    if (quick) {
      command.add("--quick");
    }
    if (peer.scans()) {
      command.addAll(List.of("--scans", ScanFiles.folder().toString()));
    }
    try {
      Path errors = Files.createTempFile("peer", ".log");
      try {
        Process process;
        try {
          process = new ProcessBuilder(command).redirectError(errors.toFile()).start();
        } catch (IOException noPython) {
          notes.add(
              "peer " + peer.script() + ": not measured, " + python + " is absent (see --python)");
          return List.of();
        }
        String printed =
            new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        int exit = process.waitFor();
        if (exit != 0) {
          notes.add("peer " + peer.script() + ": " + reason(Files.readString(errors), peer, exit));
          return List.of();
        }
        return read(printed, peer.script(), group);
      } finally {
        Files.delete(errors);
      }
    } catch (IOException unreadable) {
      notes.add("peer " + peer.script() + ": " + unreadable.getMessage());
      return List.of();
    } catch (InterruptedException interrupted) {
      Thread.currentThread().interrupt();
      throw new IllegalStateException("interrupted while a peer was measured", interrupted);
    }
  }

  private static String reason(String errors, Peer peer, int exit) {
    if (errors.contains("ModuleNotFoundError") || errors.contains("ImportError")) {
      return "not measured, its libraries are absent (Debian: apt-get install "
          + String.join(" ", peer.packages())
          + ")";
    }
    String last = errors.strip();
    return "exit code " + exit + ": " + last.substring(last.lastIndexOf('\n') + 1);
  }

  /** Reads one JSON object per line. */
  static List<Measurement> read(String printed, String script, String group) throws IOException {
    List<Measurement> measurements = new ArrayList<>();
    for (String line : printed.lines().filter(text -> !text.isBlank()).toList()) {
      JsonNode node = JSON.readTree(line);
      for (String field : List.of("benchmark", "peer", "unit", "samples", "parameters")) {
        if (!node.hasNonNull(field)) {
          throw new IOException(script + " printed a line without '" + field + "'");
        }
      }
      TreeMap<String, String> parameters = new TreeMap<>();
      node.get("parameters")
          .fields()
          .forEachRemaining(entry -> parameters.put(entry.getKey(), entry.getValue().asText()));
      double[] samples =
          StreamSupport.stream(node.get("samples").spliterator(), false)
              .mapToDouble(JsonNode::asDouble)
              .toArray();
      ListStatistics statistics = new ListStatistics(samples);
      measurements.add(
          new Measurement(
              group,
              node.get("benchmark").asText(),
              parameters,
              node.get("peer").asText(),
              node.get("unit").asText(),
              statistics.getMean(),
              statistics.getMeanErrorAt(0.999),
              statistics.getPercentile(50),
              samples.length,
              Double.NaN,
              new TreeMap<>(),
              List.of()));
    }
    return measurements;
  }
}
