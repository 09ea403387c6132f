package io.radnet.server;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

final class ArrivalBudgetTest {
  private final ArrivalBudget<String> budget = new ArrivalBudget<>(100);

  @Test
  void theYoungestGivesWayWhicheverComesFirst() {
    budget.begin("old");
    budget.begin("empty");
    budget.begin("young");
    assertThat(budget.add("young", 60)).isEmpty();
    assertThat(budget.add("old", 40)).isEmpty();
    assertThat(budget.add("old", 1)).containsExactly("young");
    assertThat(budget.bytes()).isEqualTo(41);
  }

  @Test
  void whoAsksGivesWayWhereYoungerOnesHoldTooLittle() {
    budget.begin("old");
    budget.begin("young");
    budget.add("old", 70);
    budget.add("young", 20);
    assertThat(budget.add("old", 40)).containsExactly("old");
    assertThat(budget.bytes()).isEqualTo(20);
    assertThat(budget.add("young", 90)).containsExactly("young");
    assertThat(budget.bytes()).isZero();
  }

  @Test
  void whatIsCompleteStaysUntilItIsRead() {
    budget.begin("old");
    budget.begin("young");
    budget.add("young", 90);
    budget.complete("young");
    assertThat(budget.add("old", 20)).containsExactly("old");
    budget.release("young");
    assertThat(budget.add("old", 100)).isEmpty();
    budget.release("old");
    budget.release("old");
    assertThat(budget.bytes()).isZero();
  }
}
