package io.radnet.server.security;

import java.net.InetAddress;
import java.net.UnknownHostException;
import java.nio.file.Path;
import java.util.Optional;

/**
 * How a server is protected.
 *
 * @param tls empty for connections without encryption
 * @param tokenFile of bearer tokens; empty where clients need none
 * @param insecure whether an open address is allowed all the same
 * @param limits of each client
 */
public record SecuritySettings(
    Optional<TlsFiles> tls, Optional<Path> tokenFile, boolean insecure, ClientLimits limits) {
  /** What is right on loopback: no encryption, no tokens, no limits. */
  public static final SecuritySettings LOOPBACK =
      new SecuritySettings(Optional.empty(), Optional.empty(), false, ClientLimits.NONE);

  /** Whether a client must prove who it is, by a token or by a certificate. */
  public boolean identifies() {
    return tokenFile.isPresent() || tls.flatMap(TlsFiles::clientAuthorities).isPresent();
  }

  /** Whether only processes of the same machine reach an address. */
  public static boolean loopback(String host) {
    try {
      return InetAddress.getByName(host).isLoopbackAddress();
    } catch (UnknownHostException unknown) {
      return false;
    }
  }

  /** Why a server must not listen on an address with these settings; empty where it may. */
  public Optional<String> complaint(String host) {
    if (insecure || loopback(host) || (tls.isPresent() && identifies())) {
      return Optional.empty();
    }
    String missing =
        tls.isEmpty() && !identifies()
            ? "TLS and tokens"
            : tls.isEmpty() ? "TLS" : "tokens or client certificates";
    return Optional.of(
        host
            + " is reached by other machines, and what is missing: "
            + missing
            + " (give tls-cert, tls-key and token-file or tls-client-ca; or listen on 127.0.0.1; or"
            + " insecure, if something in front protects this server)");
  }

  /** Whether the settings leave an address open that others reach: worth a loud warning. */
  public boolean open(String host) {
    return !loopback(host) && (tls.isEmpty() || !identifies());
  }
}
