package io.radnet.benchmarks;

import static org.assertj.core.api.Assertions.assertThat;

import io.radnet.benchmarks.convolution.Convolution;
import java.util.Collection;
import org.junit.jupiter.api.Test;
import org.openjdk.jmh.results.RunResult;
import org.openjdk.jmh.runner.Runner;
import org.openjdk.jmh.runner.RunnerException;
import org.openjdk.jmh.runner.options.OptionsBuilder;
import org.openjdk.jmh.runner.options.TimeValue;
import org.openjdk.jmh.runner.options.VerboseMode;

/** Runs every benchmark once, in this process and on its smallest parameters, so that none rots. */
class BenchmarksRunTest {
  @Test
  void everyBenchmarkRuns() throws RunnerException {
    Collection<RunResult> results =
        new Runner(
                new OptionsBuilder()
                    .include("io\\.radnet\\.benchmarks\\..*")
                    .param("grids", "64x256x256:48x192x192")
                    .param("voxels", "40x512x512")
                    .param("layer", "256,256,3x3x3,1,6x12x12")
                    .forks(0)
                    .warmupIterations(0)
                    .measurementIterations(1)
                    .measurementTime(TimeValue.milliseconds(20))
                    .shouldFailOnError(true)
                    .verbosity(VerboseMode.SILENT)
                    .build())
            .run();
    assertThat(results).hasSizeGreaterThanOrEqualTo(8);
    assertThat(results).allMatch(result -> result.getPrimaryResult().getScore() > 0);
  }

  @Test
  void operationsOfALayerAreCounted() {
    assertThat(Convolution.operations("64,64,3x3x3,1,24x48x48"))
        .isEqualTo(2L * 64 * 64 * 27 * 24 * 48 * 48);
    assertThat(Convolution.operations("1,64,3x7x7,2,48x192x192"))
        .isEqualTo(2L * 64 * 147 * 48 * 96 * 96);
  }
}
