package io.radnet.server.web;

import com.sun.net.httpserver.HttpExchange;
import io.radnet.server.HttpEndpoint;
import io.radnet.server.HttpEndpoint.Answer;
import io.radnet.server.model.RequestException;
import io.radnet.server.model.RequestException.Reason;
import io.radnet.server.scan.ReceivedScan;
import io.radnet.server.scan.ScanReceiver;
import io.radnet.server.scan.ScanView;
import io.radnet.server.security.Permission;
import java.io.IOException;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;

/** The page and what it asks: its files, the server's state, and the answers to a scan. */
public final class WebService implements HttpEndpoint.Handler {
  private static final String STATUS = "/web/status";
  private static final String SCAN = "/web/scan";
  private static final String PROGRESS = "/web/progress";

  private final WebScans scans;
  private final ProgressBoard board = new ProgressBoard();

  /** A page in front of a server. */
  public WebService(WebScans scans) {
    this.scans = scans;
  }

  @Override
  public Permission needs(String method, String path) {
    return switch (path) {
      case STATUS, PROGRESS -> Permission.INSPECT;
      case SCAN -> Permission.INFER;
      default -> Permission.NONE;
    };
  }

  @Override
  public Answer handle(HttpExchange exchange) throws IOException {
    String path = exchange.getRequestURI().getPath();
    boolean post = exchange.getRequestMethod().equals("POST");
    if (path.equals(SCAN) != post) {
      return Answer.text(405, "text/plain; charset=utf-8", "this address has another method\n");
    }
    return switch (path) {
      case STATUS -> Answer.json(200, scans.status());
      case PROGRESS -> progress(query(exchange).getOrDefault("job", ""));
      case SCAN -> scan(exchange);
      default -> {
        Optional<Answer> file = PageFiles.find(path);
        if (file.isEmpty()) {
          throw new RequestException(Reason.NOT_FOUND, "no such address");
        }
        yield file.get();
      }
    };
  }

  private Answer progress(String job) {
    ProgressBoard.Windows windows = board.get(job);
    return Answer.json(
        200,
        windows == null
            ? "{}"
            : "{\"windows\":" + windows.all() + ",\"done\":" + windows.done() + "}");
  }

  private Answer scan(HttpExchange exchange) throws IOException {
    Map<String, String> query = query(exchange);
    String kind = query.getOrDefault("kind", "");
    String job = query.getOrDefault("job", "");
    if (!kind.equals("dicom") && !kind.equals("nifti")) {
      throw new RequestException(Reason.INVALID, "kind (expected: dicom or nifti)");
    }
    if (!job.matches("[0-9a-f]{0,64}")) {
      throw new RequestException(Reason.INVALID, "job (expected: hexadecimal digits)");
    }
    try (ScanReceiver receiver = scans.receiver()) {
      ReceivedScan scan = Upload.read(exchange.getRequestBody(), kind.equals("dicom"), receiver);
      ScanView view =
          scans.view(
              scan,
              query.getOrDefault("segmentation", ""),
              query.getOrDefault("labels", ""),
              (all, done) -> board.put(job, all, done));
      return new Answer(200, "application/octet-stream", ViewAnswer.of(view));
    } finally {
      board.remove(job);
    }
  }

  /** Names of models are the only values with other characters than letters and digits. */
  private static Map<String, String> query(HttpExchange exchange) {
    Map<String, String> values = new HashMap<>();
    String query = exchange.getRequestURI().getQuery();
    if (query != null) {
      for (String pair : query.split("&", -1)) {
        int equals = pair.indexOf('=');
        if (equals > 0) {
          values.put(pair.substring(0, equals), pair.substring(equals + 1));
        }
      }
    }
    return values;
  }
}
