package io.radnet.exporter.precision;

import io.radnet.exporter.graph.Graph;
import io.radnet.exporter.graph.GraphBuilder;
import io.radnet.exporter.graph.OnnxFile;
import io.radnet.exporter.runtime.OnnxSession;
import io.radnet.proto.onnx.TensorProto.DataType;
import io.radnet.proto.onnx.TensorShapeProto.Dimension;
import java.io.IOException;
import java.nio.FloatBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * The range of each value that will be stored in 8 bits: a percentile of its magnitude over the
 * calibration volumes, so that a few outliers do not cost all others their resolution.
 */
public final class Calibration {
  /** Percent of magnitudes that keep their value; the rest is clipped. */
  public static final double PERCENTILE = 99.99;

  private static final int BINS = 4096;
  private static final float SMALLEST = 1e-6f;
  // Values that are watched at the same time must be held at the same time.
  private static final int WATCHED_AT_ONCE = 6;

  private Calibration() {}

  /**
   * Runs the graph in single precision.
   *
   * @param folder for temporary files, which are deleted
   * @param inputs the volumes, [D, H, W] each
   * @param shape of one input, batch included
   * @return the range by the value's name
   */
  public static Map<String, Float> ranges(
      Graph graph, int opset, Path folder, List<FloatBuffer> inputs, long... shape)
      throws IOException {
    List<String> watched = new ArrayList<>(QuantizedGraph.watched(graph));
    String input = graph.inputs().get(0).getName();
    Map<String, Float> ranges = new HashMap<>();
    if (watched.remove(input)) {
      List<float[]> magnitudes = inputs.stream().map(Calibration::copy).toList();
      ranges.put(input, percentile(magnitudes));
    }
    for (int start = 0; start < watched.size(); start += WATCHED_AT_ONCE) {
      List<String> group =
          watched.subList(start, Math.min(start + WATCHED_AT_ONCE, watched.size()));
      ranges.putAll(measure(graph, group, opset, folder, inputs, shape));
    }
    return ranges;
  }

  private static Map<String, Float> measure(
      Graph graph,
      List<String> group,
      int opset,
      Path folder,
      List<FloatBuffer> inputs,
      long[] shape)
      throws IOException {
    Graph watching = graph.copy();
    watching.outputs().clear();
    for (String name : group) {
      List<Dimension> dims = new ArrayList<>();
      for (int axis = 0; axis < shape.length; axis++) {
        dims.add(GraphBuilder.dimension("axis" + axis));
      }
      watching.outputs().add(GraphBuilder.typed(name, DataType.FLOAT, dims));
    }
    watching.dropUnreachableNodes();
    Path file = Files.createTempFile(folder, "calibration", ".onnx");
    try {
      OnnxFile.write(file, watching, "calibration", opset, Map.of());
      try (OnnxSession session = OnnxSession.open(file)) {
        Map<String, Float> ranges = new HashMap<>();
        for (FloatBuffer values : inputs) {
          session
              .run(input(watching), values.duplicate(), Set.copyOf(group), shape)
              .forEach(
                  (name, answer) -> ranges.merge(name, percentile(List.of(answer)), Math::max));
        }
        return ranges;
      }
    } finally {
      Files.deleteIfExists(file.resolveSibling(file.getFileName() + ".data"));
      Files.deleteIfExists(file);
    }
  }

  private static String input(Graph graph) {
    return graph.inputs().get(0).getName();
  }

  private static float[] copy(FloatBuffer buffer) {
    float[] values = new float[buffer.remaining()];
    buffer.duplicate().get(values);
    return values;
  }

  /** The percentile of the magnitudes, to the width of one of {@value #BINS} bins. */
  static float percentile(List<float[]> all) {
    float largest = SMALLEST;
    long count = 0;
    for (float[] values : all) {
      count += values.length;
      for (float value : values) {
        largest = Math.max(largest, Math.abs(value));
      }
    }
    long[] histogram = new long[BINS];
    for (float[] values : all) {
      for (float value : values) {
        histogram[Math.min(BINS - 1, (int) (Math.abs(value) / largest * BINS))]++;
      }
    }
    long wanted = (long) Math.ceil(PERCENTILE / 100 * count);
    long seen = 0;
    for (int bin = 0; bin < BINS; bin++) {
      seen += histogram[bin];
      if (seen >= wanted) {
        return Math.max(SMALLEST, largest * (bin + 1) / BINS);
      }
    }
    return largest;
  }
}
