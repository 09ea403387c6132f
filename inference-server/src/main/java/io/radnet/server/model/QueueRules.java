package io.radnet.server.model;

import io.radnet.imaging.InvalidInputException;
import io.radnet.proto.inference.ModelConfig;
import io.radnet.proto.inference.ModelDynamicBatching;
import io.radnet.proto.inference.ModelQueuePolicy;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.Map;
import java.util.concurrent.TimeUnit;

/**
 * What {@code dynamic_batching} of a model's configuration says of its queue: levels of priority,
 * and for each level how many requests may wait, how long, and what happens to those that waited
 * too long. The rules are those of Triton's dynamic batcher, except that {@code max_queue_size: 0}
 * is the server's own limit and not none.
 */
final class QueueRules {
  /**
   * The rules of one level.
   *
   * @param maxRequests that may wait
   * @param timeoutNanos after which a request has waited too long, 0 for never
   * @param delays whether such a request goes behind all others of its level; else it is refused
   */
  record Policy(int maxRequests, long timeoutNanos, boolean delays) {}

  private final long levels;
  private final long defaultLevel;
  private final Policy everyLevel;
  private final Map<Long, Policy> ofLevel = new HashMap<>();

  /**
   * @param config of the model
   * @param requests that may wait where the configuration says nothing
   */
  QueueRules(ModelConfig config, int requests) {
    ModelDynamicBatching batching = config.getDynamicBatching();
    this.levels = batching.getPriorityLevels();
    this.defaultLevel = batching.getDefaultPriorityLevel();
    this.everyLevel = policy(batching.getDefaultQueuePolicy(), requests);
    batching
        .getPriorityQueuePolicyMap()
        .forEach((level, policy) -> ofLevel.put(level, policy(policy, requests)));
  }

  private static Policy policy(ModelQueuePolicy policy, int requests) {
    int most = policy.getMaxQueueSize();
    return new Policy(
        most == 0 ? requests : most < 0 ? Integer.MAX_VALUE : most,
        TimeUnit.MICROSECONDS.toNanos(policy.getDefaultTimeoutMicroseconds()),
        policy.getTimeoutAction() == ModelQueuePolicy.TimeoutAction.DELAY);
  }

  /**
   * Refuses levels that contradict each other.
   *
   * @param file the configuration, for the message
   * @throws InvalidInputException where there are levels and the default, or one with a policy of
   *     its own, is none of them
   */
  static void check(Path file, ModelConfig config) {
    ModelDynamicBatching batching = config.getDynamicBatching();
    long levels = batching.getPriorityLevels();
    if (levels < 0) {
      throw new InvalidInputException(
          file, "dynamic_batching.priority_levels: above 2^63 (expected: a few)");
    }
    long usual = batching.getDefaultPriorityLevel();
    if (levels > 0 && (usual < 1 || usual > levels)) {
      throw outside(file, "default_priority_level", usual, levels);
    }
    for (long level : batching.getPriorityQueuePolicyMap().keySet()) {
      if (level < 1 || level > levels) {
        throw outside(file, "priority_queue_policy", level, levels);
      }
    }
  }

  private static InvalidInputException outside(Path file, String field, long level, long levels) {
    return new InvalidInputException(
        file,
        "dynamic_batching."
            + field
            + ": "
            + Long.toUnsignedString(level)
            + " (expected: a level, 1 to priority_levels, which is "
            + levels
            + ")");
  }

  /**
   * The level of a request, the lowest number first. Without levels in the configuration each
   * priority is one, and those that name none come last; with levels, those that name none of them
   * have the default.
   *
   * @param priority that it names, 0 for none
   */
  long level(int priority) {
    if (levels == 0) {
      return priority == 0 ? Long.MAX_VALUE : priority;
    }
    return priority < 1 || priority > levels ? defaultLevel : priority;
  }

  /** The rules of a level. Without levels in the configuration all requests are one queue. */
  Policy policy(long level) {
    return ofLevel.getOrDefault(level, everyLevel);
  }

  /** Whether each level is counted for itself. */
  boolean hasLevels() {
    return levels > 0;
  }
}
