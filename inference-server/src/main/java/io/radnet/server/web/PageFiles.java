package io.radnet.server.web;

import io.radnet.server.HttpEndpoint.Answer;
import java.io.IOException;
import java.io.InputStream;
import java.util.Map;
import java.util.Optional;

/** The files of the page. Only those of this list exist, so no path leads anywhere else. */
final class PageFiles {
  private static final String SCRIPT = "text/javascript; charset=utf-8";
  private static final Map<String, String> TYPES =
      Map.of(
          "index.html", "text/html; charset=utf-8",
          "style.css", "text/css; charset=utf-8",
          "icon.svg", "image/svg+xml",
          "page.js", SCRIPT,
          "server.js", SCRIPT,
          "dicom.js", SCRIPT,
          "viewer.js", SCRIPT,
          "findings.js", SCRIPT);

  /** Everything from here and nothing from elsewhere, no inline script, in nobody's frame. */
  static final Map<String, String> HEADERS =
      Map.of(
          "Content-Security-Policy",
          "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self'; "
              + "connect-src 'self'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'",
          "Referrer-Policy",
          "no-referrer",
          "Cross-Origin-Opener-Policy",
          "same-origin",
          "Cross-Origin-Resource-Policy",
          "same-origin",
          "Permissions-Policy",
          "camera=(), geolocation=(), microphone=()",
          "Cache-Control",
          "no-cache");

  private PageFiles() {}

  /** The file at a path such as {@code /style.css}; empty where there is none. */
  static Optional<Answer> find(String path) throws IOException {
    String name = path.equals("/") ? "index.html" : path.substring(1);
    String type = TYPES.get(name);
    if (type == null) {
      return Optional.empty();
    }
    try (InputStream in = PageFiles.class.getResourceAsStream(name)) {
      if (in == null) {
        throw new IllegalStateException("the build has left out the page's file " + name);
      }
      return Optional.of(new Answer(200, type, in.readAllBytes(), HEADERS));
    }
  }
}
