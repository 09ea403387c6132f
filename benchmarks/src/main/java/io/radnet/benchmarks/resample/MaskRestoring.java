package io.radnet.benchmarks.resample;

import io.radnet.benchmarks.suite.Quick;
import io.radnet.imaging.resample.ArgmaxPlan;
import io.radnet.imaging.resample.ResamplePlan;
import io.radnet.imaging.volume.Geometry;
import io.radnet.imaging.volume.Voxels;
import java.util.SplittableRandom;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
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
 * From a network's logits to the mask on the scan's grid: interpolation and choice of the class in
 * one pass ({@code fused}), beside interpolating the logits of each class at full size and choosing
 * then ({@code unfused}), which needs a float per voxel and class.
 */
@State(Scope.Benchmark)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.MILLISECONDS)
@Fork(value = 1, jvmArgsAppend = "--add-modules=jdk.incubator.vector")
@Warmup(iterations = 3, time = 1)
@Measurement(iterations = 5, time = 1)
public class MaskRestoring {
  /** Logits' grid and scan, depth x height x width. */
  @Param({"96x192x192:160x512x512", "48x192x192:64x256x256"})
  @Quick("48x192x192:64x256x256")
  public String grids = "48x192x192:64x256x256";

  /** Classes. */
  @Param({"2", "8"})
  @Quick("2")
  public int classes = 2;

  /** Threads in all. */
  @Param({"1", "2"})
  @Quick("2")
  public int threads = 1;

  private float[] logits = {};
  private byte[] labels = {};
  private float[] full = {};
  private Geometry source = Geometry.axisAligned(1, 1, 1, 1, 1, 1);
  private Geometry target = source;
  private ArgmaxPlan fused = ArgmaxPlan.of(source, source);
  private ResamplePlan unfused = ResamplePlan.of(source, source);
  private ExecutorService executor = Executors.newSingleThreadExecutor();

  /** Makes the plans and draws logits. */
  @Setup
  public void prepare() {
    int[] s = Resampling.sides(grids.substring(0, grids.indexOf(':')));
    int[] t = Resampling.sides(grids.substring(grids.indexOf(':') + 1));
    source = SameBox.divided(t, s);
    target = SameBox.divided(t, t);
    fused = ArgmaxPlan.of(source, target);
    unfused = ResamplePlan.of(source, target);
    SplittableRandom random = new SplittableRandom(1);
    logits = new float[(int) (classes * source.voxels())];
    for (int i = 0; i < logits.length; i++) {
      logits[i] = (float) random.nextDouble();
    }
    labels = new byte[(int) target.voxels()];
    full = new float[(int) (classes * target.voxels())];
  }

  /** One pass. */
  @Benchmark
  public byte[] fused() {
    fused.labels(logits, classes, labels, executor, threads);
    return labels;
  }

  /** Full-size logits, then the choice. */
  @Benchmark
  public byte[] unfused() {
    int small = (int) source.voxels();
    int large = labels.length;
    for (int c = 0; c < classes; c++) {
      Voxels plane =
          new Voxels.Float32(java.util.Arrays.copyOfRange(logits, c * small, (c + 1) * small));
      unfused.values(plane, 1, 0, 0, full, c * large, executor, threads);
    }
    for (int n = 0; n < large; n++) {
      int best = 0;
      for (int c = 1; c < classes; c++) {
        best = full[c * large + n] > full[best * large + n] ? c : best;
      }
      labels[n] = (byte) best;
    }
    return labels;
  }

  /** Stops the second thread. */
  @TearDown
  public void stop() {
    executor.shutdown();
  }
}
