package io.radnet.benchmarks.resample;

import io.radnet.benchmarks.suite.Peer;
import io.radnet.benchmarks.suite.Quick;
import io.radnet.imaging.resample.Interpolation;
import io.radnet.imaging.resample.ResamplePlan;
import io.radnet.imaging.volume.Affine;
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
 * Resampling of int16 voxels to a grid that is turned by 20 and 10 degrees against the scan: the
 * general affine case, rescale and window included.
 */
@State(Scope.Benchmark)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.MILLISECONDS)
@Fork(value = 1, jvmArgsAppend = "--add-modules=jdk.incubator.vector")
@Warmup(iterations = 3, time = 1)
@Measurement(iterations = 5, time = 1)
@Peer(
    script = "oblique.py",
    packages = {"python3-scipy"})
public class ObliqueResampling {
  /** Source and target, depth x height x width. */
  @Param({"160x512x512:128x192x192", "64x256x256:48x192x192"})
  @Quick("64x256x256:48x192x192")
  public String grids = "64x256x256:48x192x192";

  /** Threads in all. */
  @Param({"1", "2"})
  @Quick("2")
  public int threads = 1;

  /** Interpolation. */
  @Param({"LINEAR", "CUBIC"})
  @Quick("LINEAR")
  public Interpolation interpolation = Interpolation.LINEAR;

  private Voxels voxels = new Voxels.Int16(new short[0]);
  private float[] out = {};
  private ResamplePlan plan =
      ResamplePlan.of(
          Geometry.axisAligned(1, 1, 1, 1, 1, 1), Geometry.axisAligned(1, 1, 1, 1, 1, 1));
  private ExecutorService executor = Executors.newSingleThreadExecutor();

  /** Makes the plan and fills the source. */
  @Setup
  public void prepare() {
    int[] s = Resampling.sides(grids.substring(0, grids.indexOf(':')));
    int[] t = Resampling.sides(grids.substring(grids.indexOf(':') + 1));
    Geometry source = Geometry.axisAligned(s[2], s[1], s[0], 1, 1, 1);
    plan = ResamplePlan.of(source, turned(s, t), interpolation);
    SplittableRandom random = new SplittableRandom(1);
    short[] values = new short[(int) source.voxels()];
    for (int i = 0; i < values.length; i++) {
      values[i] = (short) (random.nextInt(3000) - 1000);
    }
    voxels = new Voxels.Int16(values);
    out = new float[t[0] * t[1] * t[2]];
  }

  /** A grid of the same middle and extent, turned around the slice normal and then around rows. */
  static Geometry turned(int[] source, int[] target) {
    double a = Math.toRadians(20);
    double b = Math.toRadians(10);
    double[][] turn = {
      {Math.cos(a), -Math.sin(a), 0},
      {Math.sin(a) * Math.cos(b), Math.cos(a) * Math.cos(b), -Math.sin(b)},
      {Math.sin(a) * Math.sin(b), Math.cos(a) * Math.sin(b), Math.cos(b)}
    };
    double[] rows = new double[12];
    for (int r = 0; r < 3; r++) {
      rows[r * 4 + 3] = (source[2 - r] - 1) / 2.0;
      for (int c = 0; c < 3; c++) {
        double step = (double) source[2 - c] / target[2 - c];
        rows[r * 4 + c] = turn[r][c] * step;
        rows[r * 4 + 3] -= turn[r][c] * step * (target[2 - c] - 1) / 2.0;
      }
    }
    return new Geometry(target[2], target[1], target[0], Affine.of(rows));
  }

  /** One volume. */
  @Benchmark
  public float[] oblique() {
    plan.apply(voxels, 1, -24, -1000, 1000, out, 0, executor, threads);
    return out;
  }

  /** Stops the second thread. */
  @TearDown
  public void stop() {
    executor.shutdown();
  }
}
