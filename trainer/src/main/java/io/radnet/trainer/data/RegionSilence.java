package io.radnet.trainer.data;

import io.radnet.imaging.labels.SeriesLabels;
import java.util.Map;
import java.util.Set;

/**
 * Whether a label that does not name a region denies it. "Abdomen" says that the scan shows no
 * knee, but not that it shows no liver: what lies beside a named region is left out often (in the
 * synthetic archives 45 percent of the chests and 43 percent of the pelves). A row whose regions
 * were told by someone who knows them all, with confidence 1 (no header reaches that), denies what
 * it leaves out.
 *
 * <p>Metrics do not count what is neither named nor denied. The loss does, in full: counting it
 * less (0.4 and 0.2, one run each) made the head say yes too often, see docs/training.md.
 */
final class RegionSilence {
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

  /** Whether the row says yes or no to {@code region}. */
  static boolean states(SeriesLabels labels, String region) {
    SeriesLabels.Evidence evidence = labels.evidence().get("regions");
    boolean complete = evidence != null && evidence.confidence() >= 1;
    if (complete || labels.regions().contains(region)) {
      return true;
    }
    return labels.regions().stream()
        .noneMatch(named -> BESIDES.getOrDefault(named, Set.of()).contains(region));
  }
}
