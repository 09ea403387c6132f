package io.radnet.server.commands;

import io.radnet.imaging.InvalidInputException;
import io.radnet.proto.v1.ScanOptions;
import io.radnet.server.client.ConnectionSecurity;
import io.radnet.server.client.RadNetClient;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
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

  @Option(
      names = "--tls-ca",
      paramLabel = "FILE",
      description = "Authorities of the server's certificate (PEM); the connection uses TLS then.")
  private @Nullable Path tlsAuthorities;

  @Option(
      names = "--tls-cert",
      paramLabel = "FILE",
      description = "Certificate to show to the server (PEM), with --tls-key.")
  private @Nullable Path tlsCertificate;

  @Option(
      names = "--tls-key",
      paramLabel = "FILE",
      description = "Private key of --tls-cert (PEM, PKCS#8).")
  private @Nullable Path tlsKey;

  @Option(
      names = "--token-file",
      paramLabel = "FILE",
      description = "File with the bearer token to send.")
  private @Nullable Path tokenFile;

  Path path() {
    return path;
  }

  RadNetClient connect() throws IOException {
    if (!server.matches(".+:[0-9]{1,5}")) {
      throw new InvalidInputException("--server", server + " (expected: HOST:PORT)");
    }
    if (deadline < 1) {
      throw new InvalidInputException("--deadline", deadline + " (expected: >= 1)");
    }
    return RadNetClient.connect(
        server,
        Duration.ofSeconds(deadline),
        4,
        ConnectionSecurity.of(
            Optional.ofNullable(tlsAuthorities),
            Optional.ofNullable(tlsCertificate),
            Optional.ofNullable(tlsKey),
            Optional.ofNullable(tokenFile)));
  }

  ScanOptions.Builder scanOptions() {
    if (volume < 0) {
      throw new InvalidInputException("--volume", volume + " (expected: >= 0)");
    }
    return ScanOptions.newBuilder().setModel(model).setModelVersion(version).setVolumeIndex(volume);
  }
}
