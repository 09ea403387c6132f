package io.radnet.server.security;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.radnet.imaging.InvalidInputException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.time.InstantSource;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Tokens out of a file. */
final class TokenFileTest {
  @TempDir private Path folder;

  private static String line(String name, String role, String token, String expiry) {
    return name + " " + role + " " + TokenFile.sha256(token) + " " + expiry + "\n";
  }

  private Path write(String text) throws IOException {
    return Files.writeString(folder.resolve("tokens"), text);
  }

  private static TokenFile open(Path file) throws IOException {
    return new TokenFile(file, InstantSource.fixed(Instant.parse("2026-06-01T12:00:00Z")));
  }

  @Test
  void findsABearerUntilTheTokenExpires() throws IOException {
    TokenFile tokens =
        open(
            write(
                "# our tokens\n\n"
                    + line("viewer", "client", "open", "")
                    + line("old", "client", "late", "2026-06-01T12:00:00Z")
                    + line("day", "admin", "day", "2026-06-02")));
    assertThat(tokens.find("open")).contains(new Client("viewer", Role.CLIENT));
    assertThat(tokens.find("day")).contains(new Client("day", Role.ADMIN));
    assertThat(tokens.find("late")).isEmpty();
    assertThat(tokens.find("other")).isEmpty();
    assertThat(tokens.find(TokenFile.sha256("open"))).isEmpty();
  }

  @Test
  void rotatesWhenTheFileChanges() throws IOException {
    TokenFile tokens = open(write(line("a", "client", "first", "")));
    write(line("a", "client", "first", "") + line("a2", "client", "second", ""));
    assertThat(tokens.find("second")).isPresent();
    assertThat(tokens.find("first")).isPresent();
    write(line("a2", "client", "second", ""));
    assertThat(tokens.find("first")).isEmpty();
    assertThat(tokens.find("second")).isPresent();
  }

  @Test
  void keepsTheOldTokensWhereTheNewFileIsWrong() throws IOException {
    Path file = write(line("a", "client", "first", ""));
    TokenFile tokens = open(file);
    write("nonsense\n");
    assertThat(tokens.find("first")).isPresent();
    Files.delete(file);
    assertThat(tokens.find("first")).isPresent();
    write(line("b", "client", "second", ""));
    assertThat(tokens.find("first")).isEmpty();
    assertThat(tokens.find("second")).isPresent();
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      textBlock =
          """
          secret-token                       | tokens:1: (expected: NAME ROLE SHA256 [EXPIRY])
          a client secret-token              | tokens:1: no SHA-256
          a chief 00                         | tokens:1: no SHA-256
          a chief DIGEST                     | tokens:1: unknown role
          a client DIGEST tomorrow           | tokens:1: no date
          # nothing                          | tokens: holds no token
          """)
  void namesTheLineOfAMistakeAndNeverItsContent(String line, String message) throws IOException {
    Path file = write(line.replace("DIGEST", "0".repeat(64)) + "\n");
    assertThatThrownBy(() -> open(file))
        .isInstanceOf(InvalidInputException.class)
        .hasMessageContaining(message)
        .hasMessageNotContaining("secret-token");
  }
}
