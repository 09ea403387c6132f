package io.radnet.server.client;

import io.grpc.ChannelCredentials;
import io.grpc.ClientInterceptor;
import io.grpc.InsecureChannelCredentials;
import io.grpc.Metadata;
import io.grpc.TlsChannelCredentials;
import io.grpc.stub.MetadataUtils;
import io.radnet.imaging.InvalidInputException;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;

/**
 * How a client's connection is protected, out of the files that a user names.
 *
 * @param channel with or without TLS
 * @param token adds the bearer token to every call
 */
public record ConnectionSecurity(ChannelCredentials channel, Optional<ClientInterceptor> token) {
  /** Neither TLS nor a token. */
  public static final ConnectionSecurity NONE =
      new ConnectionSecurity(InsecureChannelCredentials.create(), Optional.empty());

  /**
   * Reads the files.
   *
   * @param authorities of the server's certificate (PEM); TLS is used where it is given
   * @param certificate chain of the client for mutual TLS (PEM)
   * @param key of that certificate (PEM, PKCS#8)
   * @param token file that holds a bearer token
   * @throws InvalidInputException where they do not fit together or cannot be used
   * @throws IOException where one cannot be read
   */
  public static ConnectionSecurity of(
      Optional<Path> authorities,
      Optional<Path> certificate,
      Optional<Path> key,
      Optional<Path> token)
      throws IOException {
    if (certificate.isPresent() != key.isPresent()) {
      throw new InvalidInputException(
          certificate.isPresent() ? "--tls-cert" : "--tls-key",
          "--tls-cert and --tls-key belong together (one is missing)");
    }
    if (certificate.isPresent() && authorities.isEmpty()) {
      throw new InvalidInputException("--tls-cert", "needs --tls-ca");
    }
    return new ConnectionSecurity(
        channel(authorities, certificate, key),
        token.isPresent() ? Optional.of(bearer(token.get())) : Optional.empty());
  }

  private static ChannelCredentials channel(
      Optional<Path> authorities, Optional<Path> certificate, Optional<Path> key)
      throws IOException {
    if (authorities.isEmpty()) {
      return InsecureChannelCredentials.create();
    }
    Path last = authorities.get();
    try {
      TlsChannelCredentials.Builder tls =
          TlsChannelCredentials.newBuilder().trustManager(last.toFile());
      if (certificate.isPresent() && key.isPresent()) {
        last = certificate.get();
        tls.keyManager(last.toFile(), key.get().toFile());
      }
      return tls.build();
    } catch (IllegalArgumentException malformed) {
      throw new InvalidInputException(last, "cannot be used for TLS (expected: PEM)", malformed);
    }
  }

  private static ClientInterceptor bearer(Path file) throws IOException {
    String token = Files.readString(file, StandardCharsets.UTF_8).strip();
    if (!token.matches("[\\x21-\\x7e]+")) {
      throw new InvalidInputException(file, "holds no token (expected: one word)");
    }
    Metadata headers = new Metadata();
    headers.put(
        Metadata.Key.of("authorization", Metadata.ASCII_STRING_MARSHALLER), "Bearer " + token);
    return MetadataUtils.newAttachHeadersInterceptor(headers);
  }
}
