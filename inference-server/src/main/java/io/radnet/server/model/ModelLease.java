package io.radnet.server.model;

import java.util.concurrent.atomic.AtomicBoolean;

/** A model in use; close it to give it back. */
public final class ModelLease implements AutoCloseable {
  private final ServedModel model;
  private final AtomicBoolean closed = new AtomicBoolean();

  ModelLease(ServedModel model) {
    this.model = model;
  }

  /** The model. */
  public ServedModel model() {
    return model;
  }

  @Override
  public void close() {
    if (closed.compareAndSet(false, true)) {
      model.release();
    }
  }
}
