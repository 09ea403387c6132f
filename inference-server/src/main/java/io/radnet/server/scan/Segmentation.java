package io.radnet.server.scan;

import io.radnet.imaging.transform.InputSlabs;
import io.radnet.imaging.transform.Preprocessor;
import io.radnet.imaging.transform.Recipe;
import io.radnet.imaging.transform.SlidingWindow;
import io.radnet.imaging.transform.WindowBlender;
import io.radnet.imaging.volume.Geometry;
import io.radnet.imaging.volume.LabelMap;
import io.radnet.proto.v1.SegmentOptions;
import io.radnet.server.model.RequestException;
import io.radnet.server.model.RequestException.Reason;
import io.radnet.server.model.Tensor;
import io.radnet.server.model.TensorType;
import io.radnet.server.model.Work;
import io.radnet.server.telemetry.Stage;
import java.nio.FloatBuffer;
import java.util.ArrayDeque;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.CompletableFuture;
import java.util.function.ObjIntConsumer;

/**
 * A scan through a segmentation model: windows over the whole scan on the model's grid, blended by
 * a Gaussian weight, then back to the scan's own grid. Of the input, as of the logits, only the
 * slices of the windows at work are in memory.
 */
final class Segmentation {
  private static final String LOGITS = "logits";
  private static final int MIRRORINGS = 8;

  private record Window(
      int[] origin, int mirror, Tensor input, CompletableFuture<Work.Outcome> result) {}

  private final ScanJob job;
  private final Recipe recipe;
  private final int[] window;
  private final int classes;
  private final double overlap;
  private final int mirrorings;
  private final Geometry grid;
  private final InputSlabs input;
  private final WindowBlender blender;

  /** Native memory is freed by the garbage collector only, so that of windows is used again. */
  private final ArrayDeque<Tensor> free = new ArrayDeque<>();

  private Segmentation(ScanJob job, SegmentOptions options, InputSlabs input, Geometry scan) {
    this.job = job;
    this.recipe = job.recipe();
    this.window = recipe.grid().stream().mapToInt(Integer::intValue).toArray();
    this.classes = recipe.labels().size();
    this.overlap = options.hasOverlap() ? options.getOverlap() : recipe.slidingWindow().overlap();
    if (!(overlap >= 0 && overlap <= 0.9)) {
      throw new RequestException(
          Reason.INVALID, "overlap: " + overlap + " (expected: in [0, 0.9])");
    }
    this.mirrorings = options.getMirror() ? MIRRORINGS : 1;
    this.grid = input.geometry();
    this.input = input;
    this.blender =
        new WindowBlender(grid, scan, classes, window, recipe.slidingWindow().gaussianSigma());
  }

  /**
   * The mask on the scan's own grid.
   *
   * @param progress told the number of all windows and of those done
   */
  static LabelMap run(
      ScanJob job, ReadyScan scan, SegmentOptions options, ObjIntConsumer<Integer> progress) {
    if (job.recipe().task() != Recipe.Task.SEGMENTATION) {
      throw new RequestException(
          Reason.INVALID, "model " + job.model().name() + ": does not segment");
    }
    Preprocessor preprocessor = new Preprocessor(job.recipe());
    checkSize(preprocessor.grid(scan.volume().geometry()), job.recipe());
    InputSlabs input =
        job.stages()
            .time(
                Stage.RESAMPLE,
                () -> preprocessor.slabs(scan.volume(), job.recipe().grid().get(0)));
    job.prepared();
    Segmentation segmentation = new Segmentation(job, options, input, scan.volume().geometry());
    segmentation.infer(progress);
    job.inferred();
    return job.stages()
        .time(
            Stage.STITCH,
            () -> {
              LabelMap mask = segmentation.blender.mask(names(job.recipe()));
              return MaskCleaning.clean(
                  mask, options.getLargestComponent(), options.getFillHoles());
            });
  }

  /** A spacing in the wrong unit makes a small file a scan of many metres. */
  private static void checkSize(Geometry grid, Recipe recipe) {
    double plane = (double) grid.width() * grid.height();
    double slab = plane * recipe.grid().get(0) * Float.BYTES * (recipe.labels().size() + 1);
    if (plane * grid.depth() > Integer.MAX_VALUE || slab > Runtime.getRuntime().maxMemory() / 2.0) {
      throw new RequestException(
          Reason.INVALID,
          String.format(
              Locale.ROOT,
              "scan: %.0f x %.0f x %.0f mm, on the model's grid %d x %d x %d voxels: too many; check"
                  + " the spacing and its unit (expected: mm)",
              grid.width() * grid.spacing(0),
              grid.height() * grid.spacing(1),
              grid.depth() * grid.spacing(2),
              grid.width(),
              grid.height(),
              grid.depth()));
    }
  }

  private static Map<Integer, String> names(Recipe recipe) {
    Map<Integer, String> names = new TreeMap<>();
    for (int label = 1; label < recipe.labels().size(); label++) {
      names.put(label, recipe.labels().get(label));
    }
    return names;
  }

  private void infer(ObjIntConsumer<Integer> progress) {
    int[] size = {grid.depth(), grid.height(), grid.width()};
    List<int[]> origins = SlidingWindow.origins(size, window, overlap);
    int total = origins.size() * mirrorings;
    // Two batches under way keep the session busy while the last answers are blended, and leave
    // the rest of the queue to others.
    int ahead = 2 * job.model().largestRun();
    ArrayDeque<Window> under = new ArrayDeque<>();
    int done = 0;
    int depth = -1;
    for (int[] origin : origins) {
      if (origin[0] != depth) {
        depth = origin[0];
        moveTo(depth);
      }
      for (int mirror = 0; mirror < mirrorings; mirror++) {
        if (under.size() >= ahead) {
          blend(under.remove());
          progress.accept(total, ++done);
        }
        Tensor cut = cut(origin, mirror);
        under.add(new Window(origin, mirror, cut, job.submit(cut)));
      }
    }
    while (!under.isEmpty()) {
      job.checkWanted();
      blend(under.remove());
      progress.accept(total, ++done);
    }
  }

  /** Resamples the slices of the next windows, while those before are in the network. */
  private void moveTo(int depth) {
    job.stages()
        .time(
            Stage.RESAMPLE,
            () -> {
              input.moveTo(depth);
              return input;
            });
  }

  private Tensor cut(int[] origin, int mirror) {
    Tensor tensor = free.isEmpty() ? allocate() : free.remove();
    FloatBuffer out = tensor.data().asFloatBuffer();
    float[] row = new float[window[2]];
    for (int d = 0; d < window[0]; d++) {
      for (int h = 0; h < window[1]; h++) {
        input.row(
            origin[0] + mirrored(d, 0, mirror), origin[1] + mirrored(h, 1, mirror), origin[2], row);
        if ((mirror & 4) != 0) {
          reverse(row);
        }
        out.put(row);
      }
    }
    return tensor;
  }

  private Tensor allocate() {
    return Tensor.allocate(
        job.model().inputs().get(0).name(),
        TensorType.FP32,
        List.of(1L, 1L, (long) window[0], (long) window[1], (long) window[2]));
  }

  /** The position along an axis in the window that is mirrored where the axis' bit is set. */
  private int mirrored(int position, int axis, int mirror) {
    return (mirror >> axis & 1) == 0 ? position : window[axis] - 1 - position;
  }

  private static void reverse(float[] row) {
    for (int low = 0, high = row.length - 1; low < high; low++, high--) {
      float swap = row[low];
      row[low] = row[high];
      row[high] = swap;
    }
  }

  private void blend(Window done) {
    Tensor answer = job.await(done.result()).outputs().get(LOGITS);
    free.add(done.input());
    List<Long> expected =
        List.of(1L, (long) classes, (long) window[0], (long) window[1], (long) window[2]);
    if (answer == null || !answer.shape().equals(expected)) {
      throw new IllegalStateException(
          "output "
              + LOGITS
              + ": "
              + (answer == null ? "absent" : answer.shape())
              + " (expected: "
              + expected
              + ")");
    }
    job.stages()
        .time(
            Stage.STITCH,
            () -> {
              blender.add(done.origin(), done.mirror(), answer.floats());
              return blender;
            });
  }
}
