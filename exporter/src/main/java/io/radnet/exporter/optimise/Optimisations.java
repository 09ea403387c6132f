package io.radnet.exporter.optimise;

import io.radnet.exporter.graph.Graph;
import java.util.List;
import java.util.function.UnaryOperator;

/** The rewrites that every export goes through, in order. */
public final class Optimisations {
  private Optimisations() {}

  /**
   * A graph that computes the same with less work.
   *
   * @param source as the converters built it
   * @param dynamicShape whether depth, height and width are free; what needs fixed sizes is left
   *     out then
   */
  public static Graph apply(Graph source, boolean dynamicShape) {
    List<UnaryOperator<Graph>> all =
        dynamicShape
            ? List.of(new FoldBatchNormalization())
            : List.of(
                new FoldBatchNormalization(), new UpsampledConvolution(), new PlaneUpsampling());
    Graph graph = source;
    for (UnaryOperator<Graph> one : all) {
      graph = one.apply(graph);
    }
    graph.shareEqualConstants();
    return graph;
  }
}
