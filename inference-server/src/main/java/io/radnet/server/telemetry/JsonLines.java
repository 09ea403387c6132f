package io.radnet.server.telemetry;

import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.classic.spi.IThrowableProxy;
import ch.qos.logback.core.encoder.EncoderBase;
import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonGenerator;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import org.slf4j.event.KeyValuePair;

/** Log events as JSON, one object per line; the fields of a request are fields of the object. */
public final class JsonLines extends EncoderBase<ILoggingEvent> {
  private final JsonFactory factory = new JsonFactory();

  @Override
  public byte[] headerBytes() {
    return new byte[0];
  }

  @Override
  public byte[] encode(ILoggingEvent event) {
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    try (JsonGenerator json = factory.createGenerator(bytes)) {
      json.writeStartObject();
      json.writeStringField("time", event.getInstant().toString());
      json.writeStringField("level", event.getLevel().toString());
      json.writeStringField("logger", event.getLoggerName());
      if (event.getKeyValuePairs() == null || event.getKeyValuePairs().isEmpty()) {
        json.writeStringField("message", event.getFormattedMessage());
      } else {
        for (KeyValuePair pair : event.getKeyValuePairs()) {
          if (pair.value instanceof Number number) {
            json.writeNumberField(pair.key, number.doubleValue());
          } else {
            json.writeStringField(pair.key, String.valueOf(pair.value));
          }
        }
      }
      IThrowableProxy failure = event.getThrowableProxy();
      if (failure != null) {
        // The message of an unexpected failure may hold anything, so only its kind is told.
        json.writeStringField("failure", failure.getClassName());
      }
      json.writeEndObject();
    } catch (IOException impossible) {
      throw new UncheckedIOException(impossible);
    }
    bytes.write('\n');
    return bytes.toByteArray();
  }

  @Override
  public byte[] footerBytes() {
    return new byte[0];
  }
}
