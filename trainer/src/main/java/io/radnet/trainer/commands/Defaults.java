package io.radnet.trainer.commands;

import io.radnet.trainer.network.Preset;

/** What a preset trains with unless options say otherwise. */
record Defaults(
    int epochs,
    double coarse,
    int batch,
    double rate,
    int steps,
    int windowBatch,
    double finetuneRate) {
  static Defaults of(Preset preset) {
    return switch (preset) {
      case TINY -> new Defaults(60, 0, 8, 4e-3, 300, 4, 4e-3);
      case SMALL -> new Defaults(40, 0.6, 8, 1e-3, 1500, 4, 2e-3);
      case PAPER -> new Defaults(60, 0, 8, 1e-3, 20_000, 2, 1e-3);
    };
  }
}
