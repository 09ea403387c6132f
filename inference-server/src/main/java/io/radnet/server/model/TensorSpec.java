package io.radnet.server.model;

import java.util.List;

/**
 * An input or output of a model.
 *
 * @param name as in the ONNX graph
 * @param type of the elements
 * @param shape -1 for a variable dimension
 */
public record TensorSpec(String name, TensorType type, List<Long> shape) {
  /** Copies the list. */
  public TensorSpec {
    shape = List.copyOf(shape);
  }

  /** Whether a tensor of {@code actual} shape can be this one. */
  public boolean accepts(List<Long> actual) {
    if (actual.size() != shape.size()) {
      return false;
    }
    for (int axis = 0; axis < shape.size(); axis++) {
      if (shape.get(axis) >= 0 && !shape.get(axis).equals(actual.get(axis))) {
        return false;
      }
    }
    return true;
  }
}
