package io.radnet.benchmarks.resample;

import io.radnet.benchmarks.suite.Peer;
import io.radnet.benchmarks.suite.Quick;
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
 * Trilinear resampling of int16 voxels to float32 in [0, 1], rescale and window included, axes
 * aligned. The floor is {@link io.radnet.benchmarks.floor.CopyBandwidth}: the input has to be read
 * once.
 */
@State(Scope.Benchmark)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.MILLISECONDS)
@Fork(value = 1, jvmArgsAppend = "--add-modules=jdk.incubator.vector")
@Warmup(iterations = 3, time = 1)
@Measurement(iterations = 5, time = 1)
@Peer(
    script = "resample.py",
    packages = {"python3-torch", "python3-scipy"})
public class Resampling {
  /** Source and target, depth x height x width. */
  @Param({"160x512x512:128x192x192", "40x512x512:200x256x256", "64x256x256:48x192x192"})
  @Quick("64x256x256:48x192x192")
  public String grids = "64x256x256:48x192x192";

  /** Threads in all. */
  @Param({"1", "2"})
  @Quick("2")
  public int threads = 1;

  /** The kernel: vector where the JVM has it, or the scalar reference. */
  @Param({"fastest", "scalar"})
  @Quick({"fastest", "scalar"})
  public String kernel = "fastest";

  private static final Geometry UNIT = Geometry.axisAligned(1, 1, 1, 1, 1, 1);

  private Voxels voxels = new Voxels.Int16(new short[0]);
  private float[] out = {};
  private ResamplePlan plan = ResamplePlan.of(UNIT, UNIT);
  private ExecutorService executor = Executors.newSingleThreadExecutor();

  /** Makes the plan and fills the source. */
  @Setup
  public void prepare() {
    int[] s = sides(grids.substring(0, grids.indexOf(':')));
    int[] t = sides(grids.substring(grids.indexOf(':') + 1));
    Geometry source = SameBox.divided(s, s);
    Geometry target = SameBox.divided(s, t);
    plan =
        "scalar".equals(kernel)
            ? ResamplePlan.scalar(source, target)
            : ResamplePlan.of(source, target);
    SplittableRandom random = new SplittableRandom(1);
    short[] values = new short[(int) source.voxels()];
    for (int i = 0; i < values.length; i++) {
      values[i] = (short) (random.nextInt(3000) - 1000);
    }
    voxels = new Voxels.Int16(values);
    out = new float[(int) target.voxels()];
  }

  static int[] sides(String text) {
    String[] parts = text.split("x");
    return new int[] {
      Integer.parseInt(parts[0]), Integer.parseInt(parts[1]), Integer.parseInt(parts[2])
    };
  }

  /** One volume. */
  @Benchmark
  public float[] trilinear() {
    plan.apply(voxels, 1, -24, -1000, 1000, out, 0, executor, threads);
    return out;
  }

  /** Stops the second thread. */
  @TearDown
  public void stop() {
    executor.shutdown();
  }
}
