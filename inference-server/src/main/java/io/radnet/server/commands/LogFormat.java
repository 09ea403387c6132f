package io.radnet.server.commands;

import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.LoggerContext;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.core.Appender;
import ch.qos.logback.core.OutputStreamAppender;
import ch.qos.logback.core.encoder.Encoder;
import io.radnet.server.telemetry.JsonLines;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.Map;
import org.slf4j.LoggerFactory;

/** How log lines are written while a server runs; closing it restores what was before. */
final class LogFormat implements AutoCloseable {
  private final Map<OutputStreamAppender<ILoggingEvent>, Encoder<ILoggingEvent>> before =
      new LinkedHashMap<>();

  private LogFormat() {}

  static LogFormat unchanged() {
    return new LogFormat();
  }

  /** One JSON object per line, on the same appenders as before. */
  static LogFormat json() {
    LogFormat format = new LogFormat();
    if (LoggerFactory.getLogger(org.slf4j.Logger.ROOT_LOGGER_NAME) instanceof Logger root) {
      LoggerContext context = root.getLoggerContext();
      for (Iterator<Appender<ILoggingEvent>> all = root.iteratorForAppenders(); all.hasNext(); ) {
        if (all.next() instanceof OutputStreamAppender<ILoggingEvent> appender) {
          format.before.put(appender, appender.getEncoder());
          JsonLines lines = new JsonLines();
          lines.setContext(context);
          lines.start();
          appender.setEncoder(lines);
        }
      }
    }
    return format;
  }

  @Override
  public void close() {
    before.forEach(OutputStreamAppender::setEncoder);
  }
}
