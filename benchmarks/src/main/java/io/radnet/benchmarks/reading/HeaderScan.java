package io.radnet.benchmarks.reading;

import io.radnet.benchmarks.suite.Peer;
import io.radnet.benchmarks.suite.Quick;
import io.radnet.imaging.series.ScanResult;
import io.radnet.imaging.series.SeriesScanner;
import java.io.FileInputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.FileVisitResult;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.SimpleFileVisitor;
import java.nio.file.attribute.BasicFileAttributes;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.FutureTask;
import java.util.concurrent.TimeUnit;
import org.openjdk.jmh.annotations.AuxCounters;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Fork;
import org.openjdk.jmh.annotations.Measurement;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.TearDown;
import org.openjdk.jmh.annotations.Warmup;

/**
 * Whole trees per second: walk, read every header up to the pixels, group to series. The files are
 * in the page cache. The floor does the same system calls and parses nothing: walk, open, read 8
 * KiB, close.
 */
@State(Scope.Benchmark)
@BenchmarkMode(Mode.Throughput)
@OutputTimeUnit(TimeUnit.SECONDS)
@Fork(1)
@Warmup(iterations = 4, time = 3)
@Measurement(iterations = 8, time = 2)
@Peer(
    script = "headers.py",
    packages = {"python3-pydicom"},
    scans = true)
public class HeaderScan {
  private static final int BATCH = 64;
  private static final int HEAD = 8192;

  /** Least number of files in the tree. */
  @Param("20000")
  @Quick("500")
  public int files = 500;

  /** Threads in all. */
  @Param({"1", "2"})
  @Quick("2")
  public int threads = 1;

  private Path tree = Path.of(".");
  private ExecutorService executor = Executors.newSingleThreadExecutor();

  /** Counts files. */
  @AuxCounters
  @State(Scope.Thread)
  public static class Count {
    /** Files that were found. */
    public long files;
  }

  /** Makes the tree. */
  @Setup
  public void prepare() {
    tree = ScanFiles.tree(files);
  }

  /** Our reader. */
  @Benchmark
  public ScanResult scan(Count count) {
    ScanResult result = SeriesScanner.scan(List.of(tree), threads);
    count.files += result.files();
    return result;
  }

  /** The system calls alone, batches of files shared out as in our reader. */
  @Benchmark
  public long floor(Count count) throws IOException, InterruptedException, ExecutionException {
    List<FutureTask<Long>> tasks = new ArrayList<>();
    List<Path> batch = new ArrayList<>(BATCH);
    Files.walkFileTree(
        tree,
        new SimpleFileVisitor<>() {
          @Override
          public FileVisitResult visitFile(Path file, BasicFileAttributes attributes) {
            batch.add(file);
            if (batch.size() == BATCH) {
              tasks.add(submit(List.copyOf(batch)));
              batch.clear();
            }
            return FileVisitResult.CONTINUE;
          }
        });
    tasks.add(submit(List.copyOf(batch)));
    tasks.forEach(FutureTask::run);
    long bytes = 0;
    for (FutureTask<Long> task : tasks) {
      bytes += task.get();
    }
    count.files += (tasks.size() - 1L) * BATCH + batch.size();
    return bytes;
  }

  private FutureTask<Long> submit(List<Path> batch) {
    FutureTask<Long> task = new FutureTask<>(() -> read(batch));
    if (threads > 1) {
      executor.execute(task);
    }
    return task;
  }

  private static long read(List<Path> batch) {
    byte[] head = new byte[HEAD];
    long bytes = 0;
    for (Path file : batch) {
      try (FileInputStream in = new FileInputStream(file.toFile())) {
        bytes += in.read(head);
      } catch (IOException failure) {
        throw new UncheckedIOException(failure);
      }
    }
    return bytes;
  }

  /** Stops the second thread. */
  @TearDown
  public void stop() {
    executor.shutdown();
  }
}
