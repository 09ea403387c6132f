package io.radnet.server.commands;

import io.radnet.imaging.InvalidInputException;
import io.radnet.proto.v1.ScanOptions;
import io.radnet.server.client.RadNetClient;
import java.nio.file.Path;
import java.time.Duration;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** What all client commands take. */
final class ClientOptions {
  private static final String DEFAULT = " (default: ${DEFAULT-VALUE}).";

  @Parameters(
      paramLabel = "PATH",
      description = "A DICOM file or folder, or a NIfTI file (.nii, .nii.gz).")
  private Path path;

  @Option(
      names = "--server",
      paramLabel = "HOST:PORT",
      defaultValue = "127.0.0.1:8001",
      description = "The server" + DEFAULT)
  private String server;

  @Option(
      names = "--model",
      defaultValue = "",
      description = "Name of the model (default: the only one for this task).")
  private String model;

  @Option(
      names = "--model-version",
      defaultValue = "",
      description = "Version of the model (default: the newest).")
  private String version;

  @Option(
      names = "--volume",
      defaultValue = "0",
      description = "Which volume of a series that holds several" + DEFAULT)
  private int volume;

  @Option(
      names = "--deadline",
      defaultValue = "600",
      description = "Seconds for one series" + DEFAULT)
  private int deadline;

  Path path() {
    return path;
  }

  RadNetClient connect() {
    if (!server.matches(".+:[0-9]{1,5}")) {
      throw new InvalidInputException("--server", server + " (expected: HOST:PORT)");
    }
    if (deadline < 1) {
      throw new InvalidInputException("--deadline", deadline + " (expected: >= 1)");
    }
    return RadNetClient.connect(server, Duration.ofSeconds(deadline), 4);
  }

  ScanOptions.Builder scanOptions() {
    if (volume < 0) {
      throw new InvalidInputException("--volume", volume + " (expected: >= 0)");
    }
    return ScanOptions.newBuilder().setModel(model).setModelVersion(version).setVolumeIndex(volume);
  }
}
