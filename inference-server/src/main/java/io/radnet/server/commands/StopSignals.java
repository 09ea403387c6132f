package io.radnet.server.commands;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicBoolean;
import sun.misc.Signal;
import sun.misc.SignalHandler;

/**
 * Turns SIGTERM and SIGINT into an orderly end of the command. A shutdown hook would not do: while
 * hooks run, the exit code is already 143 (or 130), and {@code Runtime.halt(0)} at the end of one
 * would skip the deletion of the native libraries that ONNX Runtime has unpacked. With a handler
 * the command returns as usual, with exit code 0. A second signal ends the process at once.
 */
final class StopSignals implements AutoCloseable {
  private static final int IMPATIENT = 1;

  private record Replaced(Signal signal, SignalHandler before) {}

  private final List<Replaced> replaced = new ArrayList<>();

  private StopSignals() {}

  static StopSignals handle(Runnable stop) {
    StopSignals signals = new StopSignals();
    AtomicBoolean stopping = new AtomicBoolean();
    SignalHandler handler =
        signal -> {
          if (stopping.compareAndSet(false, true)) {
            new Thread(stop, "stop").start();
          } else {
            Runtime.getRuntime().halt(IMPATIENT);
          }
        };
    for (String name : List.of("TERM", "INT")) {
      try {
        Signal signal = new Signal(name);
        signals.replaced.add(new Replaced(signal, Signal.handle(signal, handler)));
      } catch (IllegalArgumentException unavailable) {
        // The machine's owner has taken the signal away (java -Xrs), or the system has none.
        Runtime.getRuntime().addShutdownHook(new Thread(stop, "stop"));
      }
    }
    return signals;
  }

  @Override
  public void close() {
    replaced.forEach(each -> Signal.handle(each.signal(), each.before()));
  }
}
