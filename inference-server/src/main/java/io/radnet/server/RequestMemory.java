package io.radnet.server;

import com.github.benmanes.caffeine.cache.Cache;
import com.github.benmanes.caffeine.cache.Caffeine;
import io.radnet.proto.inference.ModelInferRequest;
import java.nio.ByteBuffer;
import java.util.ArrayDeque;
import java.util.Iterator;

/**
 * Native memory for large requests, used again: left to the garbage collector, which does not see
 * how much it is, it would grow under load. Safe for several threads.
 */
final class RequestMemory {
  /** What is kept for later: as much as a few large tensors. */
  private static final long MOST_KEPT = 64L << 20;

  private final ArrayDeque<ByteBuffer> free = new ArrayDeque<>();
  private long kept;

  /** Weak, so that a call which ends before its request is looked at leaves nothing behind. */
  private final Cache<ModelInferRequest, ByteBuffer> lent =
      Caffeine.newBuilder().weakKeys().build();

  /** Direct memory of at least that many bytes; what it holds is undefined. */
  ByteBuffer take(int bytes) {
    synchronized (this) {
      for (Iterator<ByteBuffer> each = free.iterator(); each.hasNext(); ) {
        ByteBuffer memory = each.next();
        // Not many times too large, or small requests would keep the large memory to themselves.
        if (memory.capacity() >= bytes && memory.capacity() / 2 <= bytes) {
          each.remove();
          kept -= memory.capacity();
          return memory.clear();
        }
      }
    }
    return ByteBuffer.allocateDirect(bytes);
  }

  /** Remembers that a request's tensors lie in memory that was taken. */
  void lend(ModelInferRequest request, ByteBuffer memory) {
    lent.put(request, memory);
  }

  /** The request was answered: nothing reads its tensors any more. */
  void release(ModelInferRequest request) {
    ByteBuffer memory = lent.asMap().remove(request);
    if (memory == null) {
      return;
    }
    synchronized (this) {
      if (kept + memory.capacity() <= MOST_KEPT) {
        free.addFirst(memory);
        kept += memory.capacity();
      }
    }
  }
}
