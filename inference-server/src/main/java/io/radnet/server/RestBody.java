package io.radnet.server;

import com.sun.net.httpserver.HttpExchange;
import io.radnet.server.model.RequestException;
import io.radnet.server.model.RequestException.Reason;
import java.io.EOFException;
import java.io.FilterInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.util.Locale;
import java.util.zip.GZIPInputStream;
import java.util.zip.InflaterInputStream;
import java.util.zip.ZipException;

/** The body of an HTTP request, unfolded where it came packed. */
final class RestBody {
  private RestBody() {}

  /**
   * All of it.
   *
   * @param maxBytes that it may unfold to; no more than that is read
   * @throws RequestException where it is larger, or packed in a way that is not known or damaged
   */
  static byte[] read(HttpExchange exchange, int maxBytes) throws IOException {
    String coding = exchange.getRequestHeaders().getFirst("Content-Encoding");
    InputStream sent = new Kept(exchange.getRequestBody());
    try (InputStream in = unfolded(coding == null ? "" : coding, sent)) {
      byte[] body = in.readNBytes(maxBytes);
      if (in.read() >= 0) {
        throw new RequestException(
            Reason.TOO_LARGE, "body: more than " + maxBytes + " bytes (the configured limit)");
      }
      return body;
    } catch (ZipException | EOFException damaged) {
      throw new RequestException(
          Reason.INVALID, "body: cannot be unfolded as its Content-Encoding says");
    }
  }

  private static InputStream unfolded(String coding, InputStream body) throws IOException {
    return switch (coding.strip().toLowerCase(Locale.ROOT)) {
      case "", "identity" -> body;
      case "gzip" -> new GZIPInputStream(body);
      case "deflate" -> new InflaterInputStream(body);
      default ->
          throw new RequestException(
              Reason.UNSUPPORTED, "Content-Encoding: not known (expected: gzip, deflate or none)");
    };
  }

  /** Not read to its end where it is refused: first the sender gets its answer. */
  private static final class Kept extends FilterInputStream {
    Kept(InputStream body) {
      super(body);
    }

    @Override
    public void close() {
      // The exchange closes it.
    }
  }
}
