package io.radnet.trainer.training;

import ai.djl.Device;
import ai.djl.engine.Engine;
import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import ai.djl.nn.Block;
import ai.djl.nn.Parameter;
import ai.djl.training.GradientCollector;
import ai.djl.training.ParameterStore;
import io.radnet.trainer.checkpoint.Tensor;
import io.radnet.trainer.network.BatchNorm;
import io.radnet.trainer.network.Weights;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.function.Consumer;
import java.util.function.Supplier;
import java.util.function.ToDoubleFunction;
import org.jspecify.annotations.Nullable;

/**
 * Copies of a network that learn as one. A step runs parts of a batch forward and backward, each
 * copy on a thread of its own, adds up the gradients, and lets each copy's optimiser take the same
 * step. The first copy is the one that is evaluated and saved.
 */
public final class Replicas implements AutoCloseable {
  private record Replica(Block network, NDManager manager, AdamW optimiser, ParameterStore store) {}

  /** Computes the loss of a part of a batch. */
  @FunctionalInterface
  public interface Loss {
    /**
     * @param step what is allocated here lives until the backward pass is done
     * @return a scalar
     */
    NDArray evaluate(Block network, ParameterStore store, NDManager step);
  }

  /**
   * A part of a batch.
   *
   * @param share that its loss has in the step's, in (0, 1]: its share of the batch where the loss
   *     is a mean over the part, 1 where it is what the part adds to a mean over the batch
   */
  public record Part(double share, Loss loss) {}

  /**
   * What a step came to.
   *
   * @param loss of the batch, before the step
   * @param gradientNorm before clipping; where it is not finite, the weights stayed as they were
   */
  public record Result(double loss, double gradientNorm) {}

  private final List<Replica> replicas = new ArrayList<>();
  private final @Nullable ExecutorService threads;

  /**
   * Builds and initialises the copies.
   *
   * @param networks builds one more copy, without weights
   * @param grid depth, height, width of the input
   * @param source of the first values, which all copies share
   */
  public Replicas(
      Supplier<Block> networks,
      List<Integer> grid,
      Weights.Source source,
      Hardware hardware,
      double weightDecay) {
    for (Device device : hardware.choose()) {
      Block network = networks.get();
      NDManager manager = NDManager.newBaseManager(device, Devices.ENGINE);
      Weights.initialize(network, manager, grid, source);
      replicas.add(
          new Replica(
              network,
              manager,
              new AdamW(Weights.byPath(network), manager, weightDecay),
              new ParameterStore(manager, false)));
    }
    threads = replicas.size() == 1 ? null : Executors.newFixedThreadPool(replicas.size());
  }

  /** The first copy. */
  public Block network() {
    return replicas.get(0).network();
  }

  /** The manager of the first copy. */
  public NDManager manager() {
    return replicas.get(0).manager();
  }

  /** Prepares every copy for a step of the run, counted from 0. */
  public void at(long step) {
    each(network -> BatchNorm.at(network, step));
  }

  /** Changes every copy alike, such as freezing some of its parameters. */
  public void each(Consumer<Block> change) {
    replicas.forEach(replica -> change.accept(replica.network()));
  }

  /** The optimiser's state, the same for all copies. */
  public Map<String, Tensor> optimiserState() {
    return replicas.get(0).optimiser().state();
  }

  /** Takes over what {@link #optimiserState} gave. */
  public void restoreOptimiser(Map<String, Tensor> state) {
    replicas.forEach(replica -> replica.optimiser().restore(state));
  }

  /**
   * Learns from one batch.
   *
   * @param parts of the batch, at least one
   * @param rate learning rate by path
   * @param maximumNorm the gradient is scaled down to this global norm
   */
  public Result step(List<Part> parts, ToDoubleFunction<String> rate, double maximumNorm) {
    double loss;
    try (GradientCollector collector = Engine.getEngine(Devices.ENGINE).newGradientCollector()) {
      loss =
          threads == null
              ? learn(replicas.get(0), parts, collector)
              : learnTogether(threads, parts, collector);
    }
    if (replicas.size() > 1) {
      shareGradients();
    }
    double norm = 0;
    for (Replica replica : replicas) {
      norm = replica.optimiser().step(rate, maximumNorm);
    }
    return new Result(loss, norm);
  }

  private static double learn(Replica replica, List<Part> parts, GradientCollector collector) {
    double loss = 0;
    for (Part part : parts) {
      try (NDManager step = replica.manager().newSubManager()) {
        NDArray value = part.loss().evaluate(replica.network(), replica.store(), step);
        NDArray weighted = part.share() == 1 ? value : value.mul(step.create((float) part.share()));
        collector.backward(weighted);
        loss += weighted.getFloat();
      }
    }
    return loss;
  }

  /** Part p goes to copy p modulo their number. */
  private double learnTogether(
      ExecutorService executor, List<Part> parts, GradientCollector collector) {
    List<Future<Double>> losses = new ArrayList<>();
    for (int r = 0; r < replicas.size(); r++) {
      Replica replica = replicas.get(r);
      List<Part> own = new ArrayList<>();
      for (int p = r; p < parts.size(); p += replicas.size()) {
        own.add(parts.get(p));
      }
      losses.add(executor.submit(() -> learn(replica, own, collector)));
    }
    double loss = 0;
    RuntimeException failed = null;
    for (Future<Double> each : losses) {
      try {
        loss += each.get();
      } catch (ExecutionException e) {
        failed =
            e.getCause() instanceof RuntimeException failure
                ? failure
                : new IllegalStateException("a copy of the network failed", e.getCause());
      } catch (InterruptedException e) {
        Thread.currentThread().interrupt();
        failed = new IllegalStateException("interrupted in a training step", e);
      }
    }
    if (failed != null) {
      throw failed;
    }
    return loss;
  }

  /** Gives every copy the sum of all gradients, added in the order of the copies. */
  private void shareGradients() {
    List<Map<String, Parameter>> parameters =
        replicas.stream().map(replica -> Weights.byPath(replica.network())).toList();
    parameters
        .get(0)
        .forEach(
            (path, parameter) -> {
              if (parameter.requiresGradient()) {
                List<NDArray> gradients = new ArrayList<>();
                for (Map<String, Parameter> each : parameters) {
                  Parameter own = each.get(path);
                  if (own != null) {
                    gradients.add(own.getArray().getGradient());
                  }
                }
                addUp(gradients);
                gradients.forEach(NDArray::close);
              }
            });
  }

  private static void addUp(List<NDArray> gradients) {
    NDArray sum = gradients.get(0);
    List<NDArray> others = gradients.subList(1, gradients.size());
    for (NDArray other : others) {
      try (NDArray here = other.toDevice(sum.getDevice(), true)) {
        sum.addi(here);
      }
    }
    for (NDArray other : others) {
      try (NDArray there = sum.toDevice(other.getDevice(), true)) {
        other.subi(other).addi(there);
      }
    }
  }

  @Override
  public void close() {
    if (threads != null) {
      threads.shutdownNow();
    }
    for (Replica replica : replicas) {
      replica.optimiser().close();
      replica.manager().close();
    }
  }
}
