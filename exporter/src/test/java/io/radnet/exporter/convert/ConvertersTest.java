package io.radnet.exporter.convert;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDArrays;
import ai.djl.ndarray.NDList;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.DataType;
import ai.djl.ndarray.types.Shape;
import ai.djl.nn.AbstractBlock;
import ai.djl.nn.Activation;
import ai.djl.nn.Block;
import ai.djl.nn.Blocks;
import ai.djl.nn.LambdaBlock;
import ai.djl.nn.ParallelBlock;
import ai.djl.nn.SequentialBlock;
import ai.djl.nn.convolutional.Conv2d;
import ai.djl.nn.convolutional.Conv3d;
import ai.djl.nn.core.Linear;
import ai.djl.nn.norm.BatchNorm;
import ai.djl.nn.norm.Dropout;
import ai.djl.nn.norm.LayerNorm;
import ai.djl.nn.pooling.Pool;
import ai.djl.training.ParameterStore;
import ai.djl.util.PairList;
import io.radnet.exporter.BlockExport;
import io.radnet.exporter.graph.OnnxFile;
import io.radnet.exporter.parity.OutputParity;
import io.radnet.imaging.InvalidInputException;
import io.radnet.proto.onnx.NodeProto;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.function.Function;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** DJL's own blocks: what ONNX Runtime computes beside what DJL computes. */
class ConvertersTest {
  private static final Shape VOLUME = new Shape(1, 2, 6, 7, 8);

  @TempDir private Path folder;
  private NDManager manager;

  @BeforeEach
  void openManager() {
    manager = NDManager.newBaseManager("PyTorch");
    manager.getEngine().setRandomSeed(5);
  }

  @AfterEach
  void closeManager() {
    manager.close();
  }

  private static Conv3d convolution(int filters, int kernel, int stride) {
    return Conv3d.builder()
        .setKernelShape(new Shape(kernel, kernel, kernel))
        .optPadding(new Shape(kernel / 2, kernel / 2, kernel / 2))
        .optStride(new Shape(1, stride, stride))
        .setFilters(filters)
        .build();
  }

  private static Block each(Function<NDArray, NDArray> function) {
    return LambdaBlock.singleton(function);
  }

  /** A block and the operators that it becomes. */
  private static Arguments of(String name, Block block, String... operators) {
    return Arguments.of(name, block, VOLUME, List.of(operators));
  }

  static Stream<Arguments> blocks() {
    Shape two = new Shape(2, 2, 2);
    Shape three = new Shape(3, 3, 3);
    Shape one = new Shape(1, 1, 1);
    return Stream.of(
        of("ReLU", Activation.reluBlock(), "Relu"),
        of("sigmoid", Activation.sigmoidBlock(), "Sigmoid"),
        of("tanh", Activation.tanhBlock(), "Tanh"),
        of("softplus", Activation.softPlusBlock(), "Softplus"),
        of("softsign", Activation.softSignBlock(), "Softsign"),
        of("leaky ReLU", Activation.leakyReluBlock(0.3f), "LeakyRelu"),
        of("ELU", Activation.eluBlock(0.7f), "Elu"),
        of("SELU", Activation.seluBlock(), "Selu"),
        of("GELU", Activation.geluBlock(), "Mul", "Erf", "Add", "Mul", "Mul"),
        of("swish", Activation.swishBlock(1.5f), "Mul", "Sigmoid", "Mul"),
        of("identity", Blocks.identityBlock(), "Identity"),
        of("flatten", Blocks.batchFlattenBlock(), "Flatten"),
        of("flatten of a size", Blocks.batchFlattenBlock(672), "Reshape"),
        of("dropout", Dropout.builder().optRate(0.5f).build(), "Identity"),
        of("max pooling", Pool.maxPool3dBlock(three, two, one), "MaxPool"),
        of(
            "max pooling, rest kept",
            Pool.maxPool3dBlock(two, two, new Shape(0, 0, 0), true),
            "MaxPool"),
        of("mean pooling", Pool.avgPool3dBlock(two), "AveragePool"),
        of("mean pooling, padded", Pool.avgPool3dBlock(three, two, one), "AveragePool"),
        of(
            "mean pooling without padding",
            Pool.avgPool3dBlock(three, two, one, false, false),
            "AveragePool"),
        of("global max pooling", Pool.globalMaxPool3dBlock(), "GlobalMaxPool", "Flatten"),
        of("global mean pooling", Pool.globalAvgPool3dBlock(), "GlobalAveragePool", "Flatten"),
        of("convolution", convolution(3, 3, 2), "Conv"),
        of(
            "grouped and dilated convolution",
            Conv3d.builder()
                .setKernelShape(two)
                .optDilation(two)
                .optGroups(2)
                .setFilters(4)
                .optBias(false)
                .build(),
            "Conv"),
        of("normalisation", BatchNorm.builder().optEpsilon(0.02f).build(), "Mul", "Add"),
        of("folded", sequence(convolution(4, 3, 1), BatchNorm.builder().build()), "Conv"),
        of(
            "normalised features",
            sequence(
                Pool.globalAvgPool3dBlock(),
                Linear.builder().setUnits(5).build(),
                BatchNorm.builder().build()),
            "GlobalAveragePool",
            "Flatten",
            "Gemm",
            "Mul",
            "Add"),
        of(
            "linear without bias",
            sequence(
                Blocks.batchFlattenBlock(), Linear.builder().setUnits(3).optBias(false).build()),
            "Flatten",
            "Gemm"),
        of(
            "residual",
            new ParallelBlock(
                    branches ->
                        new NDList(
                            branches
                                .get(0)
                                .singletonOrThrow()
                                .add(branches.get(1).singletonOrThrow())
                                .getNDArrayInternal()
                                .relu()))
                .add(convolution(2, 3, 1))
                .add(Blocks.identityBlock()),
            "Conv",
            "Add",
            "Relu"),
        of(
            "inception",
            new ParallelBlock(ConvertersTest::joined)
                .add(convolution(3, 1, 1))
                .add(convolution(2, 3, 1))
                .add(Pool.maxPool3dBlock(three, one, one)),
            "Conv",
            "Conv",
            "MaxPool",
            "Concat"),
        of("in place", each(x -> x.mul(2).addi(x).subi(1)), "Mul", "Add", "Sub"),
        of(
            "arithmetic",
            each(x -> x.abs().sqrt().div(x.square().add(1)).neg()),
            "Abs",
            "Sqrt",
            "Mul",
            "Add",
            "Div",
            "Neg"),
        of(
            "bounds",
            each(x -> x.clip(-0.5, 0.5).maximum(0.1f).minimum(x.exp())),
            "Clip",
            "Max",
            "Exp",
            "Min"),
        of("softmax over channels", each(x -> x.softmax(1).log()), "Softmax", "Log"),
        of("log softmax", each(x -> x.logSoftmax(1)), "LogSoftmax"),
        of(
            "mean of a volume",
            each(x -> x.reshape(x.size(0), x.size(1), -1).mean(new int[] {2})),
            "Reshape",
            "GlobalAveragePool",
            "Squeeze"),
        of("mean of the channels", each(x -> x.mean(new int[] {1}, true)), "ReduceSum", "Mul"),
        of("channels last", each(x -> x.transpose(0, 2, 3, 4, 1)), "Transpose"),
        of(
            "axes",
            each(x -> x.expandDims(1).squeeze(1).flatten(2, 4)),
            "Unsqueeze",
            "Squeeze",
            "Reshape"),
        of("batch by its size", each(x -> x.reshape(x.size(0), 2, -1)), "Reshape"),
        of(
            "repeated voxels",
            each(x -> x.getNDArrayInternal().interpolation(new long[] {12, 14, 24}, 0, false)),
            "Reshape",
            "Resize",
            "Reshape",
            "Concat",
            "Reshape"),
        Arguments.of(
            "planes",
            sequence(
                Conv2d.builder().setKernelShape(new Shape(3, 3)).setFilters(4).build(),
                BatchNorm.builder().build(),
                Activation.reluBlock(),
                BatchNorm.builder().build(),
                Pool.avgPool2dBlock(new Shape(2, 2))),
            new Shape(1, 3, 9, 10),
            List.of("Conv", "Relu", "Mul", "Add", "AveragePool")));
  }

  private static NDList joined(List<NDList> branches) {
    return new NDList(
        NDArrays.concat(new NDList(branches.stream().map(NDList::singletonOrThrow).toList()), 1));
  }

  private static SequentialBlock sequence(Block... blocks) {
    SequentialBlock sequence = new SequentialBlock();
    for (Block block : blocks) {
      sequence.add(block);
    }
    return sequence;
  }

  @ParameterizedTest(name = "{0}")
  @MethodSource("blocks")
  void aBlockOfDjlComputesTheSame(String name, Block block, Shape shape, List<String> operators)
      throws IOException {
    Path file = folder.resolve("network.onnx");
    block.initialize(manager, DataType.FLOAT32, shape);
    disturb(block);
    List<OutputParity> outputs = BlockExport.write(block, Converters.standard(), file, 1e-5);
    assertThat(outputs).hasSize(1);
    assertThat(OnnxFile.read(file).getGraph().getNodeList())
        .as(name)
        .extracting(NodeProto::getOpType)
        .isEqualTo(operators);
  }

  /** Sets running statistics and scales to something that a wrong formula would get wrong. */
  private void disturb(Block block) {
    for (var parameter : block.getParameters()) {
      NDArray array = parameter.getValue().getArray();
      String name = parameter.getKey();
      if (name.contains("running") || name.contains("gamma")) {
        manager.randomUniform(0.2f, 1.7f, array.getShape()).copyTo(array);
      }
      if (name.contains("beta") || name.contains("bias")) {
        manager.randomUniform(-1, 1, array.getShape()).copyTo(array);
      }
    }
  }

  @Test
  void severalInputsAndOutputsKeepTheirOrder() throws IOException {
    Block block =
        new LambdaBlock(
            list -> new NDList(list.get(0).sub(list.get(1)), list.get(1), list.get(0).mul(2)));
    block.initialize(manager, DataType.FLOAT32, new Shape(1, 3), new Shape(1, 3));
    List<OutputParity> outputs =
        BlockExport.write(block, Converters.standard(), folder.resolve("network.onnx"), 1e-6);
    assertThat(outputs)
        .extracting(OutputParity::name)
        .containsExactly("output0", "output1", "output2");
  }

  /** Someone's own block, children included. */
  static final class Gate extends AbstractBlock {
    private final Block inner = addChildBlock("inner", convolution(2, 1, 1));

    @Override
    protected NDList forwardInternal(
        ParameterStore store,
        NDList inputs,
        boolean training,
        @Nullable PairList<String, Object> parameters) {
      NDArray gate = inner.forward(store, inputs, training).singletonOrThrow();
      return new NDList(inputs.singletonOrThrow().mul(Activation.sigmoid(gate)));
    }

    @Override
    public Shape[] getOutputShapes(Shape[] inputShapes) {
      return inputShapes;
    }

    @Override
    protected void initializeChildBlocks(NDManager manager, DataType type, Shape... shapes) {
      inner.initialize(manager, type, shapes);
    }
  }

  @Test
  void anOwnBlockNeedsOneLine() throws IOException {
    Block block = sequence(convolution(2, 3, 1), new Gate());
    block.initialize(manager, DataType.FLOAT32, VOLUME);
    Path file = folder.resolve("network.onnx");
    assertThatThrownBy(() -> BlockExport.write(block, Converters.standard(), file, 1e-5))
        .isInstanceOf(InvalidInputException.class)
        .hasMessageContaining("02Gate")
        .hasMessageContaining("TracingConverter");
    assertThat(file).doesNotExist();
    Converters converters = Converters.standard().with(new TracingConverter<>(Gate.class));
    BlockExport.write(block, converters, file, 1e-5);
    byte[] written = Files.readAllBytes(file);
    assertThatThrownBy(() -> BlockExport.write(block, converters, file, -1))
        .isInstanceOf(InvalidInputException.class);
    assertThat(file).as("the file of before").hasBinaryContent(written);
    assertThat(folder).isDirectoryNotContaining("glob:**/.radnet-*");
    assertThat(OnnxFile.read(file).getGraph().getNodeList())
        .extracting(NodeProto::getOpType)
        .containsExactly("Conv", "Conv", "Sigmoid", "Mul");
    assertThat(OnnxFile.read(file).getGraph().getInitializerList())
        .extracting(weight -> weight.getName())
        .contains("02Gate/01inner_weight");
  }

  @Test
  void anUnknownBlockIsNamedByItsPathInTheTree() {
    Block tree = sequence(sequence(LayerNorm.builder().build()));
    tree.initialize(manager, DataType.FLOAT32, VOLUME);
    assertThatThrownBy(() -> write(tree))
        .isInstanceOf(InvalidInputException.class)
        .hasMessageContaining("01SequentialBlock/01LayerNorm")
        .hasMessageContaining("ai.djl.nn.norm.LayerNorm")
        .hasMessageContaining("BlockConverter");
  }

  static Stream<Arguments> unreadable() {
    return Stream.of(
        Arguments.of(each(x -> x.cumSum(1)), "the function calls NDArray.cumSum"),
        Arguments.of(each(NDArray::mean), "reduces over all axes"),
        Arguments.of(each(x -> x.mul(x.size(0))), "another size of the batch"),
        Arguments.of(each(x -> x.reshape(x.size(0) * 2, -1)), "another size of the batch"),
        Arguments.of(each(x -> x.toType(DataType.INT32, false)), "changes the type to int32"),
        Arguments.of(each(x -> x.getNDArrayInternal().stack(new NDList(x), 1)), "NDArrayEx.stack"));
  }

  @ParameterizedTest
  @MethodSource("unreadable")
  void aFunctionThatCannotBeReadIsRefusedByItsPath(Block function, String reason) {
    Block tree = sequence(Blocks.identityBlock(), function);
    tree.initialize(manager, DataType.FLOAT32, new Shape(1, 2, 4, 4, 4));
    assertThatThrownBy(() -> write(tree))
        .isInstanceOf(InvalidInputException.class)
        .hasMessageContaining("02")
        .hasMessageContaining(reason)
        .hasMessageContaining("BlockConverter");
  }

  @Test
  void aBlockWithoutWeightsIsRefused() {
    assertThatThrownBy(() -> write(convolution(2, 3, 1)))
        .isInstanceOf(InvalidInputException.class)
        .hasMessageContaining("not initialised");
  }

  private void write(Block block) throws IOException {
    BlockExport.write(block, Converters.standard(), folder.resolve("network.onnx"), 1e-5);
  }
}
