package io.radnet.benchmarks.floor;

import java.util.concurrent.TimeUnit;
import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.VectorSpecies;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Fork;
import org.openjdk.jmh.annotations.Measurement;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OperationsPerInvocation;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.Warmup;

/**
 * The peak of float32 multiply-adds on one thread: a loop over registers that touches no memory.
 * Ten independent chains cover the latency of an FMA on two ports. The score counts fused
 * multiply-adds of one vector; multiply by {@code 2 * lanes} for floating-point operations.
 */
@State(Scope.Thread)
@BenchmarkMode(Mode.Throughput)
@OutputTimeUnit(TimeUnit.NANOSECONDS)
@Fork(value = 1, jvmArgsAppend = "--add-modules=jdk.incubator.vector")
@Warmup(iterations = 3, time = 1)
@Measurement(iterations = 5, time = 1)
public class PeakFlops {
  private static final int STEPS = 10_000;
  private static final int CHAINS = 10;
  private static final VectorSpecies<Float> SPECIES = FloatVector.SPECIES_PREFERRED;

  /** Lanes of a vector on this machine. */
  public static int lanes() {
    return SPECIES.length();
  }

  private float factor = 0.999f;
  private float addend = 0.001f;

  /** Fused multiply-adds in registers. */
  @Benchmark
  @OperationsPerInvocation(STEPS * CHAINS)
  public float fusedMultiplyAdd() {
    FloatVector f = FloatVector.broadcast(SPECIES, factor);
    FloatVector a = FloatVector.broadcast(SPECIES, addend);
    FloatVector v0 = a;
    FloatVector v1 = a;
    FloatVector v2 = a;
    FloatVector v3 = a;
    FloatVector v4 = a;
    FloatVector v5 = a;
    FloatVector v6 = a;
    FloatVector v7 = a;
    FloatVector v8 = a;
    FloatVector v9 = a;
    for (int step = 0; step < STEPS; step++) {
      v0 = v0.fma(f, a);
      v1 = v1.fma(f, a);
      v2 = v2.fma(f, a);
      v3 = v3.fma(f, a);
      v4 = v4.fma(f, a);
      v5 = v5.fma(f, a);
      v6 = v6.fma(f, a);
      v7 = v7.fma(f, a);
      v8 = v8.fma(f, a);
      v9 = v9.fma(f, a);
    }
    return v0.add(v1).add(v2).add(v3).add(v4).add(v5).add(v6).add(v7).add(v8).add(v9).lane(0);
  }
}
