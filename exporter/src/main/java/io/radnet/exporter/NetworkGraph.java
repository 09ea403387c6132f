package io.radnet.exporter;

import static io.radnet.exporter.graph.GraphBuilder.dimension;

import ai.djl.nn.Block;
import io.radnet.exporter.convert.Converters;
import io.radnet.exporter.graph.Graph;
import io.radnet.exporter.graph.GraphBuilder;
import io.radnet.exporter.graph.Value;
import io.radnet.exporter.optimise.Optimisations;
import io.radnet.imaging.InvalidInputException;
import io.radnet.imaging.transform.Recipe;
import io.radnet.proto.onnx.TensorProto.DataType;
import io.radnet.proto.onnx.TensorShapeProto.Dimension;
import java.util.ArrayList;
import java.util.List;

/** A trained network as an optimised graph with the inputs and outputs that its recipe names. */
final class NetworkGraph {
  static final String INPUT = "volume";
  static final String EMBEDDING = "embedding";
  static final String LOGITS = "logits";

  private NetworkGraph() {}

  static Graph of(Block network, Recipe recipe, boolean dynamicShape) {
    GraphBuilder builder = new GraphBuilder();
    List<Dimension> space = space(recipe, dynamicShape);
    Value input = builder.input(INPUT, DataType.FLOAT, shape(1, space));
    List<String> names = outputNames(recipe);
    builder.reserve(names);
    List<Value> outputs = Converters.standard().convert(network, List.of(input), builder);
    if (outputs.size() != names.size()) {
      throw new InvalidInputException(
          "checkpoint", outputs.size() + " outputs (expected by the recipe: " + names + ")");
    }
    for (int index = 0; index < names.size(); index++) {
      List<Dimension> dims =
          recipe.task() == Recipe.Task.SEGMENTATION
              ? shape(recipe.labels().size(), space)
              : shape(classes(recipe, index), List.of());
      builder.output(names.get(index), outputs.get(index), DataType.FLOAT, dims);
    }
    return Optimisations.apply(builder.build(), dynamicShape);
  }

  /** The names of the outputs in the network's order. */
  static List<String> outputNames(Recipe recipe) {
    if (recipe.task() == Recipe.Task.SEGMENTATION) {
      return List.of(LOGITS);
    }
    List<String> names = new ArrayList<>(List.of(EMBEDDING));
    recipe.heads().forEach(head -> names.add(head.name()));
    return names;
  }

  /** The length of output {@code index} of a labels model: the embedding, then each head. */
  static int classes(Recipe recipe, int index) {
    return index == 0 ? recipe.embeddingSize() : recipe.heads().get(index - 1).classes().size();
  }

  private static List<Dimension> space(Recipe recipe, boolean dynamic) {
    List<String> names = List.of("depth", "height", "width");
    List<Dimension> space = new ArrayList<>();
    for (int axis = 0; axis < names.size(); axis++) {
      space.add(dynamic ? dimension(names.get(axis)) : dimension(recipe.grid().get(axis)));
    }
    return space;
  }

  private static List<Dimension> shape(int channels, List<Dimension> space) {
    List<Dimension> shape = new ArrayList<>(List.of(dimension("batch"), dimension(channels)));
    shape.addAll(space);
    return shape;
  }
}
