package io.radnet.trainer.training;

import io.radnet.imaging.transform.Recipe;
import io.radnet.trainer.data.LabelDataSet;
import io.radnet.trainer.network.Architecture;
import java.nio.file.Path;
import java.util.Locale;

/**
 * What a run of {@link LabelTraining} is to do.
 *
 * @param folder of the run
 * @param architecture the sizes
 * @param recipe with the heads
 * @param data at least one training series
 * @param options of the run
 */
record LabelTask(
    Path folder,
    Architecture architecture,
    Recipe recipe,
    LabelDataSet data,
    TrainingOptions options) {

  /** The options that decide the weights, as text. */
  String fingerprint() {
    return String.format(
        Locale.ROOT,
        "network %s, series %d (digest %s), epochs %d%s, batch %d%s, learning rate %s, weight decay %s%s, seed %d",
        architecture.name(),
        data.train().size(),
        DataDigest.of(recipe, data.train()),
        options.epochs(),
        options.coarse().share() == 0 ? "" : ", coarse " + options.coarse().share(),
        options.batchSize(),
        options.hardware().parts() == 1 ? "" : " in " + options.hardware().parts() + " parts",
        options.learningRate().peak(),
        options.weightDecay(),
        options.headWeights().byName().isEmpty() ? "" : ", head weights " + options.headWeights(),
        options.seed());
  }
}
