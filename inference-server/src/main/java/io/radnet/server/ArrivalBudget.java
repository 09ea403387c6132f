package io.radnet.server;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * What requests hold before they are read: the bytes that have come of them, complete or not. Where
 * those run short, requests that began later and are not complete give way to those that began
 * earlier, as scans do (see {@code ScanBudget}): otherwise requests that came in part would keep
 * the room from each other.
 *
 * @param <K> a request
 */
final class ArrivalBudget<K> {
  private final long limit;
  private final Map<K, Long> arriving = new LinkedHashMap<>();
  private final Map<K, Long> complete = new LinkedHashMap<>();
  private long bytes;

  /**
   * @param limit bytes of all requests together
   */
  ArrivalBudget(long limit) {
    this.limit = limit;
  }

  /** A request will come; those that begin after it are younger. */
  synchronized void begin(K request) {
    arriving.putIfAbsent(request, 0L);
  }

  /**
   * More of a request has come.
   *
   * @return the requests that give way and hold nothing from now on, {@code request} or younger
   *     ones
   */
  synchronized List<K> add(K request, long more) {
    arriving.merge(request, more, Long::sum);
    bytes += more;
    if (bytes <= limit) {
      return List.of();
    }
    List<K> younger = new ArrayList<>();
    long held = 0;
    for (Map.Entry<K, Long> each : arriving.entrySet()) {
      if (each.getKey() == request) {
        younger.clear();
        held = 0;
      } else if (each.getValue() > 0) {
        younger.add(each.getKey());
        held += each.getValue();
      }
    }
    List<K> giveWay = new ArrayList<>();
    if (held < bytes - limit) {
      giveWay.add(request);
      release(request);
    }
    for (int n = younger.size() - 1; bytes > limit && n >= 0; n--) {
      giveWay.add(younger.get(n));
      release(younger.get(n));
    }
    return giveWay;
  }

  /** All of the request has come; it gives way no more. */
  synchronized void complete(K request) {
    Long held = arriving.remove(request);
    if (held != null) {
      complete.put(request, held);
    }
  }

  /** The request was read, or will not be. */
  synchronized void release(K request) {
    Long part = arriving.remove(request);
    Long whole = complete.remove(request);
    bytes -= (part == null ? 0 : part) + (whole == null ? 0 : whole);
  }

  /** Bytes that are held now. */
  synchronized long bytes() {
    return bytes;
  }
}
