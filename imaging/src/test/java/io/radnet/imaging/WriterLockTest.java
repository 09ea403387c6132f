package io.radnet.imaging;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class WriterLockTest {
  @TempDir private Path folder;

  /** Takes the lock that it is given, says so, and keeps it until it is killed. */
  static final class Holder {
    private Holder() {}

    public static void main(String[] args) throws Exception {
      try (WriterLock lock = WriterLock.take(Path.of(args[0]), Path.of("target"))) {
        System.out.println("taken " + lock.hashCode());
        Thread.sleep(Long.MAX_VALUE);
      }
    }
  }

  private static Process holder(Path file) throws IOException {
    return new ProcessBuilder(
            Path.of(System.getProperty("java.home"), "bin", "java").toString(),
            "-cp",
            System.getProperty("java.class.path"),
            Holder.class.getName(),
            file.toString())
        .redirectError(ProcessBuilder.Redirect.DISCARD)
        .start();
  }

  @Test
  void aSecondProcessIsRefusedUntilTheFirstIsKilled() throws Exception {
    Path file = WriterLock.inside(folder.resolve("new"));
    Process holder = holder(file);
    try {
      assertThat(holder.inputReader().readLine()).startsWith("taken");
      assertThatThrownBy(() -> WriterLock.take(file, Path.of("out/run")))
          .isInstanceOf(InvalidInputException.class)
          .hasMessageStartingWith("out/run: another radnet is writing it");
    } finally {
      holder.destroyForcibly().waitFor();
    }
    assertThat(file).exists();
    try (WriterLock own = WriterLock.take(file, folder)) {
      assertThat(own).isNotNull();
      // A second attempt of this process fails, and takes nothing from the first.
      assertThatThrownBy(() -> WriterLock.take(file, folder))
          .isInstanceOf(InvalidInputException.class);
      Process second = holder(file);
      assertThat(second.inputReader().readLine()).isNull();
      assertThat(second.waitFor()).isNotZero();
    }
    assertThat(file).doesNotExist();
  }

  @Test
  void oneProcessHasItOnceToo() throws IOException {
    Path file = WriterLock.beside(folder.resolve("rows.jsonl"));
    try (WriterLock first = WriterLock.take(file, folder)) {
      assertThat(first).isNotNull();
      assertThatThrownBy(() -> WriterLock.take(file, folder))
          .isInstanceOf(InvalidInputException.class);
    }
    WriterLock.take(file, folder).close();
  }

  @Test
  void aLinkToNothingIsRefused() throws IOException {
    Path file = WriterLock.inside(folder);
    Files.createSymbolicLink(file, folder.resolve("gone"));
    assertThatThrownBy(() -> WriterLock.take(file, folder))
        .isInstanceOf(InvalidInputException.class)
        .hasMessageEndingWith("is a link to a file that is not there (delete the link)");
  }

  /** Also where one takes it while another gives it back, and the file with it. */
  @Test
  void neverTwoAtATime() throws Exception {
    Path file = WriterLock.beside(folder.resolve("rows.jsonl"));
    AtomicInteger holders = new AtomicInteger();
    AtomicInteger taken = new AtomicInteger();
    CompletableFuture<?>[] threads = new CompletableFuture<?>[4];
    for (int t = 0; t < threads.length; t++) {
      threads[t] =
          CompletableFuture.runAsync(
              () -> {
                for (int n = 0; n < 500; n++) {
                  try (WriterLock lock = WriterLock.take(file, folder)) {
                    assertThat(holders.incrementAndGet()).isEqualTo(1);
                    taken.incrementAndGet();
                    holders.decrementAndGet();
                    assertThat(lock).isNotNull();
                  } catch (InvalidInputException busy) {
                    Thread.onSpinWait();
                  } catch (IOException failed) {
                    throw new java.io.UncheckedIOException(failed);
                  }
                }
              });
    }
    try {
      CompletableFuture.allOf(threads).get();
    } catch (ExecutionException failed) {
      throw new AssertionError(failed.getCause());
    }
    assertThat(taken.get()).isPositive();
    assertThat(Files.exists(file)).isFalse();
  }
}
