package io.radnet.trainer.training;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.ArrayList;
import java.util.List;

/** Finds native memory that is used after nothing in Java refers to it. */
public final class Garbage {
  private Garbage() {}

  /** Frees what nothing refers to, and fills the freed memory with values that are no numbers. */
  public static void collect() {
    for (int round = 0; round < 5; round++) {
      System.gc();
      List<ByteBuffer> filled = new ArrayList<>();
      for (int i = 0; i < 20_000; i++) {
        ByteBuffer buffer = ByteBuffer.allocateDirect(4).order(ByteOrder.nativeOrder());
        buffer.putFloat(0, Float.NaN);
        filled.add(buffer);
      }
      assertThat(filled).hasSize(20_000);
    }
  }
}
