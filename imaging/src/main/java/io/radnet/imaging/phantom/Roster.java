package io.radnet.imaging.phantom;

import java.util.ArrayList;
import java.util.List;

/** Who is scanned, how often, and to which split each patient belongs. */
final class Roster {
  private static final double HELD_OUT = 0.15;

  private final PhantomDataset.Options options;

  Roster(PhantomDataset.Options options) {
    this.options = options;
  }

  List<SeriesPlan> plans() {
    Draw draw = new Draw(options.seed(), false);
    List<Integer> counts = new ArrayList<>();
    Draw sizes = draw.fork(1);
    for (int left = options.series(); left > 0; ) {
      int count = Math.min(left, options.liver() ? 1 + sizes.below(2) : 3 + sizes.below(3));
      counts.add(count);
      left -= count;
    }
    List<String> splits = splits(counts.size(), draw.fork(2));
    ExamDeck all = options.liver() ? ExamDeck.liver(draw.fork(3)) : ExamDeck.labels(draw.fork(3));
    ExamDeck deck = options.modalities().isEmpty() ? all : all.of(options.modalities());
    SeriesPlanner planner = new SeriesPlanner(options.full(), options.liver());
    List<SeriesPlan> plans = new ArrayList<>();
    for (int p = 0; p < counts.size(); p++) {
      String split = splits.get(p);
      Draw source = draw.fork(1_000_000L + p).wide(options.wide() || split.equals("test"));
      Patient patient = Patient.draw(source, p + 1, split);
      for (int n = 1; n <= counts.get(p); n++) {
        plans.add(planner.plan(patient, n, deck.deal()));
      }
    }
    return List.copyOf(plans);
  }

  /** From three patients on, each split has one. */
  private static List<String> splits(int patients, Draw draw) {
    int each = patients < 3 ? 0 : Math.max(1, (int) Math.rint(HELD_OUT * patients));
    List<String> splits = new ArrayList<>();
    for (int p = 0; p < patients; p++) {
      splits.add(p < each ? "test" : p < 2 * each ? "validation" : "train");
    }
    for (int p = patients - 1; p > 0; p--) {
      int other = draw.below(p + 1);
      String moved = splits.get(p);
      splits.set(p, splits.get(other));
      splits.set(other, moved);
    }
    return splits;
  }
}
