package io.radnet.benchmarks.sliding;

import io.radnet.benchmarks.resample.SameBox;
import io.radnet.benchmarks.suite.Quick;
import io.radnet.imaging.transform.SlidingWindow;
import io.radnet.imaging.transform.WindowBlender;
import io.radnet.imaging.volume.Geometry;
import io.radnet.imaging.volume.LabelMap;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.FloatBuffer;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;
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
import org.openjdk.jmh.annotations.Warmup;

/**
 * All that segmentation does behind the network: windows of logits, blended by a Gaussian, become
 * the mask on the scan's own grid slab by slab. The floor copies the same logits once.
 */
@State(Scope.Benchmark)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.MILLISECONDS)
@Fork(value = 1, jvmArgsAppend = "--add-modules=jdk.incubator.vector")
@Warmup(iterations = 3, time = 2)
@Measurement(iterations = 5, time = 2)
public class WindowBlending {
  private static final int[] WINDOW = {48, 96, 96};
  private static final double OVERLAP = 0.25;
  private static final double SIGMA = 0.125;

  /** Model's grid and scan, depth x height x width. */
  @Param({"160x256x256:160x512x512", "48x192x192:64x256x256"})
  @Quick("48x192x192:64x256x256")
  public String grids = "48x192x192:64x256x256";

  /** Classes. */
  @Param({"2", "8"})
  @Quick("2")
  public int classes = 2;

  private Geometry grid = Geometry.axisAligned(1, 1, 1, 1, 1, 1);
  private Geometry scan = grid;
  private List<int[]> origins = List.of();
  private FloatBuffer logits = FloatBuffer.allocate(0);
  private float[] row = {};

  /** Draws the answer that every window gets, in a direct buffer as a session gives it. */
  @Setup
  public void prepare() {
    int[] g = sides(grids.substring(0, grids.indexOf(':')));
    int[] s = sides(grids.substring(grids.indexOf(':') + 1));
    grid = SameBox.divided(s, g);
    scan = SameBox.divided(s, s);
    origins = SlidingWindow.origins(g, WINDOW, OVERLAP);
    int count = classes * WINDOW[0] * WINDOW[1] * WINDOW[2];
    logits =
        ByteBuffer.allocateDirect(count * Float.BYTES)
            .order(ByteOrder.nativeOrder())
            .asFloatBuffer();
    SplittableRandom random = new SplittableRandom(1);
    for (int i = 0; i < count; i++) {
      logits.put(i, (float) random.nextDouble());
    }
    row = new float[count];
  }

  private static int[] sides(String text) {
    String[] parts = text.split("x", -1);
    return new int[] {
      Integer.parseInt(parts[0]), Integer.parseInt(parts[1]), Integer.parseInt(parts[2])
    };
  }

  /** The mask of one scan. */
  @Benchmark
  public LabelMap mask() {
    WindowBlender blender = new WindowBlender(grid, scan, classes, WINDOW, SIGMA);
    for (int[] origin : origins) {
      blender.add(origin, 0, logits.duplicate());
    }
    return blender.mask(Map.of(1, "organ"));
  }

  /** Copies the logits of all windows. */
  @Benchmark
  public float[] floor() {
    for (int n = 0; n < origins.size(); n++) {
      logits.get(0, row);
    }
    return row;
  }
}
