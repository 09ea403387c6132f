package io.radnet.benchmarks.serving;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

final class PairsTest {
  @Test
  void theIntervalIsThatOfTheSignTest() {
    // Tables of the sign test: with 6 values the extremes, with 10 the second, with 60 the 22nd.
    assertThat(Pairs.lowerRank(5)).isNegative();
    assertThat(Pairs.lowerRank(6)).isZero();
    assertThat(Pairs.lowerRank(10)).isEqualTo(1);
    assertThat(Pairs.lowerRank(60)).isEqualTo(21);
  }

  @Test
  void sumsUpByTheMedian() {
    Pairs pairs = new Pairs();
    assertThat(pairs.summary()).isEqualTo("no pairs");
    for (double ratio : new double[] {1.1, 0.9, 1, 50, 1.05, 1.02}) {
      pairs.add(ratio);
    }
    assertThat(pairs.summary())
        .isEqualTo("median ratio 1.035, 95 % interval 0.900 to 50.000, 6 pairs");
  }

  @Test
  void takesTurns() throws Exception {
    Pairs pairs = new Pairs();
    List<String> order = new ArrayList<>();
    for (int pair = 0; pair < 2; pair++) {
      pairs.add(() -> order.add("ours"), () -> order.add("floor"));
    }
    assertThat(order).containsExactly("ours", "floor", "floor", "ours");
    assertThat(pairs.count()).isEqualTo(2);
  }
}
