package io.radnet.imaging.series;

import io.radnet.imaging.InvalidInputException;
import io.radnet.imaging.dicom.InstanceSource;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.FutureTask;
import java.util.function.LongConsumer;

/**
 * Reads headers in batches while the names of further files still come in. The thread that finds
 * the files is one of the readers as soon as it has found them all, so that listing a large tree
 * does not hold the others up.
 */
final class HeaderReading implements AutoCloseable {
  private static final int BATCH = 64;

  private record Named(InstanceSource source, String path) {}

  /** Instances, and the files that are none with the reason why. */
  record Outcome(List<Instance> instances, List<Skipped> skipped, long files) {}

  private final ExecutorService pool;
  private final boolean alone;
  private final LongConsumer progress;
  private final List<FutureTask<Outcome>> batches = new ArrayList<>();
  private List<Named> batch = new ArrayList<>(BATCH);
  private long files;

  /**
   * Starts reading.
   *
   * @param threads that read, the caller's among them
   * @param progress is told how many files more are done, from several threads
   */
  HeaderReading(int threads, LongConsumer progress) {
    alone = threads <= 1;
    pool = Executors.newFixedThreadPool(Math.max(1, threads - 1));
    this.progress = progress;
  }

  /**
   * Adds an object.
   *
   * @param path as messages name it
   */
  void add(InstanceSource source, String path) {
    batch.add(new Named(source, path));
    files++;
    if (batch.size() == BATCH) {
      submit();
    }
  }

  private void submit() {
    List<Named> full = batch;
    batch = new ArrayList<>(BATCH);
    FutureTask<Outcome> task =
        new FutureTask<>(
            () -> {
              Outcome outcome = read(full);
              progress.accept(full.size());
              return outcome;
            });
    batches.add(task);
    if (!alone) {
      pool.execute(task);
    }
  }

  /** Reads what is left, and waits; the skipped files are in the order of their paths. */
  Outcome finish() {
    submit();
    List<Instance> instances = new ArrayList<>();
    List<Skipped> skipped = new ArrayList<>();
    try {
      for (FutureTask<Outcome> task : batches) {
        task.run(); // nothing where another thread has begun it
      }
      for (FutureTask<Outcome> task : batches) {
        Outcome outcome = task.get();
        instances.addAll(outcome.instances());
        skipped.addAll(outcome.skipped());
      }
    } catch (InterruptedException interrupted) {
      Thread.currentThread().interrupt();
      throw new IllegalStateException("interrupted while reading headers", interrupted);
    } catch (ExecutionException failure) {
      throw failure.getCause() instanceof RuntimeException cause
          ? cause
          : new IllegalStateException(failure.getCause());
    }
    skipped.sort(Comparator.comparing(Skipped::file));
    return new Outcome(instances, skipped, files);
  }

  /** Gives up what was not begun. */
  @Override
  public void close() {
    pool.shutdownNow();
  }

  private static Outcome read(List<Named> batch) {
    List<Instance> instances = new ArrayList<>(batch.size());
    List<Skipped> skipped = new ArrayList<>();
    for (Named named : batch) {
      try {
        Instance instance = Instance.read(named.source(), named.path());
        if (instance.directory()) {
          continue; // a DICOMDIR: what it lists is found without it
        }
        if (instance.sopClassUid().isEmpty()
            && instance.modality().isEmpty()
            && instance.frames().isEmpty()) {
          skipped.add(new Skipped(named.path(), "no SOP class, no modality and no image"));
        } else {
          instances.add(instance);
        }
      } catch (InvalidInputException invalid) {
        String message = String.valueOf(invalid.getMessage());
        String prefix = named.source().name() + ": ";
        skipped.add(
            new Skipped(
                named.path(),
                message.startsWith(prefix) ? message.substring(prefix.length()) : message));
      } catch (RuntimeException unforeseen) {
        // One file must not end an archive; a message of somebody else's may hold anything.
        skipped.add(new Skipped(named.path(), unforeseen.getClass().getSimpleName()));
      }
    }
    return new Outcome(instances, skipped, batch.size());
  }
}
