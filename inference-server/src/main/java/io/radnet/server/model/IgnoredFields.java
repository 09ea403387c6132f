package io.radnet.server.model;

import com.google.protobuf.TextFormat;
import io.radnet.proto.inference.ModelConfig;
import io.radnet.proto.inference.ModelDynamicBatching;
import io.radnet.proto.inference.ModelInstanceGroup;
import io.radnet.proto.inference.ModelWarmup;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * What a {@code config.pbtxt} asks for and this server does not do, so that its log can say it.
 * {@code optimization} is not among it: every exported model has one for Triton's sake, and here
 * the server's own settings choose the provider.
 */
final class IgnoredFields {
  /** How the parser lists fields that the schema leaves out: line, column, message, field. */
  private static final Pattern UNKNOWN =
      Pattern.compile("^\\d+:\\d+:\\s+(?:inference\\.)?(?:ModelConfig\\.)?([\\w.]+)$");

  private IgnoredFields() {}

  /**
   * Names of fields, as the file has them.
   *
   * @param text of the file
   * @param config that it was read as
   */
  static List<String> of(String text, ModelConfig config) {
    Set<String> ignored = new LinkedHashSet<>();
    ModelDynamicBatching batching = config.getDynamicBatching();
    put(
        ignored,
        "dynamic_batching.preferred_batch_size",
        batching.getPreferredBatchSizeList().stream()
            .anyMatch(size -> size != config.getMaxBatchSize()));
    put(ignored, "dynamic_batching.preserve_ordering", batching.getPreserveOrdering());
    for (ModelInstanceGroup group : config.getInstanceGroupList()) {
      put(ignored, "instance_group.kind", group.getKind() != ModelInstanceGroup.Kind.KIND_AUTO);
      put(ignored, "instance_group.gpus", group.getGpusCount() > 0);
    }
    put(ignored, "parameters", config.getParametersCount() > 0);
    put(
        ignored,
        "model_warmup",
        config.getModelWarmupList().stream().anyMatch(warmUp -> !covered(warmUp, config)));
    ignored.addAll(unknown(text));
    return List.copyOf(ignored);
  }

  private static void put(Set<String> ignored, String field, boolean asked) {
    if (asked) {
      ignored.add(field);
    }
  }

  /** Whether the server's own first runs, on zeros, do the same. */
  private static boolean covered(ModelWarmup warmUp, ModelConfig config) {
    return (warmUp.getBatchSize() <= 1 || warmUp.getBatchSize() == config.getMaxBatchSize())
        && warmUp.getCount() <= 1
        && warmUp.getInputsMap().values().stream().allMatch(ModelWarmup.Input::getZeroData);
  }

  private static Set<String> unknown(String text) {
    Set<String> fields = new LinkedHashSet<>();
    try {
      TextFormat.Parser.newBuilder().build().merge(text, ModelConfig.newBuilder());
    } catch (TextFormat.ParseException strict) {
      for (String line : String.valueOf(strict.getMessage()).lines().toList()) {
        Matcher field = UNKNOWN.matcher(line);
        if (field.matches()) {
          fields.add(field.group(1));
        }
      }
    }
    return fields;
  }
}
