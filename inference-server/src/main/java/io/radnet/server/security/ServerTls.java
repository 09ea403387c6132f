package io.radnet.server.security;

import io.grpc.util.AdvancedTlsX509KeyManager;
import io.grpc.util.AdvancedTlsX509TrustManager;
import io.grpc.util.CertificateUtils;
import io.radnet.imaging.InvalidInputException;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.PrivateKey;
import java.security.PublicKey;
import java.security.Signature;
import java.security.cert.CertificateException;
import java.security.cert.CertificateExpiredException;
import java.security.cert.X509Certificate;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import javax.net.ssl.KeyManager;
import javax.net.ssl.SSLContext;
import javax.net.ssl.TrustManager;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The certificate of a server and the authorities of its clients, out of files that may change
 * while the server runs: connections that are made after a change use the new ones.
 */
public final class ServerTls {
  private static final Logger LOG = LoggerFactory.getLogger(ServerTls.class);

  private final TlsFiles files;
  private final AdvancedTlsX509KeyManager keys = new AdvancedTlsX509KeyManager();
  private final AdvancedTlsX509TrustManager trust;
  private List<Object> stamp;

  /**
   * Reads the files.
   *
   * @throws InvalidInputException where one cannot be used
   */
  public ServerTls(TlsFiles files) throws IOException {
    this.files = files;
    try {
      trust =
          AdvancedTlsX509TrustManager.newBuilder()
              // The name in a client's certificate is no host name, so there is none to compare.
              .setVerification(
                  AdvancedTlsX509TrustManager.Verification.CERTIFICATE_ONLY_VERIFICATION)
              .build();
    } catch (CertificateException impossible) {
      throw new IllegalStateException("a trust manager without options", impossible);
    }
    this.stamp = stamp();
    load();
  }

  private List<Object> stamp() throws IOException {
    List<Object> all = new ArrayList<>();
    for (Path file : paths()) {
      all.add(Files.getLastModifiedTime(file));
      all.add(Files.size(file));
    }
    return all;
  }

  private List<Path> paths() {
    List<Path> paths = new ArrayList<>(List.of(files.certificate(), files.key()));
    files.clientAuthorities().ifPresent(paths::add);
    return paths;
  }

  private void load() throws IOException {
    X509Certificate[] chain = certificates(files.certificate());
    PrivateKey key = key(files.key());
    try {
      chain[0].checkValidity();
    } catch (CertificateExpiredException expired) {
      throw new InvalidInputException(
          files.certificate(), "the certificate expired at " + chain[0].getNotAfter().toInstant());
    } catch (CertificateException early) {
      throw new InvalidInputException(
          files.certificate(), "the certificate is not valid before " + chain[0].getNotBefore());
    }
    if (!belong(chain[0].getPublicKey(), key)) {
      throw new InvalidInputException(files.key(), "is not the key of " + files.certificate());
    }
    keys.updateIdentityCredentials(chain, key);
    if (files.clientAuthorities().isPresent()) {
      Path authorities = files.clientAuthorities().get();
      try {
        trust.updateTrustCredentials(certificates(authorities));
      } catch (GeneralSecurityException unusable) {
        throw new InvalidInputException(authorities, "cannot be used as authorities", unusable);
      }
    }
  }

  private static X509Certificate[] certificates(Path file) throws IOException {
    try (InputStream in = Files.newInputStream(file)) {
      X509Certificate[] chain = CertificateUtils.getX509Certificates(in);
      if (chain.length == 0) {
        throw new InvalidInputException(file, "holds no certificate (expected: PEM)");
      }
      return chain;
    } catch (CertificateException malformed) {
      throw new InvalidInputException(
          file, "holds no certificate that can be read (expected: PEM)", malformed);
    }
  }

  private static PrivateKey key(Path file) throws IOException {
    try (InputStream in = Files.newInputStream(file)) {
      return CertificateUtils.getPrivateKey(in);
    } catch (GeneralSecurityException | RuntimeException malformed) {
      // The cause could quote the key, so it goes nowhere.
      throw new InvalidInputException(
          file, "holds no private key that can be read (expected: PEM, PKCS#8, not encrypted)");
    }
  }

  private static boolean belong(PublicKey open, PrivateKey secret) {
    try {
      String algorithm =
          switch (secret.getAlgorithm()) {
            case "RSA" -> "SHA256withRSA";
            case "EC" -> "SHA256withECDSA";
            default -> secret.getAlgorithm();
          };
      Signature signature = Signature.getInstance(algorithm);
      byte[] text = {1, 2, 3};
      signature.initSign(secret);
      signature.update(text);
      byte[] signed = signature.sign();
      signature.initVerify(open);
      signature.update(text);
      return signature.verify(signed);
    } catch (GeneralSecurityException different) {
      return false;
    }
  }

  /** Reads the files again where they have changed; where they cannot be used the old ones stay. */
  public synchronized void reload() {
    try {
      List<Object> now = stamp();
      if (!now.equals(stamp)) {
        stamp = now;
        load();
        LOG.info("the certificates were read again");
      }
    } catch (IOException | InvalidInputException unusable) {
      LOG.error(
          "the certificates were not read again, the old ones hold: {}", unusable.getMessage());
    }
  }

  /** Whether clients may show a certificate. */
  public boolean asksClients() {
    return files.clientAuthorities().isPresent();
  }

  /** For gRPC. */
  public KeyManager keyManager() {
    return keys;
  }

  /** For gRPC, where clients are asked. */
  public Optional<TrustManager> trustManager() {
    return asksClients() ? Optional.of(trust) : Optional.empty();
  }

  /** For HTTP. */
  public SSLContext context() {
    try {
      SSLContext context = SSLContext.getInstance("TLS");
      context.init(
          new KeyManager[] {keys},
          asksClients() ? new TrustManager[] {trust} : new TrustManager[0],
          null);
      return context;
    } catch (GeneralSecurityException impossible) {
      throw new IllegalStateException("every Java runtime has TLS", impossible);
    }
  }
}
