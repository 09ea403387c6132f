package io.radnet.imaging.labels;

import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;

/**
 * What the extent of a scan, in mm, says about the regions that its words name.
 *
 * @param rules with the sizes of regions
 * @param shape of the series
 * @param view axial, coronal or sagittal
 */
record RegionExtent(Rules rules, SeriesShape shape, String view) {
  /** From head to foot. */
  private static final List<String> TRUNK = List.of("neck", "chest", "abdomen", "pelvis");

  private static final Set<String> BRAIN_ONLY =
      Set.of("DWI", "ADC", "fMRI", "perfusion", "T2-FLAIR", "SWI", "TOF");
  private static final Set<String> WITHOUT_SKULL = Set.of("DWI", "ADC", "fMRI", "perfusion");

  /**
   * A brain sequence of the head shows the brain; a slice larger than the brain shows the head
   * around it, unless the sequence leaves only the brain; a scan as high as the head shows the
   * brain.
   */
  void headOfBrain(String sequence, List<Vote> votes) {
    boolean head = votes.stream().anyMatch(vote -> vote.value().equals("head"));
    boolean brain = votes.stream().anyMatch(vote -> vote.value().equals("brain"));
    if (head && BRAIN_ONLY.contains(sequence)) {
      List<Vote> moved = new ArrayList<>();
      for (Vote vote : votes) {
        if (vote.value().equals("head")) {
          moved.add(new Vote("brain", vote.weight(), vote.source(), vote.detail()));
        }
      }
      if (WITHOUT_SKULL.contains(sequence)) {
        votes.removeIf(vote -> vote.value().equals("head"));
      }
      votes.addAll(moved);
      votes.add(new Vote("brain", rules.weight("implied"), "sequence", sequence));
    }
    if (WITHOUT_SKULL.contains(sequence) || shape.longSide() > rules.threshold("head_fov_max_mm")) {
      return;
    }
    if (brain && shape.shortSide() >= rules.threshold("head_fov_min_mm")) {
      votes.add(
          new Vote("head", belief(votes, "brain"), "coverage", "slices larger than the brain"));
    }
    if (head && longitudinal() >= rules.threshold("brain_extent_min_mm")) {
      votes.add(
          new Vote("brain", 0.9 * belief(votes, "head"), "coverage", "the height of the head"));
    }
  }

  private static double belief(List<Vote> votes, String region) {
    double belief = 0;
    Set<String> sources = new HashSet<>();
    for (Vote vote : votes) {
      // A source that says it twice is not believed twice.
      if (vote.value().equals(region) && sources.add(vote.source())) {
        belief = 1 - (1 - belief) * (1 - vote.weight());
      }
    }
    return belief;
  }

  /**
   * A scan that is as long as the regions of the trunk that its words name speaks for each of them.
   * Where words name more than the scan is long, the ends are in doubt, of two regions the one with
   * less behind it.
   */
  void trunk(List<Vote> votes, List<String> traps) {
    Map<String, Double> beliefs = new LinkedHashMap<>();
    for (String region : TRUNK) {
      double belief = belief(votes, region);
      if (belief > 0) {
        beliefs.put(region, belief);
      }
    }
    double length = longitudinal();
    if (beliefs.size() < 2 || !(length > 0)) {
      return;
    }
    if (length >= beliefs.size() * rules.threshold("trunk_region_min_mm")) {
      for (String region : beliefs.keySet()) {
        votes.add(
            new Vote(region, rules.weight("implied"), "coverage", "as long as all that is named"));
      }
      return;
    }
    traps.add("the scan is shorter than the regions that its words name");
    List<String> named = List.copyOf(beliefs.keySet());
    Set<String> doubted = new TreeSet<>();
    if (named.size() > 2) {
      doubted.add(named.get(0));
      doubted.add(named.get(named.size() - 1));
    } else {
      double first = beliefs.getOrDefault(named.get(0), 0.0);
      double second = beliefs.getOrDefault(named.get(1), 0.0);
      if (first <= second) {
        doubted.add(named.get(0));
      }
      if (second <= first) {
        doubted.add(named.get(1));
      }
    }
    votes.removeIf(vote -> doubted.contains(vote.value()));
  }

  /** From head to foot in mm; NaN or 0 where unknown. */
  private double longitudinal() {
    return switch (view) {
      case "axial" -> shape.extentAlong();
      case "coronal", "sagittal" ->
          shape.inPlaneMm().isEmpty() ? 0 : shape.rows() * shape.inPlaneMm().get(0);
      default -> 0;
    };
  }

  /** A long axial or coronal scan of the abdomen has liver and kidneys. */
  void organs(List<Vote> votes) {
    double belief = belief(votes, "abdomen");
    double longitudinal = view.equals("sagittal") ? 0 : longitudinal();
    if (belief >= rules.threshold("decide_confidence")
        && longitudinal >= rules.threshold("organ_extent_min_mm")) {
      for (String organ : List.of("liver", "kidney")) {
        votes.add(new Vote(organ, 0.9 * belief, "coverage", "the length of the abdomen"));
      }
    }
  }
}
