package io.radnet.server.web;

import java.util.LinkedHashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * How far each upload of a page has come, under the random name that the page gave it. A page whose
 * question reaches another replica learns nothing and shows a bar without a number.
 */
final class ProgressBoard {
  private static final int MOST = 1000;

  /** Windows, all and done. */
  record Windows(int all, int done) {}

  private final Map<String, Windows> jobs =
      new LinkedHashMap<>() {
        private static final long serialVersionUID = 1L;

        @Override
        protected boolean removeEldestEntry(Map.Entry<String, Windows> eldest) {
          return size() > MOST;
        }
      };

  synchronized void put(String job, int all, int done) {
    if (!job.isEmpty()) {
      jobs.put(job, new Windows(all, done));
    }
  }

  synchronized @Nullable Windows get(String job) {
    return jobs.get(job);
  }

  synchronized void remove(String job) {
    jobs.remove(job);
  }
}
