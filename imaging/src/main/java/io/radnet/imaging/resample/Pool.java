package io.radnet.imaging.resample;

import java.util.ArrayDeque;
import java.util.function.Supplier;

/**
 * What a call needs and the next one can use again; safe for several threads. Once as many things
 * exist as calls run at once, taking and giving back allocates nothing.
 */
final class Pool<T> {
  private final ArrayDeque<T> free = new ArrayDeque<>();
  private final Supplier<T> maker;

  Pool(Supplier<T> maker) {
    this.maker = maker;
  }

  /** One that is free, or a new one. */
  T take() {
    synchronized (free) {
      if (!free.isEmpty()) {
        return free.pop();
      }
    }
    return maker.get();
  }

  /** Gives back what {@link #take} gave. */
  void give(T used) {
    synchronized (free) {
      free.push(used);
    }
  }
}
