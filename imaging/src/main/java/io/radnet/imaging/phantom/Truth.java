package io.radnet.imaging.phantom;

import io.radnet.imaging.labels.SeriesLabels;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/** The true labels of a series, in the vocabulary of {@code radnet label}. */
final class Truth {
  private Truth() {}

  static SeriesLabels of(SeriesPlan plan) {
    Acquisition acquisition = plan.acquisition();
    Sequence sequence = acquisition.sequence();
    boolean suppressed =
        acquisition.fatSuppressed() || sequence == Sequence.STIR || sequence.diffusion();
    Map<String, SeriesLabels.Evidence> evidence = new TreeMap<>();
    for (String family :
        List.of("modality", "sequence", "view", "contrast", "regions", "spacing")) {
      evidence.put(family, new SeriesLabels.Evidence(1, List.of("phantom")));
    }
    return new SeriesLabels(
        plan.uid(0),
        plan.path(),
        acquisition.modality(),
        sequence.label,
        !acquisition.mr() ? "none" : suppressed ? "yes" : "no",
        plan.view(),
        plan.oblique(),
        acquisition.enhanced() ? "iv" : acquisition.modality().equals("PT") ? "unknown" : "none",
        plan.regions(),
        Math.rint(plan.spacing() * 1e4) / 1e4,
        "positions",
        true,
        plan.tiltDegrees(),
        List.of(millimetres(plan, 1), millimetres(plan, 0)),
        plan.geometry().depth(),
        plan.geometry().depth(),
        1,
        null,
        evidence);
  }

  private static double millimetres(SeriesPlan plan, int axis) {
    return Math.rint(plan.geometry().spacing(axis) * 1e4) / 1e4;
  }
}
