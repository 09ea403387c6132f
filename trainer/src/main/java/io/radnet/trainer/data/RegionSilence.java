package io.radnet.trainer.data;

import io.radnet.imaging.labels.SeriesLabels;
import java.util.Map;
import java.util.Set;

/**
 * What it means that a header does not name a region. "Abdomen" says that the scan shows no knee,
 * but not that it shows no liver: what lies beside a named region is left out often (in the
 * synthetic archives 45 percent of the chests and 43 percent of the pelves). If a region that is
 * there is named with rate {@code s}, a head that sees it with probability 1/2 should answer 1/2,
 * and its loss is least there if an absence weighs {@code (s / 2) / (1 - s / 2)}: 0.4 for {@code s
 * = 0.56}. That is a derivation and not the best of several that were tried.
 *
 * <p>A row whose regions were told by someone who knows them all, with confidence 1 (no header
 * reaches that), means what it leaves out.
 */
final class RegionSilence {
  /** Weight of an absence that the header does not really claim. */
  static final float BESIDE = 0.4f;

  private static final Map<String, Set<String>> BESIDES =
      Map.ofEntries(
          Map.entry("brain", Set.of("head")),
          Map.entry("head", Set.of("brain", "neck")),
          Map.entry("neck", Set.of("head", "chest", "spine")),
          Map.entry("chest", Set.of("neck", "breast", "liver", "kidney", "abdomen", "spine")),
          Map.entry("breast", Set.of("chest")),
          Map.entry("liver", Set.of("chest", "kidney", "abdomen")),
          Map.entry("kidney", Set.of("chest", "liver", "abdomen", "pelvis")),
          Map.entry("abdomen", Set.of("chest", "liver", "kidney", "pelvis", "spine")),
          Map.entry("pelvis", Set.of("abdomen", "liver", "kidney", "spine", "extremity")),
          Map.entry("spine", Set.of("neck", "chest", "abdomen", "pelvis")),
          Map.entry("extremity", Set.of("pelvis")));

  private RegionSilence() {}

  /** How much the row's yes or no to {@code region} counts in the loss, in (0, 1]. */
  static float trust(SeriesLabels labels, String region) {
    SeriesLabels.Evidence evidence = labels.evidence().get("regions");
    boolean complete = evidence != null && evidence.confidence() >= 1;
    if (complete || labels.regions().contains(region)) {
      return 1;
    }
    return labels.regions().stream()
            .anyMatch(named -> BESIDES.getOrDefault(named, Set.of()).contains(region))
        ? BESIDE
        : 1;
  }
}
