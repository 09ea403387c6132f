package io.radnet.exporter;

import io.radnet.exporter.parity.Choices;
import io.radnet.exporter.parity.OutputParity;
import io.radnet.exporter.runtime.OnnxSession;
import io.radnet.imaging.transform.Recipe;
import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** Runs an exported model on the inputs that the reference answered, and compares. */
final class ParityCheck {
  private final Recipe recipe;
  private final List<Sample> samples;
  private final List<List<float[]>> expected;
  private final ModelInputs inputs;
  private final List<ClientStages.Decoded> decoded;
  private final List<OutputParity> outputs = new ArrayList<>();

  ParityCheck(
      Recipe recipe,
      List<Sample> samples,
      List<List<float[]>> expected,
      ModelInputs inputs,
      boolean decodedOutput) {
    this.recipe = recipe;
    this.samples = samples;
    this.expected = expected;
    this.inputs = inputs;
    this.decoded = decodedOutput ? ClientStages.decoded(recipe) : List.of();
  }

  /** Compares all samples one by one, and the first two as one batch. */
  void run(OnnxSession session) {
    Map<String, List<Integer>> bySource = new LinkedHashMap<>();
    for (int i = 0; i < samples.size(); i++) {
      bySource.computeIfAbsent(samples.get(i).source(), key -> new ArrayList<>()).add(i);
    }
    bySource.forEach(
        (source, indices) -> {
          List<Map<String, float[]>> answers = new ArrayList<>();
          for (int index : indices) {
            answers.add(session.run(inputs.batch(List.of(samples.get(index)))));
          }
          compare(source, indices, answers);
        });
    if (samples.size() > 1) {
      compare(
          "batch of 2", List.of(0, 1), List.of(session.run(inputs.batch(samples.subList(0, 2)))));
    }
  }

  private void compare(String source, List<Integer> indices, List<Map<String, float[]>> answers) {
    List<String> names = NetworkGraph.outputNames(recipe);
    for (int output = 0; output < names.size(); output++) {
      String name = names.get(output);
      int index = output;
      float[] left = join(indices.stream().map(i -> expected.get(i).get(index)).toList());
      float[] right = join(answers.stream().map(answer -> answer(answer, name)).toList());
      int positions = samples.get(indices.get(0)).voxels();
      outputs.add(
          OutputParity.compare(name, source, left, right, choices(output, left, right, positions)));
    }
    for (ClientStages.Decoded output : decoded) {
      compareDecoded(output, source, indices, answers);
    }
  }

  /**
   * A decoded output must be what the model's own logits decode to. Against the network it is
   * compared as well, but for a mask: where two classes are equal to rounding, either may win,
   * which the agreement of the logits tells.
   */
  private void compareDecoded(
      ClientStages.Decoded output,
      String source,
      List<Integer> indices,
      List<Map<String, float[]>> answers) {
    String logits = NetworkGraph.outputNames(recipe).get(output.index());
    boolean mask = output.kind() == ClientStages.Kind.MASK;
    int positions = mask ? samples.get(indices.get(0)).voxels() : 1;
    float[] right = join(answers.stream().map(answer -> answer(answer, output.name())).toList());
    float[] own =
        output.of(join(answers.stream().map(answer -> answer(answer, logits)).toList()), positions);
    float[] left =
        output.of(
            join(indices.stream().map(i -> expected.get(i).get(output.index())).toList()),
            positions);
    outputs.add(
        OutputParity.compare(output.name(), source + " (own)", own, right, Optional.empty()));
    if (!mask) {
      outputs.add(OutputParity.compare(output.name(), source, left, right, Optional.empty()));
    }
  }

  private static float[] answer(Map<String, float[]> answers, String name) {
    float[] values = answers.get(name);
    if (values == null) {
      throw new IllegalStateException("the exported model has no output " + name);
    }
    return values;
  }

  private Optional<Choices> choices(int output, float[] left, float[] right, int positions) {
    if (recipe.task() == Recipe.Task.SEGMENTATION) {
      return Optional.of(Choices.of(left, right, recipe.labels().size(), positions, true));
    }
    if (output == 0
        || recipe.heads().get(output - 1).activation() != Recipe.Head.Activation.SOFTMAX) {
      return Optional.empty();
    }
    return Optional.of(Choices.of(left, right, NetworkGraph.classes(recipe, output), 1, false));
  }

  List<OutputParity> outputs() {
    return Collections.unmodifiableList(outputs);
  }

  /**
   * In 8 bits the tolerance is about scans: what lies outside of the calibrated ranges is clipped,
   * and noise does, so that is reported only.
   *
   * @throws io.radnet.imaging.InvalidInputException where an output differs by more than {@code
   *     tolerance}
   */
  void require(double tolerance, Precision precision) {
    for (OutputParity output : outputs) {
      boolean scan =
          output.source().startsWith(Sample.SYNTHETIC)
              || output.source().startsWith(Sample.VOLUMES);
      if (scan || precision != Precision.INT8) {
        output.require(tolerance);
      }
    }
  }

  private static float[] join(List<float[]> parts) {
    int total = parts.stream().mapToInt(part -> part.length).sum();
    float[] joined = new float[total];
    int position = 0;
    for (float[] part : parts) {
      System.arraycopy(part, 0, joined, position, part.length);
      position += part.length;
    }
    return joined;
  }
}
