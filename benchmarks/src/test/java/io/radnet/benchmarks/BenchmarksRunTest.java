package io.radnet.benchmarks;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.DynamicTest.dynamicTest;

import io.radnet.benchmarks.convolution.Layer;
import io.radnet.benchmarks.suite.BenchmarkClass;
import java.util.Collection;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestFactory;
import org.openjdk.jmh.results.RunResult;
import org.openjdk.jmh.runner.Runner;
import org.openjdk.jmh.runner.RunnerException;
import org.openjdk.jmh.runner.options.ChainedOptionsBuilder;
import org.openjdk.jmh.runner.options.OptionsBuilder;
import org.openjdk.jmh.runner.options.TimeValue;
import org.openjdk.jmh.runner.options.VerboseMode;

/** Runs every benchmark once, in this process and on its smallest parameters, so that none rots. */
class BenchmarksRunTest {
  @TestFactory
  Stream<DynamicTest> everyBenchmarkRuns() {
    List<BenchmarkClass> classes = BenchmarkClass.matching("io\\.radnet\\.benchmarks\\..*");
    assertThat(classes).hasSizeGreaterThanOrEqualTo(4);
    return classes.stream()
        .map(
            benchmarks ->
                dynamicTest(benchmarks.type().getSimpleName(), () -> runsOnce(benchmarks)));
  }

  private static void runsOnce(BenchmarkClass benchmarks) throws RunnerException {
    ChainedOptionsBuilder options =
        new OptionsBuilder()
            .include(benchmarks.include())
            .forks(0)
            .warmupIterations(0)
            .measurementIterations(1)
            .measurementTime(TimeValue.milliseconds(10))
            .shouldFailOnError(true)
            .verbosity(VerboseMode.SILENT);
    benchmarks.quickParameters().forEach(options::param);
    Collection<RunResult> results = new Runner(options.build()).run();
    assertThat(results).hasSizeGreaterThanOrEqualTo(benchmarks.methods().size());
    assertThat(results).allMatch(result -> result.getPrimaryResult().getScore() > 0);
  }

  @Test
  void operationsOfALayerAreCounted() {
    assertThat(Layer.parse("64:64:3x3x3:1:24x48x48").operations())
        .isEqualTo(2L * 64 * 64 * 27 * 24 * 48 * 48);
    assertThat(Layer.parse("1:64:3x7x7:2:48x192x192").operations())
        .isEqualTo(2L * 64 * 147 * 48 * 96 * 96);
  }
}
