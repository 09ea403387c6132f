package io.radnet.server;

import java.util.concurrent.CompletionException;
import java.util.concurrent.ExecutionException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** One line per request: call, model, outcome, time. Nothing of the patient. */
final class RequestLog {
  private static final Logger LOG = LoggerFactory.getLogger("io.radnet.server.requests");
  private static final int ID_LENGTH = 64;

  void succeeded(String call, String model, String id, long start) {
    LOG.info("{} model={} id={} OK {} ms", call, model, printable(id), millis(start));
  }

  void failed(String call, String model, String id, long start, Throwable failure) {
    String message = String.valueOf(Statuses.of(failure).getDescription());
    if (Statuses.unexpected(failure)) {
      LOG.error(
          "{} model={} id={} INTERNAL {} ms", call, model, printable(id), millis(start), failure);
    } else {
      LOG.info(
          "{} model={} id={} {} {} ms: {}",
          call,
          printable(model),
          printable(id),
          Statuses.of(failure).getCode(),
          millis(start),
          message);
    }
  }

  /** The failure inside the wrappers that futures put around it. */
  static Throwable cause(Throwable failure) {
    Throwable cause = failure;
    while ((cause instanceof CompletionException || cause instanceof ExecutionException)
        && cause.getCause() != null) {
      cause = cause.getCause();
    }
    return cause;
  }

  /** A line break in an identifier must not forge a line of the log. */
  private static String printable(String id) {
    String cut = id.length() > ID_LENGTH ? id.substring(0, ID_LENGTH) : id;
    return cut.isEmpty() ? "-" : cut.replaceAll("[^\\x21-\\x7e]", "?");
  }

  private static long millis(long start) {
    return (System.nanoTime() - start) / 1_000_000;
  }
}
