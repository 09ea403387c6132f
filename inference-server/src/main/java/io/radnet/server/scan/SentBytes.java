package io.radnet.server.scan;

import com.google.protobuf.ByteString;

/**
 * Bytes of a scan as they were sent. They are handed out once, so that their memory is free when
 * the scan has been read and the network works on it.
 */
final class SentBytes {
  private ByteString bytes;
  private boolean taken;

  SentBytes(ByteString bytes) {
    this.bytes = bytes;
  }

  /** The bytes, which are not held here any more. */
  synchronized ByteString take() {
    if (taken) {
      throw new IllegalStateException("the bytes of a scan were read before");
    }
    ByteString all = bytes;
    bytes = ByteString.EMPTY;
    taken = true;
    return all;
  }
}
