package io.radnet.server.security;

import io.radnet.imaging.InvalidInputException;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.BasicFileAttributes;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.time.DateTimeException;
import java.time.Instant;
import java.time.InstantSource;
import java.time.LocalDate;
import java.time.ZoneOffset;
import java.util.HashMap;
import java.util.HexFormat;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Bearer tokens, one per line: {@code NAME ROLE SHA256 [EXPIRY]}. The file holds the SHA-256 of
 * each token, so who reads it cannot use it; tokens are random (32 bytes), so a plain digest cannot
 * be guessed back. The file is read again when it changes; where the new one has a mistake, the old
 * one stays in force and the log says why. Safe for several threads.
 */
public final class TokenFile {
  private static final Logger LOG = LoggerFactory.getLogger(TokenFile.class);

  private record Entry(Client client, Instant expiry) {}

  private record Stamp(Object key, Object modified, long size) {}

  private final Path file;
  private final InstantSource clock;
  private Map<String, Entry> entries;
  private Stamp stamp;

  /**
   * Reads the file.
   *
   * @throws InvalidInputException with the line of a mistake
   * @throws IOException where it cannot be read
   */
  public TokenFile(Path file, InstantSource clock) throws IOException {
    this.file = file;
    this.clock = clock;
    this.stamp = stamp();
    this.entries = read();
    if (entries.isEmpty()) {
      throw new InvalidInputException(file, "holds no token (expected: NAME ROLE SHA256 [EXPIRY])");
    }
  }

  private Stamp stamp() throws IOException {
    BasicFileAttributes attributes = Files.readAttributes(file, BasicFileAttributes.class);
    return new Stamp(
        String.valueOf(attributes.fileKey()), attributes.lastModifiedTime(), attributes.size());
  }

  private Map<String, Entry> read() throws IOException {
    Map<String, Entry> read = new HashMap<>();
    List<String> lines = Files.readAllLines(file, StandardCharsets.UTF_8);
    for (int n = 0; n < lines.size(); n++) {
      String line = lines.get(n).strip();
      if (!line.isEmpty() && !line.startsWith("#")) {
        String[] fields = line.split("\\s+");
        String where = file + ":" + (n + 1);
        // The line is not quoted in the message: somebody may have put a token itself there.
        if (fields.length < 3 || fields.length > 4) {
          throw new InvalidInputException(where, "(expected: NAME ROLE SHA256 [EXPIRY])");
        }
        String digest = fields[2].toLowerCase(Locale.ROOT);
        if (!digest.matches("[0-9a-f]{64}")) {
          throw new InvalidInputException(where, "no SHA-256 (expected: 64 hexadecimal digits)");
        }
        Role role =
            Role.named(fields[1])
                .orElseThrow(
                    () ->
                        new InvalidInputException(
                            where, "unknown role (expected: monitor, client or admin)"));
        Instant expiry = fields.length == 4 ? expiry(fields[3], where) : Instant.MAX;
        if (read.put(digest, new Entry(new Client(fields[0], role), expiry)) != null) {
          throw new InvalidInputException(where, "the same token as on a line before");
        }
      }
    }
    return read;
  }

  private static Instant expiry(String text, String where) {
    try {
      return text.contains("T")
          ? Instant.parse(text)
          : LocalDate.parse(text).atStartOfDay(ZoneOffset.UTC).toInstant();
    } catch (DateTimeException malformed) {
      throw new InvalidInputException(
          where, "no date (expected: 2027-01-31 or 2027-01-31T12:00:00Z)", malformed);
    }
  }

  private synchronized Map<String, Entry> current() {
    try {
      Stamp now = stamp();
      if (!now.equals(stamp)) {
        stamp = now;
        entries = read();
        LOG.info("the token file was read again: {} tokens", entries.size());
      }
    } catch (IOException | InvalidInputException wrong) {
      if (!stamp.key().equals("")) {
        LOG.error("the token file was not read again, the old one holds: {}", wrong.getMessage());
      }
      stamp = new Stamp("", "", -1);
    }
    return entries;
  }

  /** Who bears a token; empty where it is unknown or has expired. */
  Optional<Client> find(String token) {
    // A lookup by digest tells an attacker's clock nothing: digests cannot be steered bit by bit.
    Entry entry = current().get(sha256(token));
    return entry == null || !clock.instant().isBefore(entry.expiry())
        ? Optional.empty()
        : Optional.of(entry.client());
  }

  static String sha256(String token) {
    try {
      return HexFormat.of()
          .formatHex(
              MessageDigest.getInstance("SHA-256").digest(token.getBytes(StandardCharsets.UTF_8)));
    } catch (NoSuchAlgorithmException impossible) {
      throw new IllegalStateException("every Java runtime has SHA-256", impossible);
    }
  }
}
