package io.radnet.imaging.dicom;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.charset.StandardCharsets;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Texts are the public examples of PS3.5 annexes H, I, J and K. */
class CharacterSetTest {
  @ParameterizedTest
  @CsvSource(
      quoteCharacter = '"',
      value = {
        "ISO_IR 100, Buc^J\\xe9r\\xf4me, Buc^Jérôme",
        "ISO-IR 100, Buc^J\\xe9r\\xf4me, Buc^Jérôme",
        "ISO_IR 144, \\xbb\\xee\\xda\\x63\\x65, Люкce",
        "ISO_IR 126, \\xc4\\xe9\\xef, Διο",
        "ISO_IR 192, \\xe7\\x8e\\x8b, 王",
        "GB18030, \\xcd\\xf5^\\xd0\\xa1\\xb6\\xab, 王^小东",
        "\\ISO 2022 IR 87, Yamada=\\x1b$B;3ED\\x1b(B^\\x1b$BB@O:\\x1b(B, Yamada=山田^太郎",
        "ISO 2022 IR 13\\ISO 2022 IR 87, \\xd4\\xcf\\xc0\\xde=\\x1b$B;3ED\\x1b(J, ﾔﾏﾀﾞ=山田",
        "\\ISO 2022 IR 149, Hong=\\x1b$)C\\xfb\\xf3^\\x1b$)C\\xd1\\xce\\xd4\\xd7, Hong=洪^吉洞",
        "\\ISO 2022 IR 126, A=\\x1b-F\\xc4\\xe9, A=Δι",
        "not a name, \\xe9, é"
      })
  void decodes(String name, String escaped, String expected) {
    byte[] bytes = bytes(escaped);
    assertThat(CharacterSet.of(name).decode(bytes, 0, bytes.length)).isEqualTo(expected);
  }

  private static byte[] bytes(String escaped) {
    StringBuilder plain = new StringBuilder();
    for (int i = 0; i < escaped.length(); i++) {
      if (escaped.startsWith("\\x", i)) {
        plain.append((char) Integer.parseInt(escaped, i + 2, i + 4, 16));
        i += 3;
      } else {
        plain.append(escaped.charAt(i));
      }
    }
    return plain.toString().getBytes(StandardCharsets.ISO_8859_1);
  }
}
