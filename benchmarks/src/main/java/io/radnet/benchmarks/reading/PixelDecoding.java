package io.radnet.benchmarks.reading;

import io.radnet.benchmarks.suite.AtHand;
import io.radnet.benchmarks.suite.Peer;
import io.radnet.benchmarks.suite.Quick;
import io.radnet.imaging.dicom.DicomFile;
import io.radnet.imaging.dicom.DicomReader;
import io.radnet.imaging.dicom.InstanceSource;
import io.radnet.imaging.dicom.PixelDecoder;
import io.radnet.imaging.dicom.PixelFrame;
import io.radnet.imaging.dicom.Tag;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;
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
import org.openjdk.jmh.annotations.Warmup;

/**
 * Frames per second, from the bytes of a file in memory to stored values, header included. Of each
 * coding the largest image at hand; {@code megabytes} counts decoded pixels as they are allocated
 * in the file.
 */
@State(Scope.Benchmark)
@BenchmarkMode(Mode.Throughput)
@OutputTimeUnit(TimeUnit.SECONDS)
@Fork(1)
@Warmup(iterations = 4, time = 1)
@Measurement(iterations = 5, time = 1)
@Peer(
    script = "pixels.py",
    packages = {"python3-pydicom", "python3-pil", "python3-gdcm"},
    scans = true)
public class PixelDecoding {
  /** How the pixels are stored. */
  @Param({"native", "rle", "jpeg", "jpeg-lossless", "jpeg-ls", "jpeg-2000"})
  @Quick("native")
  @AtHand(Codings.class)
  public String coding = "native";

  private InstanceSource source = new InstanceSource.Memory("", new byte[0]);
  private double megabytes;

  /** Codings of which there is a file. */
  public static final class Codings implements Supplier<List<String>> {
    @Override
    public List<String> get() {
      return ScanFiles.codings("frames");
    }
  }

  /** Counts pixels. */
  @AuxCounters
  @State(Scope.Thread)
  public static class Count {
    /** Decoded pixels. */
    public double megabytes;
  }

  /** Reads the file. */
  @Setup
  public void prepare() throws IOException {
    Path file = ScanFiles.folder().resolve("frames").resolve(coding + ".dcm");
    source = new InstanceSource.Memory(coding, Files.readAllBytes(file));
    DicomFile read = DicomReader.read(source);
    int bytes = (read.dataset().integer(Tag.BITS_ALLOCATED).orElse(8) + 7) / 8;
    megabytes = PixelDecoder.frame(read, 0).values().length * (double) bytes / 1e6;
  }

  /** One frame. */
  @Benchmark
  public PixelFrame frame(Count count) {
    count.megabytes += megabytes;
    return PixelDecoder.frame(DicomReader.read(source), 0);
  }
}
