package io.radnet.exporter;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDList;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.DataType;
import ai.djl.ndarray.types.Shape;
import ai.djl.nn.Block;
import ai.djl.training.ParameterStore;
import io.radnet.exporter.convert.Converters;
import io.radnet.exporter.graph.Graph;
import io.radnet.exporter.graph.GraphBuilder;
import io.radnet.exporter.graph.OnnxFile;
import io.radnet.exporter.graph.Value;
import io.radnet.exporter.optimise.Optimisations;
import io.radnet.exporter.parity.OutputParity;
import io.radnet.exporter.runtime.OnnxSession;
import io.radnet.imaging.InvalidInputException;
import io.radnet.proto.onnx.TensorProto;
import io.radnet.proto.onnx.TensorShapeProto.Dimension;
import java.io.IOException;
import java.nio.FloatBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.SplittableRandom;

/**
 * Any DJL network as an ONNX file, for those that were not trained here. Inputs are named {@code
 * input}, outputs {@code output}, with a number from 0 where there are several; the first axis of
 * each is free, the others are as the block was initialised.
 *
 * <pre>{@code
 * block.initialize(manager, DataType.FLOAT32, new Shape(1, 1, 32, 96, 96));
 * BlockExport.write(block, Converters.standard(), Path.of("network.onnx"), 1e-4);
 * }</pre>
 */
public final class BlockExport {
  private static final int BATCH = 2;
  private static final long SEED = 1;

  private BlockExport() {}

  /**
   * Writes a network and runs it beside the original on random inputs, a batch of two.
   *
   * @param block initialised; its weights are on DJL's PyTorch engine
   * @param tolerance largest relative error accepted
   * @return how far each output is from the block's own
   * @throws InvalidInputException for a block without a converter, or where an output differs by
   *     more than the tolerance; what was there before stays
   */
  public static List<OutputParity> write(
      Block block, Converters converters, Path file, double tolerance) throws IOException {
    Shape[] shapes = shapes(block);
    Graph graph = Optimisations.apply(graph(block, converters, shapes), false);
    Path parent = Objects.requireNonNull(file.toAbsolutePath().getParent());
    Path folder = Files.createTempDirectory(parent, ".radnet-");
    // Of the same name, since the file names the one with its weights.
    Path proved = folder.resolve(Objects.requireNonNull(file.getFileName()).toString());
    try {
      OnnxFile.write(proved, graph, "network", ExportOptions.DEFAULT_OPSET, Map.of());
      List<OutputParity> outputs = compare(block, shapes, proved);
      for (OutputParity output : outputs) {
        output.require(tolerance);
      }
      Path data = OnnxFile.dataFile(proved);
      if (Files.exists(data)) {
        Files.move(data, OnnxFile.dataFile(file), StandardCopyOption.REPLACE_EXISTING);
      } else {
        Files.deleteIfExists(OnnxFile.dataFile(file));
      }
      Files.move(proved, file, StandardCopyOption.ATOMIC_MOVE);
      return outputs;
    } finally {
      Files.deleteIfExists(OnnxFile.dataFile(proved));
      Files.deleteIfExists(proved);
      Files.deleteIfExists(folder);
    }
  }

  private static Shape[] shapes(Block block) {
    if (!block.isInitialized()) {
      throw new InvalidInputException(
          "the network", "not initialised (expected: weights and the shape of its input)");
    }
    return block.getInputShapes();
  }

  /** The operators that the converters write, before any rewrite. */
  static Graph graph(Block block, Converters converters, Shape... shapes) {
    GraphBuilder builder = new GraphBuilder();
    List<Value> inputs = new ArrayList<>();
    for (int index = 0; index < shapes.length; index++) {
      inputs.add(
          builder.input(
              name("input", index, shapes.length),
              TensorProto.DataType.FLOAT,
              dims(shapes[index])));
    }
    Shape[] answers = block.getOutputShapes(shapes);
    List<String> names = new ArrayList<>();
    for (int index = 0; index < answers.length; index++) {
      names.add(name("output", index, answers.length));
    }
    builder.reserve(names);
    List<Value> outputs = converters.convert(block, inputs, builder);
    for (int index = 0; index < answers.length; index++) {
      builder.output(
          names.get(index), outputs.get(index), TensorProto.DataType.FLOAT, dims(answers[index]));
    }
    return builder.build();
  }

  private static String name(String kind, int index, int count) {
    return count == 1 ? kind : kind + index;
  }

  private static List<Dimension> dims(Shape shape) {
    List<Dimension> dims = new ArrayList<>(List.of(GraphBuilder.dimension("batch")));
    for (long size : shape.slice(1).getShape()) {
      dims.add(GraphBuilder.dimension(size));
    }
    return dims;
  }

  private static List<OutputParity> compare(Block block, Shape[] shapes, Path file) {
    List<OnnxSession.Input> inputs = new ArrayList<>();
    List<float[]> expected = new ArrayList<>();
    try (NDManager manager = NDManager.newBaseManager("PyTorch")) {
      NDList arrays = new NDList();
      SplittableRandom random = new SplittableRandom(SEED);
      for (int index = 0; index < shapes.length; index++) {
        Shape shape = new Shape(BATCH).addAll(shapes[index].slice(1));
        float[] values = new float[Math.toIntExact(shape.size())];
        for (int i = 0; i < values.length; i++) {
          values[i] = (float) random.nextDouble(-1, 1);
        }
        arrays.add(manager.create(values, shape));
        inputs.add(
            new OnnxSession.Input(
                name("input", index, shapes.length), FloatBuffer.wrap(values), shape.getShape()));
      }
      for (NDArray answer : block.forward(new ParameterStore(manager, false), arrays, false)) {
        expected.add(answer.toType(DataType.FLOAT32, false).toFloatArray());
      }
    }
    List<OutputParity> outputs = new ArrayList<>();
    try (OnnxSession session = OnnxSession.open(file)) {
      Map<String, float[]> answers = session.run(inputs);
      for (int index = 0; index < expected.size(); index++) {
        String name = name("output", index, expected.size());
        float[] actual = answers.getOrDefault(name, new float[0]);
        outputs.add(
            OutputParity.compare(
                name, Sample.RANDOM, expected.get(index), actual, Optional.empty()));
      }
    }
    return outputs;
  }
}
