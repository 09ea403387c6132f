package io.radnet.server.model;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.google.protobuf.TextFormat;
import io.radnet.imaging.InvalidInputException;
import io.radnet.proto.inference.ModelConfig;
import io.radnet.server.model.RequestException.Reason;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletionException;
import java.util.concurrent.atomic.AtomicBoolean;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The order in which requests leave the queue, and those that leave it without a run. */
final class WorkQueueTest {
  private static final String LEVELS = "priority_levels: 3 default_priority_level: 2";

  private static ModelConfig config(String batching) {
    ModelConfig.Builder config = ModelConfig.newBuilder();
    try {
      TextFormat.getParser().merge("dynamic_batching { " + batching + " }", config);
    } catch (TextFormat.ParseException malformed) {
      throw new IllegalArgumentException(malformed);
    }
    return config.build();
  }

  private static WorkQueue queue(String batching) {
    return new WorkQueue(new QueueRules(config(batching), 100), 1 << 20, new ModelCounters());
  }

  private static Work work(int priority) {
    return work(priority, 0, new AtomicBoolean(), false);
  }

  private static Work work(int priority, long timeout, AtomicBoolean gone, boolean admitted) {
    Tensor volume = Tensor.allocate("volume", TensorType.FP32, List.of(1L, 1L));
    return new Work(List.of(volume), priority, timeout, gone::get, admitted);
  }

  private static List<Work> drained(WorkQueue queue) {
    List<Work> order = new ArrayList<>();
    while (!queue.isEmpty()) {
      List<Work> batch = new ArrayList<>();
      queue.takeFirst(batch);
      order.addAll(batch);
    }
    return order;
  }

  /** Until a millisecond has passed, which is longer than the timeouts of these tests. */
  private static void wait(Work work) {
    while (System.nanoTime() - work.arrival() < 1_000_000) {
      Thread.onSpinWait();
    }
  }

  private static void assertTimedOut(Work work) {
    assertThatThrownBy(() -> work.result().join())
        .isInstanceOf(CompletionException.class)
        .cause()
        .isInstanceOfSatisfying(
            RequestException.class, e -> assertThat(e.reason()).isEqualTo(Reason.TIMED_OUT));
  }

  @Test
  void requestsWithoutPriorityComeLastWhereThereAreNoLevels() {
    WorkQueue queue = queue("");
    Work none = work(0);
    Work third = work(3);
    Work first = work(1);
    List.of(none, third, first).forEach(queue::add);
    assertThat(drained(queue)).containsExactly(first, third, none);
  }

  /** As Triton has it: a number that is no level counts as none. */
  @Test
  void requestsThatNameNoLevelHaveTheDefaultOne() {
    WorkQueue queue = queue(LEVELS);
    Work third = work(3);
    Work none = work(0);
    Work beyond = work(4);
    Work second = work(2);
    Work first = work(1);
    List.of(third, none, beyond, second, first).forEach(queue::add);
    assertThat(drained(queue)).containsExactly(first, none, beyond, second, third);
  }

  @Test
  void eachLevelHasRoomOfItsOwn() {
    WorkQueue queue =
        queue(
            LEVELS
                + " default_queue_policy { max_queue_size: 2 }"
                + " priority_queue_policy { key: 1 value { max_queue_size: 1 } }");
    queue.add(work(1));
    assertThatThrownBy(() -> queue.add(work(1)))
        .isInstanceOf(RequestException.class)
        .hasMessage("the queue is full: 1 requests of level 1 wait; try again later");
    queue.add(work(2));
    queue.add(work(0));
    assertThatThrownBy(() -> queue.add(work(2))).hasMessageContaining("2 requests of level 2");
    queue.add(work(3));
    assertThat(drained(queue)).hasSize(4);
  }

  @Test
  void whatWaitedTooLongIsRefusedButNoPartOfAScan() {
    WorkQueue queue = queue("default_queue_policy { default_timeout_microseconds: 10 }");
    Work late = work(0);
    Work window = work(0, 0, new AtomicBoolean(), true);
    queue.add(late);
    queue.add(window);
    wait(window);
    assertThat(drained(queue)).containsExactly(window);
    assertTimedOut(late);
  }

  @Test
  void aRequestMayAskForLessTime() {
    WorkQueue queue = queue("default_queue_policy { default_timeout_microseconds: 60000000 }");
    Work patient = work(0);
    Work hasty = work(0, 10_000, new AtomicBoolean(), false);
    queue.add(hasty);
    queue.add(patient);
    wait(patient);
    assertThat(drained(queue)).containsExactly(patient);
    assertTimedOut(hasty);
  }

  @Test
  void whatWaitedTooLongGoesBehindTheRestOfItsLevelWhereTheModelSaysDelay() {
    WorkQueue queue =
        queue(
            LEVELS
                + " default_queue_policy {"
                + " timeout_action: DELAY default_timeout_microseconds: 200000000 }"
                + " priority_queue_policy { key: 2 value {"
                + " timeout_action: DELAY default_timeout_microseconds: 900 } }");
    Work late = work(2);
    Work lower = work(3);
    queue.add(late);
    queue.add(lower);
    wait(lower);
    Work fresh = work(2);
    queue.add(fresh);
    // Both of level 2 may be late by now, and then they keep their order.
    List<Work> order = drained(queue);
    assertThat(order).containsExactlyInAnyOrder(late, fresh, lower);
    assertThat(order.get(2)).isSameAs(lower);
    assertThat(late.result()).isNotDone();
  }

  /** So that a batch that forms does not wait longer. */
  @Test
  void knowsWhenTheFirstOfABatchIsRefused() {
    Work patient = work(0);
    Work window = work(0, 0, new AtomicBoolean(), true);
    Work hasty = work(0, 5000, new AtomicBoolean(), false);
    String timeout = "default_queue_policy { default_timeout_microseconds: 7";
    WorkQueue queue = queue(timeout + " }");
    assertThat(queue.untilRefusal(List.of(window, patient), patient.arrival())).isEqualTo(7000);
    assertThat(queue.untilRefusal(List.of(hasty), hasty.arrival())).isEqualTo(5000);
    assertThat(queue.untilRefusal(List.of(window), 0)).isEqualTo(Long.MAX_VALUE);
    assertThat(queue(timeout + " timeout_action: DELAY }").untilRefusal(List.of(patient), 0))
        .isEqualTo(Long.MAX_VALUE);
  }

  @Test
  void aFullQueueGivesThePlacesOfThoseThatAreGone() {
    WorkQueue queue = queue("default_queue_policy { max_queue_size: 2 }");
    AtomicBoolean gone = new AtomicBoolean();
    Work left = work(0, 0, gone, false);
    Work stays = work(0);
    queue.add(left);
    queue.add(stays);
    assertThatThrownBy(() -> queue.add(work(0)))
        .hasMessage("the queue is full: 2 requests wait; try again later");
    gone.set(true);
    Work next = work(0);
    queue.add(next);
    assertThat(left.result()).isCompletedExceptionally();
    assertThat(drained(queue)).containsExactly(stays, next);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "priority_levels: 3",
        "priority_levels: 3 default_priority_level: 4",
        "priority_levels: 1 default_priority_level: 1 priority_queue_policy { key: 2 value { } }",
        "priority_queue_policy { key: 1 value { } }",
      })
  void levelsThatDoNotExistAreRefused(String batching) {
    Path file = Path.of("config.pbtxt");
    assertThatThrownBy(() -> QueueRules.check(file, config(batching)))
        .isInstanceOf(InvalidInputException.class)
        .hasMessageContaining("expected: a level, 1 to priority_levels");
  }
}
