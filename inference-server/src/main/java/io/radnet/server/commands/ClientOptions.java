package io.radnet.server.commands;

import io.radnet.imaging.InvalidInputException;
import io.radnet.proto.v1.ScanOptions;
import io.radnet.server.client.RadNetClient;
import java.io.IOException;
import java.nio.file.Path;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** What all client commands take. */
final class ClientOptions {
  private static final int ATTEMPTS = 4;
  private static final String DEFAULT = " (default: ${DEFAULT-VALUE}).";

  @Parameters(
      paramLabel = "PATH",
      description = "A DICOM file or folder, or a NIfTI file (.nii, .nii.gz).")
  private Path path;

  @Mixin private ConnectionOptions connection;

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

  Path path() {
    return path;
  }

  RadNetClient connect() throws IOException {
    return connection.connect(ATTEMPTS);
  }

  ScanOptions.Builder scanOptions() {
    if (volume < 0) {
      throw new InvalidInputException("--volume", volume + " (expected: >= 0)");
    }
    return ScanOptions.newBuilder().setModel(model).setModelVersion(version).setVolumeIndex(volume);
  }
}
