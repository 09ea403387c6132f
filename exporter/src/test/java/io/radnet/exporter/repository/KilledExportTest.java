package io.radnet.exporter.repository;

import static org.assertj.core.api.Assertions.assertThat;

import io.radnet.exporter.Checkpoints;
import io.radnet.exporter.ExportReport;
import io.radnet.exporter.Exporter;
import io.radnet.imaging.transform.Recipe;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A process that dies in the middle of an export. */
class KilledExportTest {
  /** Begins to add a version and says so, then hangs until it is killed. */
  static final class Hanging {
    private Hanging() {}

    public static void main(String[] args) {
      ModelRepository.open(Path.of(args[0]))
          .add(
              "network",
              (folder, version) -> {
                Files.writeString(folder.resolve("model.onnx"), "half a model");
                System.out.println("begun");
                System.out.flush();
                try {
                  Thread.sleep(Long.MAX_VALUE);
                } catch (InterruptedException stop) {
                  throw new IOException(stop);
                }
                return new ModelRepository.Written<>("", version);
              });
    }
  }

  @Test
  void leavesNothingThatTheNextExportOrAServerSees(@TempDir Path folder) throws Exception {
    Path repository = folder.resolve("models");
    Process process =
        new ProcessBuilder(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-cp",
                System.getProperty("java.class.path"),
                Hanging.class.getName(),
                repository.toString())
            .redirectError(folder.resolve("errors.txt").toFile())
            .start();
    try (var lines = process.inputReader()) {
      assertThat(lines.readLine()).isEqualTo("begun");
    } finally {
      process.destroyForcibly();
      assertThat(process.waitFor(30, TimeUnit.SECONDS)).isTrue();
    }
    assertThat(names(repository)).hasSize(1).allMatch(name -> name.startsWith(".export-"));

    Path checkpoint =
        Checkpoints.write(Checkpoints.tiny(Recipe.Task.LABELS), folder.resolve("checkpoint"));
    ExportReport report = Exporter.export(Checkpoints.quick(checkpoint, repository, "network"));
    assertThat(report.version()).isEqualTo(1);
    assertThat(names(repository)).containsExactly("network");
    assertThat(names(repository.resolve("network"))).containsExactly("1", "config.pbtxt");
  }

  @Test
  void anExportUnderWayElsewhereIsLeftAlone(@TempDir Path repository) {
    ModelRepository models = ModelRepository.open(repository);
    models.add(
        "outer",
        (folder, version) -> {
          Files.writeString(folder.resolve("model.onnx"), "outer");
          ModelRepository.open(repository)
              .add(
                  "inner",
                  (other, number) -> {
                    Files.writeString(other.resolve("model.onnx"), "inner");
                    return new ModelRepository.Written<>("", number);
                  });
          assertThat(folder.resolve("model.onnx")).hasContent("outer");
          return new ModelRepository.Written<>("", version);
        });
    assertThat(names(repository)).containsExactly("inner", "outer");
  }

  private static List<String> names(Path folder) {
    try (Stream<Path> entries = Files.list(folder)) {
      return entries.map(entry -> entry.getFileName().toString()).sorted().toList();
    } catch (IOException failure) {
      throw new UncheckedIOException(failure);
    }
  }
}
