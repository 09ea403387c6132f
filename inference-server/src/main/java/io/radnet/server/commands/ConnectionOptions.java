package io.radnet.server.commands;

import io.radnet.imaging.InvalidInputException;
import io.radnet.server.client.ConnectionSecurity;
import io.radnet.server.client.RadNetClient;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;

/** Where the server is and how to talk to it. */
final class ConnectionOptions {
  private static final String DEFAULT = " (default: ${DEFAULT-VALUE}).";

  @Option(
      names = "--server",
      paramLabel = "HOST:PORT",
      defaultValue = "127.0.0.1:8001",
      description = "The server" + DEFAULT)
  private String server;

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

  /** The address, checked. */
  String server() {
    if (!server.matches(".+:[0-9]{1,5}")) {
      throw new InvalidInputException("--server", server + " (expected: HOST:PORT)");
    }
    return server;
  }

  Duration deadline() {
    if (deadline < 1) {
      throw new InvalidInputException("--deadline", deadline + " (expected: >= 1)");
    }
    return Duration.ofSeconds(deadline);
  }

  ConnectionSecurity security() throws IOException {
    return ConnectionSecurity.of(
        Optional.ofNullable(tlsAuthorities),
        Optional.ofNullable(tlsCertificate),
        Optional.ofNullable(tlsKey),
        Optional.ofNullable(tokenFile));
  }

  RadNetClient connect(int attempts) throws IOException {
    return RadNetClient.connect(server(), deadline(), attempts, security());
  }
}
