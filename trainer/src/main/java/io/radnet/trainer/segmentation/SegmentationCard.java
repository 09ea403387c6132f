package io.radnet.trainer.segmentation;

import io.radnet.imaging.AtomicFiles;
import io.radnet.imaging.transform.Recipe;
import io.radnet.trainer.checkpoint.Checkpoint;
import io.radnet.trainer.network.Architecture;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;

/** Says for people what a segmentation checkpoint is, what it saw, and what it is not for. */
record SegmentationCard(
    Architecture architecture,
    Optional<Checkpoint> backbone,
    List<SegmentationSample> train,
    List<SegmentationSample> validation,
    FinetuneOptions options,
    int step,
    SegmentationScores scores) {
  private static final String FILE = "MODEL_CARD.md";

  private String start() {
    return backbone.map(b -> "backbone " + b.recipe().modelVersion()).orElse("random weights");
  }

  /** The recipe with name, summary and facts of this network. */
  Recipe describe(Recipe recipe) {
    Map<String, String> extra = new TreeMap<>(recipe.extra());
    extra.put("preset", architecture.name());
    extra.put("seed", Long.toString(options.seed()));
    extra.put("step", Integer.toString(step));
    extra.put("start", start());
    backbone.ifPresent(b -> extra.put("backbone_sha256", b.weightsSha256()));
    String summary =
        String.format(
            Locale.ROOT,
            "Segments %s; %d scans, %d steps, from %s; mean validation Dice %.3f on %d scans. Not"
                + " for clinical use.",
            String.join(", ", recipe.labels().subList(1, recipe.labels().size())),
            train.size(),
            step,
            start(),
            scores.meanDice(),
            validation.size());
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
        architecture.name() + "-segmentation-seed" + options.seed() + "-step" + step,
        summary,
        extra);
  }

  void write(Path folder, Checkpoint checkpoint) throws IOException {
    Recipe recipe = checkpoint.recipe();
    String text =
        "# Segmentation network "
            + recipe.modelVersion()
            + "\n\n**Not for clinical use.**\n\n## Data\n\n- "
            + recipe.trainingSummary()
            + "\n\n## Input\n\n- Grid (depth, height, width): "
            + recipe.grid()
            + " at "
            + recipe.spacingMm()
            + " mm along the patient's axes (LPS)\n- Intensity: "
            + recipe.intensity()
            + "\n\n## Validation, on the scans' own grids\n\n```\n"
            + scores.table()
            + "```\n\n## Limits\n\n- Scanners, protocols and anatomy unlike the training data give"
            + " masks that may be wrong without warning.\n\n## Network\n\n- "
            + architecture
            + "\n- SHA-256 of the weights: "
            + checkpoint.weightsSha256()
            + "\n";
    AtomicFiles.write(
        folder.resolve(FILE), out -> out.write(text.getBytes(StandardCharsets.UTF_8)));
  }
}
