package io.radnet.exporter.trace;

import io.radnet.exporter.graph.Tensor;
import java.util.Arrays;

/** What a step reads. */
sealed interface Operand {
  /**
   * A value of the trace: first the inputs, then what each step made.
   *
   * @param index in that order
   */
  record Made(int index) implements Operand {}

  /**
   * A number or a weight.
   *
   * @param name for people
   */
  record Constant(String name, Tensor tensor) implements Operand {
    @Override
    public boolean equals(Object other) {
      return other instanceof Constant constant && tensor.hasSameContent(constant.tensor);
    }

    @Override
    public int hashCode() {
      return Arrays.hashCode(tensor.shape());
    }
  }

  /**
   * The sizes of a Reshape.
   *
   * @param values -1 takes what is left, 0 copies the input's size at that place
   */
  record Sizes(long... values) implements Operand {
    public Sizes {
      values = values.clone();
    }

    @Override
    public long[] values() {
      return values.clone();
    }

    @Override
    public boolean equals(Object other) {
      return other instanceof Sizes sizes && Arrays.equals(values, sizes.values);
    }

    @Override
    public int hashCode() {
      return Arrays.hashCode(values);
    }
  }

  /** An optional input that is left out. */
  record Absent() implements Operand {}
}
