package io.radnet.exporter.convert;

import ai.djl.nn.Block;
import ai.djl.nn.convolutional.Conv1d;
import ai.djl.nn.convolutional.Conv2d;
import io.radnet.exporter.graph.GraphBuilder;
import io.radnet.exporter.graph.Value;
import io.radnet.imaging.InvalidInputException;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * The registry: which converter writes which kind of block. To export a block of your own,
 * implement {@link BlockConverter} and add it: {@code Converters.standard().with(new
 * MyBlockConverter())}; or let it be read by a trace, {@code with(new
 * TracingConverter<>(MyBlock.class))}.
 */
public final class Converters {
  private final Map<Class<?>, BlockConverter<?>> byKind;

  private Converters(Map<Class<?>, BlockConverter<?>> byKind) {
    this.byKind = byKind;
  }

  /** The converters of DJL's blocks and of the trainer's. */
  public static Converters standard() {
    Converters converters = new Converters(Map.of());
    for (BlockConverter<?> converter :
        List.of(
            new Conv3dConverter(),
            new LinearConverter(),
            new TracingConverter<>(ai.djl.nn.norm.BatchNorm.class),
            new TracingConverter<>(Conv1d.class),
            new TracingConverter<>(Conv2d.class),
            new DropoutConverter(),
            new LambdaConverter(),
            new SequentialConverter(),
            new ParallelConverter(),
            new BatchNormConverter(),
            new ReluConverter(),
            new MaxPool3dConverter(),
            new GlobalAveragePool3dConverter(),
            new Upsample3dConverter(),
            new ResidualUnitConverter(),
            new EncoderConverter(),
            new DecoderConverter(),
            new LabelNetworkConverter(),
            new SegmentationNetworkConverter())) {
      converters = converters.with(converter);
    }
    return converters;
  }

  /** These converters and one more, which replaces one of the same kind. */
  public Converters with(BlockConverter<?> converter) {
    Map<Class<?>, BlockConverter<?>> more = new LinkedHashMap<>(byKind);
    more.put(converter.kind(), converter);
    return new Converters(more);
  }

  /**
   * Writes a whole tree.
   *
   * @param root an initialised block
   * @return the values of its outputs in order
   * @throws InvalidInputException for a block without a converter, with its path in the tree
   */
  public List<Value> convert(Block root, List<Value> inputs, GraphBuilder graph) {
    return convert(root, inputs, new Conversion(this, graph, ""));
  }

  List<Value> convert(Block block, List<Value> inputs, Conversion conversion) {
    BlockConverter<?> converter = byKind.get(block.getClass());
    if (converter == null) {
      throw new InvalidInputException(
          conversion.where(),
          "no converter for a block of "
              + block.getClass().getName()
              + " (implement io.radnet.exporter.convert.BlockConverter and add it by"
              + " Converters.with, or add a TracingConverter for its class)");
    }
    return apply(converter, block, inputs, conversion);
  }

  private static <B extends Block> List<Value> apply(
      BlockConverter<B> converter, Block block, List<Value> inputs, Conversion conversion) {
    return converter.convert(converter.kind().cast(block), inputs, conversion);
  }
}
