package io.radnet.exporter;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.radnet.exporter.graph.OnnxFile;
import io.radnet.exporter.parity.OutputParity;
import io.radnet.exporter.repository.ModelRepository;
import io.radnet.imaging.InvalidInputException;
import io.radnet.imaging.transform.Recipe;
import io.radnet.imaging.transform.RecipeJson;
import io.radnet.proto.onnx.ModelProto;
import io.radnet.proto.onnx.StringStringEntryProto;
import io.radnet.proto.onnx.TensorShapeProto.Dimension;
import io.radnet.proto.onnx.ValueInfoProto;
import io.radnet.trainer.checkpoint.Checkpoint;
import io.radnet.trainer.checkpoint.Tensor;
import java.io.IOException;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.security.MessageDigest;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ExporterTest {
  private static final ObjectMapper JSON = new ObjectMapper();

  @Test
  void aLabelsNetworkBecomesAVersionThatAgrees(@TempDir Path folder) throws IOException {
    Checkpoint checkpoint = Checkpoints.tiny(Recipe.Task.LABELS);
    Path repository = folder.resolve("models");
    ExportReport report =
        Exporter.export(
            Checkpoints.quick(
                Checkpoints.write(checkpoint, folder.resolve("checkpoint")), repository, "labels"));

    assertThat(report.file()).isEqualTo(repository.resolve("labels/1/model.onnx")).exists();
    assertThat(report.worstRelative()).isLessThan(1e-4);
    assertThat(report.outputs()).extracting(OutputParity::source).contains("random", "batch of 2");
    ModelProto model = OnnxFile.read(report.file());
    assertThat(model.getGraph().getOutputList())
        .extracting(ValueInfoProto::getName)
        .containsExactly(
            "embedding", "modality", "sequence", "view", "contrast", "regions", "spacing");
    Map<String, String> metadata =
        model.getMetadataPropsList().stream()
            .collect(
                Collectors.toMap(StringStringEntryProto::getKey, StringStringEntryProto::getValue));
    assertThat(RecipeJson.read(metadata.getOrDefault("radnet.recipe", ""), "metadata"))
        .isEqualTo(checkpoint.recipe());
    assertThat(metadata)
        .containsEntry("radnet.checkpoint_sha256", checkpoint.weightsSha256())
        .containsKeys("radnet.model_version", "radnet.producer");

    JsonNode parity = JSON.readTree(report.file().resolveSibling("parity.json").toFile());
    assertThat(parity.path("outputs").get(0).path("max_relative").asDouble())
        .isEqualTo(report.outputs().get(0).maxRelative());
    assertThat(repository.resolve("labels/config.pbtxt"))
        .content()
        .contains("platform: \"onnxruntime_onnx\"")
        .contains("input [ { name: \"volume\" data_type: TYPE_FP32 dims: [ 1, 16, 48, 48 ] } ]")
        .contains("output [ { name: \"regions\" data_type: TYPE_FP32 dims: [ 11 ] } ]");
    assertThat(listing(repository)).containsExactly("labels");
    assertThat(listing(repository.resolve("labels/1")))
        .containsExactly("model.onnx", "model.onnx.sha256", "parity.json", "readiness.json");
    JsonNode readiness = JSON.readTree(report.file().resolveSibling("readiness.json").toFile());
    assertThat(readiness.path("ready").asBoolean()).isTrue();
    assertThat(readiness.path("fallbacks")).isEmpty();
    assertThat(readiness.path("profile").path("max").asText()).isEqualTo("volume:4x1x16x48x48");
  }

  @Test
  void everyNormalisationAfterAConvolutionIsFolded(@TempDir Path folder) throws IOException {
    Path checkpoint =
        Checkpoints.write(Checkpoints.tiny(Recipe.Task.SEGMENTATION), folder.resolve("c"));
    ExportReport report =
        Exporter.export(Checkpoints.quick(checkpoint, folder.resolve("m"), "seg"));
    List<String> operators =
        OnnxFile.read(report.file()).getGraph().getNodeList().stream()
            .map(node -> node.getOpType())
            .toList();
    assertThat(operators).doesNotContain("BatchNormalization");
    assertThat(report.outputs())
        .allSatisfy(
            output -> {
              assertThat(output.maxRelative()).isLessThan(1e-4);
              assertThat(output.argmaxAgreement()).isGreaterThan(0.999);
              assertThat(output.dice()).hasSize(1);
            });
  }

  @Test
  void aNameThatExistsGetsANewVersionAndTheOldOneStays(@TempDir Path folder) throws IOException {
    Path checkpoint = Checkpoints.write(Checkpoints.tiny(Recipe.Task.LABELS), folder.resolve("c"));
    Path repository = folder.resolve("models");
    ExportOptions options = Checkpoints.quick(checkpoint, repository, "labels");
    ExportReport first = Exporter.export(options);
    byte[] before = Files.readAllBytes(first.file());
    ExportReport second = Exporter.export(options.withSeed(9));
    assertThat(second.version()).isEqualTo(2);
    assertThat(second.file()).isEqualTo(repository.resolve("labels/2/model.onnx"));
    assertThat(Files.readAllBytes(first.file())).isEqualTo(before);
    // The same checkpoint gives the same bytes.
    assertThat(Files.readAllBytes(second.file())).isEqualTo(before);

    Path other = Checkpoints.write(Checkpoints.tiny(Recipe.Task.SEGMENTATION), folder.resolve("s"));
    assertThatThrownBy(() -> Exporter.export(Checkpoints.quick(other, repository, "labels")))
        .isInstanceOf(InvalidInputException.class)
        .hasMessageContaining("config.pbtxt")
        .hasMessageContaining("all versions of a model share inputs, outputs");
    // The configuration of all versions says how a session is built.
    assertThatThrownBy(
            () -> Exporter.export(options.withPrecision(Precision.FP16, Optional.empty())))
        .isInstanceOf(InvalidInputException.class)
        .hasMessageContaining("precision_mode")
        .hasMessageContaining("choose another --name");
    assertThat(listing(repository.resolve("labels"))).containsExactly("1", "2", "config.pbtxt");
    assertThat(listing(repository)).containsExactly("labels");
  }

  @Test
  void aDynamicShapeTakesOtherSizes(@TempDir Path folder) throws IOException {
    Path checkpoint = Checkpoints.write(Checkpoints.tiny(Recipe.Task.LABELS), folder.resolve("c"));
    ExportReport report =
        Exporter.export(
            Checkpoints.quick(checkpoint, folder.resolve("m"), "any").withDynamicShape(true));
    List<Dimension> dims =
        OnnxFile.read(report.file())
            .getGraph()
            .getInput(0)
            .getType()
            .getTensorType()
            .getShape()
            .getDimList();
    assertThat(dims)
        .extracting(Dimension::getDimParam)
        .containsExactly("batch", "", "depth", "height", "width");
    assertThat(folder.resolve("m/any/config.pbtxt"))
        .content()
        .contains("dims: [ 1, -1, -1, -1 ]")
        .contains("key: \"trt_profile_min_shapes\" value: \"volume:1x1x8x16x16\"")
        .contains("key: \"trt_profile_opt_shapes\" value: \"volume:1x1x16x48x48\"")
        .contains("key: \"trt_profile_max_shapes\" value: \"volume:4x1x32x96x96\"")
        .contains("dims: [ 1, 16, 48, 48 ] zero_data: true");
    JsonNode readiness = JSON.readTree(report.file().resolveSibling("readiness.json").toFile());
    assertThat(readiness.path("dynamic_shape").asBoolean()).isTrue();
    assertThat(readiness.path("profile").path("min").asText()).isEqualTo("volume:1x1x8x16x16");
    assertThat(readiness.path("advice").path(0).asText()).contains("from min to max");
    assertThat(report.outputs())
        .extracting(OutputParity::source)
        .contains("random", "smallest shape", "batch of 2");
    assertThat(report.worstRelative()).isLessThan(1e-4);
  }

  @Test
  void aDynamicShapeIsServedForTheSizesAskedFor(@TempDir Path folder) throws IOException {
    Path checkpoint =
        Checkpoints.write(Checkpoints.tiny(Recipe.Task.SEGMENTATION), folder.resolve("c"));
    ExportOptions options = Checkpoints.quick(checkpoint, folder.resolve("m"), "any");
    Exporter.export(
        options
            .withClientStages(true, true)
            .withDynamicShape(
                true, Optional.of(List.of(16, 32, 32)), Optional.of(List.of(24, 64, 64))));
    assertThat(folder.resolve("m/any/config.pbtxt"))
        .content()
        .contains("{ name: \"mask\" data_type: TYPE_UINT8 dims: [ -1, -1, -1 ] }")
        .contains("value: \"preprocess/float:1x1x16x32x32,range:1x2\"")
        .contains("value: \"preprocess/float:4x1x24x64x64,range:4x2\"");
    assertThatThrownBy(
            () ->
                Exporter.export(
                    options.withDynamicShape(
                        true, Optional.of(List.of(12, 32, 32)), Optional.empty())))
        .isInstanceOf(InvalidInputException.class)
        .hasMessageContaining("smallest shape, depth: 12 (expected: a multiple of 8");
    assertThatThrownBy(
            () ->
                Exporter.export(
                    options.withDynamicShape(
                        true, Optional.empty(), Optional.of(List.of(16, 32, 48)))))
        .isInstanceOf(InvalidInputException.class)
        .hasMessageContaining("shape range, height: 16 to 32 (expected: around the recipe's 48)");
    assertThatThrownBy(
            () ->
                options.withDynamicShape(false, Optional.of(List.of(16, 32, 32)), Optional.empty()))
        .hasMessageContaining("--dynamic-shape");
  }

  @Test
  void theChecksumCoversWeightsInAFileOfTheirOwn(@TempDir Path folder) throws Exception {
    Path checkpoint = Checkpoints.write(Checkpoints.tiny(Recipe.Task.LABELS), folder.resolve("c"));
    ExportReport report =
        Exporter.export(
            Checkpoints.quick(checkpoint, folder.resolve("m"), "apart").withLargestFile(10_000));
    Path version = folder.resolve("m/apart/1");
    assertThat(listing(version))
        .containsExactly(
            "model.onnx", "model.onnx.data", "model.onnx.sha256", "parity.json", "readiness.json");
    assertThat(report.fileBytes())
        .isEqualTo(
            Files.size(version.resolve("model.onnx"))
                + Files.size(version.resolve("model.onnx.data")));
    assertThat(report.worstRelative()).isLessThan(1e-4);
    MessageDigest digest = MessageDigest.getInstance("SHA-256");
    List<String> expected = new ArrayList<>();
    for (String file : List.of("model.onnx", "model.onnx.data")) {
      byte[] sum = digest.digest(Files.readAllBytes(version.resolve(file)));
      expected.add(HexFormat.of().formatHex(sum) + "  " + file);
    }
    assertThat(Files.readAllLines(version.resolve("model.onnx.sha256"))).isEqualTo(expected);
  }

  @Test
  void aFullDiskLeavesNothing(@TempDir Path folder) {
    Path repository = folder.resolve("models");
    assertThatThrownBy(
            () ->
                ModelRepository.open(repository)
                    .add(
                        "network",
                        (version, number) -> {
                          Files.writeString(version.resolve("model.onnx"), "half a model");
                          throw new FileSystemException(
                              version.toString(), null, "No space left on device");
                        }))
        .isInstanceOf(InvalidInputException.class)
        .hasMessage(
            repository
                + ": the version cannot be written, nothing was exported: No space left on device");
    assertThat(repository).isEmptyDirectory();
  }

  @Test
  void aDifferenceBeyondTheToleranceLeavesNothing(@TempDir Path folder) throws IOException {
    Path checkpoint = Checkpoints.write(Checkpoints.tiny(Recipe.Task.LABELS), folder.resolve("c"));
    Path repository = folder.resolve("models");
    ExportOptions strict =
        Checkpoints.quick(checkpoint, repository, "labels")
            .withPrecision(Precision.FP32, Optional.of(1e-12));
    assertThatThrownBy(() -> Exporter.export(strict))
        .isInstanceOf(InvalidInputException.class)
        .hasMessageContaining("differs from the network by")
        .hasMessageContaining("nothing was exported");
    assertThat(listing(repository)).isEmpty();
  }

  @Test
  void aTruncatedCheckpointIsNamed(@TempDir Path folder) throws IOException {
    Path checkpoint = Checkpoints.write(Checkpoints.tiny(Recipe.Task.LABELS), folder.resolve("c"));
    Path weights = checkpoint.resolve("weights.safetensors");
    byte[] bytes = Files.readAllBytes(weights);
    Files.write(weights, Arrays.copyOf(bytes, bytes.length / 2));
    Path repository = folder.resolve("models");
    assertThatThrownBy(() -> Exporter.export(Checkpoints.quick(checkpoint, repository, "labels")))
        .isInstanceOf(InvalidInputException.class)
        .hasMessageContaining("weights.safetensors");
    assertThat(listing(repository)).isEmpty();
  }

  @Test
  void aClassCountThatDoesNotMatchIsNamed(@TempDir Path folder) throws IOException {
    Checkpoint checkpoint = Checkpoints.tiny(Recipe.Task.LABELS);
    Map<String, Tensor> weights = new TreeMap<>(checkpoint.weights());
    weights.put("heads.view.weight", new Tensor(new long[] {4, 64}, new float[256]));
    Path broken =
        Checkpoints.write(
            Checkpoint.of(checkpoint.architecture(), checkpoint.recipe(), 1, Map.of(), weights),
            folder.resolve("c"));
    assertThatThrownBy(
            () -> Exporter.export(Checkpoints.quick(broken, folder.resolve("m"), "labels")))
        .isInstanceOf(InvalidInputException.class)
        .hasMessageContaining("head view: 3 in the recipe (expected by the weights: 4)");
  }

  @Test
  void aRecipeThatLacksAFieldIsNamed(@TempDir Path folder) throws IOException {
    Path checkpoint = Checkpoints.write(Checkpoints.tiny(Recipe.Task.LABELS), folder.resolve("c"));
    Path description = checkpoint.resolve("checkpoint.json");
    String whole = Files.readString(description);
    String lacking = whole.replaceFirst("\"sliding_window\"\\s*:\\s*\\{[^}]*},", "");
    assertThat(lacking).isNotEqualTo(whole);
    Files.writeString(description, lacking);
    Path repository = folder.resolve("models");
    assertThatThrownBy(() -> Exporter.export(Checkpoints.quick(checkpoint, repository, "labels")))
        .isInstanceOf(InvalidInputException.class)
        .hasMessageContaining("checkpoint.json")
        .hasMessageContaining("sliding_window");
    assertThat(listing(repository)).isEmpty();
  }

  @Test
  void aFolderThatIsNoCheckpointIsNamed(@TempDir Path folder) throws IOException {
    Path empty = Files.createDirectory(folder.resolve("empty"));
    assertThatThrownBy(
            () -> Exporter.export(Checkpoints.quick(empty, folder.resolve("m"), "labels")))
        .isInstanceOf(InvalidInputException.class)
        .hasMessageContaining("no checkpoint");
  }

  @Test
  void aRepositoryThatCannotBeWrittenIsRefused(@TempDir Path folder) throws IOException {
    Path repository = Files.createDirectory(folder.resolve("models"));
    Files.setPosixFilePermissions(repository, PosixFilePermissions.fromString("r-xr-xr-x"));
    // A superuser writes anywhere.
    Assumptions.assumeFalse(Files.isWritable(repository), "this user may write read-only folders");
    assertThatThrownBy(() -> Exporter.export(Checkpoints.quick(folder, repository, "labels")))
        .isInstanceOf(InvalidInputException.class)
        .hasMessageContaining("the repository cannot be written");
  }

  @Test
  void aRepositoryThatIsAFileIsRefused(@TempDir Path folder) throws IOException {
    Path file = Files.writeString(folder.resolve("file"), "taken");
    assertThatThrownBy(() -> Exporter.export(Checkpoints.quick(folder, file, "labels")))
        .isInstanceOf(InvalidInputException.class)
        .hasMessageContaining("the repository cannot be a file");
    // Where nobody may write, a superuser included.
    Path nobody = Path.of("/proc/radnet-models");
    Assumptions.assumeTrue(Files.isDirectory(Path.of("/proc")), "no /proc here");
    assertThatThrownBy(() -> Exporter.export(Checkpoints.quick(folder, nobody, "labels")))
        .isInstanceOf(InvalidInputException.class)
        .hasMessageContaining("/proc/radnet-models: the repository cannot be created: ");
  }

  @Test
  void optionsAreCheckedFirst(@TempDir Path folder) {
    ExportOptions options = ExportOptions.of(folder, folder, "name");
    assertThatThrownBy(() -> options.withOpset(21)).hasMessageContaining("opset: 21 (expected: 17");
    assertThatThrownBy(() -> options.withPrecision(Precision.FP32, Optional.of(0.0)))
        .hasMessageContaining("tolerance: 0.0 (expected: in (0, 1])");
    assertThatThrownBy(() -> ExportOptions.of(folder, folder, "../up"))
        .hasMessageContaining("model name");
  }

  private static List<String> listing(Path folder) throws IOException {
    if (!Files.exists(folder)) {
      return List.of();
    }
    try (Stream<Path> entries = Files.list(folder)) {
      return entries.map(entry -> entry.getFileName().toString()).sorted().toList();
    }
  }
}
