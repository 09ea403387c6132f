package io.radnet.server.security;

import java.io.IOException;
import java.io.StringWriter;
import java.io.UncheckedIOException;
import java.math.BigInteger;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyPair;
import java.security.KeyPairGenerator;
import java.security.cert.X509Certificate;
import java.security.spec.ECGenParameterSpec;
import java.time.Duration;
import java.time.Instant;
import java.util.Date;
import java.util.concurrent.atomic.AtomicLong;
import javax.security.auth.x500.X500Principal;
import org.bouncycastle.asn1.x509.BasicConstraints;
import org.bouncycastle.asn1.x509.Extension;
import org.bouncycastle.asn1.x509.GeneralName;
import org.bouncycastle.asn1.x509.GeneralNames;
import org.bouncycastle.cert.CertIOException;
import org.bouncycastle.cert.jcajce.JcaX509CertificateConverter;
import org.bouncycastle.cert.jcajce.JcaX509v3CertificateBuilder;
import org.bouncycastle.openssl.jcajce.JcaPEMWriter;
import org.bouncycastle.openssl.jcajce.JcaPKCS8Generator;
import org.bouncycastle.operator.OperatorCreationException;
import org.bouncycastle.operator.jcajce.JcaContentSignerBuilder;

/** An authority that exists for one test, and the certificates that it signs. */
public final class TestPki {
  private final Path folder;
  private final String name;
  private final KeyPair keys;
  private final X509Certificate certificate;
  private final AtomicLong serial = new AtomicLong(2);

  /** The files of a certificate. */
  public record Identity(Path certificate, Path key) {}

  /** Makes an authority; its files go into {@code folder}. */
  public TestPki(Path folder, String name) {
    this.folder = folder;
    this.name = name;
    this.keys = keyPair();
    this.certificate = sign(keys, name, Duration.ofDays(-1), Duration.ofDays(30), true);
    write(name + "-ca.pem", certificate);
  }

  /** The authority's own certificate. */
  public Path authority() {
    return folder.resolve(name + "-ca.pem");
  }

  /** A certificate for localhost and 127.0.0.1 that is valid now. */
  public Identity identity(String subject) {
    return identity(subject, Duration.ofDays(-1), Duration.ofDays(2));
  }

  /** A certificate that is valid from one time to another, seen from now. */
  public Identity identity(String subject, Duration from, Duration to) {
    KeyPair own = keyPair();
    write(subject + ".pem", sign(own, subject, from, to, false));
    try {
      write(subject + ".key", new JcaPKCS8Generator(own.getPrivate(), null).generate());
    } catch (IOException failure) {
      throw new UncheckedIOException(failure);
    }
    return new Identity(folder.resolve(subject + ".pem"), folder.resolve(subject + ".key"));
  }

  private static KeyPair keyPair() {
    try {
      KeyPairGenerator generator = KeyPairGenerator.getInstance("EC");
      generator.initialize(new ECGenParameterSpec("secp256r1"));
      return generator.generateKeyPair();
    } catch (GeneralSecurityException impossible) {
      throw new IllegalStateException(impossible);
    }
  }

  private X509Certificate sign(
      KeyPair subject, String common, Duration from, Duration to, boolean authority) {
    try {
      Instant now = Instant.now();
      X500Principal issuer = new X500Principal("CN=" + name);
      JcaX509v3CertificateBuilder builder =
          new JcaX509v3CertificateBuilder(
              issuer,
              BigInteger.valueOf(authority ? 1 : serial.getAndIncrement()),
              Date.from(now.plus(from)),
              Date.from(now.plus(to)),
              new X500Principal("CN=" + common),
              subject.getPublic());
      builder.addExtension(Extension.basicConstraints, true, new BasicConstraints(authority));
      if (!authority) {
        builder.addExtension(
            Extension.subjectAlternativeName,
            false,
            new GeneralNames(
                new GeneralName[] {
                  new GeneralName(GeneralName.dNSName, "localhost"),
                  new GeneralName(GeneralName.iPAddress, "127.0.0.1")
                }));
      }
      return new JcaX509CertificateConverter()
          .getCertificate(
              builder.build(
                  new JcaContentSignerBuilder("SHA256withECDSA").build(keys.getPrivate())));
    } catch (CertIOException | OperatorCreationException | GeneralSecurityException failure) {
      throw new IllegalStateException(failure);
    }
  }

  private void write(String file, Object content) {
    StringWriter text = new StringWriter();
    try {
      try (JcaPEMWriter writer = new JcaPEMWriter(text)) {
        writer.writeObject(content);
      }
      Files.writeString(folder.resolve(file), text.toString());
    } catch (IOException failure) {
      throw new UncheckedIOException(failure);
    }
  }
}
