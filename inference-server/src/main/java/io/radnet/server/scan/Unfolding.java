package io.radnet.server.scan;

import io.radnet.imaging.InvalidInputException;
import io.radnet.imaging.dicom.InstanceSource;
import io.radnet.server.model.RequestException;
import io.radnet.server.model.RequestException.Reason;
import java.util.function.LongConsumer;

/**
 * What the packed DICOM instances (gzip, deflated) of one scan unfold to, all together: few bytes
 * may claim any number. Reading stops at the limit. Safe for several threads.
 */
final class Unfolding {
  private final long limit;
  private long all;
  private boolean passed;

  Unfolding(long limit) {
    this.limit = limit;
  }

  /** The instance, whose unfolded bytes count once, however often it is read. */
  InstanceSource watch(InstanceSource instance) {
    return instance instanceof InstanceSource.Memory memory
        ? new InstanceSource.Memory(memory.name(), memory.bytes(), counter(memory.name()))
        : instance;
  }

  private LongConsumer counter(String name) {
    return new LongConsumer() {
      private long most;

      @Override
      public void accept(long bytes) {
        synchronized (Unfolding.this) {
          all += Math.max(0, bytes - most);
          most = Math.max(most, bytes);
          passed |= all > limit;
          if (passed) {
            throw new InvalidInputException(name, "unfolds to more than the scan may");
          }
        }
      }
    };
  }

  /**
   * @throws RequestException where the limit was passed
   */
  synchronized void check() {
    if (passed) {
      throw new RequestException(
          Reason.TOO_LARGE,
          "DICOM: unfolds to more than " + limit + " bytes (the configured limit)");
    }
  }
}
