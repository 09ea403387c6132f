package io.radnet.trainer.training;

import io.radnet.imaging.AtomicFiles;
import io.radnet.imaging.transform.Recipe;
import io.radnet.imaging.transform.Recipe.Head;
import io.radnet.trainer.checkpoint.Checkpoint;
import io.radnet.trainer.data.LabelDataSet;
import io.radnet.trainer.data.Sample;
import io.radnet.trainer.network.Architecture;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;

/** Says for people what a checkpoint is, what it saw, and what it must not be used for. */
record ModelCard(
    Architecture architecture,
    LabelDataSet data,
    TrainingOptions options,
    int epoch,
    Map<String, Double> metrics) {
  static final String FILE = "MODEL_CARD.md";

  /** The recipe with name, summary and facts of this epoch. */
  Recipe describe(Recipe recipe) {
    Map<String, String> extra = new TreeMap<>(recipe.extra());
    extra.put("preset", architecture.name());
    extra.put("seed", Long.toString(options.seed()));
    extra.put("epoch", Integer.toString(epoch));
    extra.put("training_series", Integer.toString(data.train().size()));
    String summary =
        String.format(
            Locale.ROOT,
            "Trained on %d series of %d patients (all splits) for %d epochs; validation score %.3f"
                + " on %d series. Not for clinical use.",
            data.train().size(),
            data.patients(),
            epoch,
            metrics.getOrDefault("score", Double.NaN),
            data.validation().size());
    return new Recipe(
        recipe.formatVersion(),
        recipe.task(),
        recipe.orientation(),
        recipe.spacingMm(),
        recipe.grid(),
        recipe.intensity(),
        recipe.slidingWindow(),
        recipe.heads(),
        recipe.labels(),
        recipe.embeddingSize(),
        architecture.name() + "-seed" + options.seed() + "-epoch" + epoch,
        summary,
        extra);
  }

  void write(Path folder, Checkpoint checkpoint) throws IOException {
    String text = text(checkpoint);
    AtomicFiles.write(
        folder.resolve(FILE), out -> out.write(text.getBytes(StandardCharsets.UTF_8)));
  }

  private String text(Checkpoint checkpoint) {
    Recipe recipe = checkpoint.recipe();
    StringBuilder card = new StringBuilder();
    card.append("# Label network ").append(recipe.modelVersion()).append("\n\n");
    card.append("**Not for clinical use.** It answers what a scan looks like, for sorting archives")
        .append(" and as a start for other networks.\n\n## Data\n\n");
    card.append("- ").append(recipe.trainingSummary()).append('\n');
    card.append(
        String.format(
            "- Series: %d train, %d validation, %d test; split by patient; %d could not be read.%n",
            data.train().size(),
            data.validation().size(),
            data.test().size(),
            data.skipped().size()));
    int coarse = options.coarse().epochs(options.epochs());
    if (coarse > 0) {
      card.append("- At most the first ")
          .append(coarse)
          .append(" epochs saw half the in-plane resolution.\n");
    }
    card.append("- Labels come from DICOM headers; unknown ones are masked, not guessed.\n");
    card.append("\n## Input\n\n");
    card.append("- Grid (depth, height, width): ").append(recipe.grid());
    card.append("; spacing in mm: ").append(recipe.spacingMm()).append(" (0: as acquired)\n");
    card.append("- Intensity: ").append(recipe.intensity()).append('\n');
    card.append("\n## Classes (series in the training split)\n\n");
    List<Head> heads = recipe.heads();
    HeadBalance balance =
        new HeadBalance(heads, data.train().stream().map(Sample::target).toList());
    for (int h = 0; h < heads.size(); h++) {
      card.append("- ").append(heads.get(h).name()).append(": ");
      if (heads.get(h).activation() == Head.Activation.LINEAR) {
        card.append("natural logarithm of the slice spacing in mm");
      } else {
        List<String> classes = heads.get(h).classes();
        for (int c = 0; c < classes.size(); c++) {
          card.append(c == 0 ? "" : ", ").append(classes.get(c)).append(' ');
          card.append(balance.count(h, c));
        }
      }
      card.append('\n');
    }
    card.append("\n## Validation at epoch ")
        .append(epoch)
        .append("\n\n| metric | value |\n|---|---|\n");
    new TreeMap<>(metrics)
        .forEach(
            (name, value) ->
                card.append(String.format(Locale.ROOT, "| %s | %.4f |%n", name, value)));
    card.append("\n## Limits\n\n- A class with few or no series above is not learned.\n");
    card.append(
            "- Scanners, protocols and anatomy unlike the training data give answers that may be")
        .append(" wrong with high confidence.\n");
    card.append("\n## Network\n\n- ").append(architecture).append('\n');
    card.append("- SHA-256 of the weights: ").append(checkpoint.weightsSha256()).append('\n');
    return card.toString();
  }
}
