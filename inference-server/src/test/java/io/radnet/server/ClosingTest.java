package io.radnet.server;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.logging.Handler;
import java.util.logging.LogRecord;
import java.util.logging.Logger;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A server that is closed twice, as by a signal and by the command that it ends. */
final class ClosingTest {
  /** Held here: the log manager keeps loggers weakly. */
  private static final Logger GRPC = Logger.getLogger("io.grpc");

  private static final class Records extends Handler {
    private final List<String> messages = new CopyOnWriteArrayList<>();

    @Override
    public void publish(LogRecord record) {
      messages.add(record.getLoggerName() + ": " + record.getMessage());
    }

    @Override
    public void flush() {}

    @Override
    public void close() {}
  }

  @Test
  void theSecondTimeSaysNothing(@TempDir Path repository) throws IOException {
    TestModels.threshold(repository, "bright", 1);
    RadNetServer server = RadNetServer.start(ServerConfig.of(repository));
    Records records = new Records();
    GRPC.addHandler(records);
    try {
      server.close();
      server.close();
    } finally {
      GRPC.removeHandler(records);
    }
    assertThat(records.messages).noneMatch(message -> message.contains("HealthService"));
  }
}
