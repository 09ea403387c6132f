package io.radnet.exporter.trace;

import io.radnet.proto.onnx.AttributeProto;
import java.util.List;

/**
 * One operator that a function asked for.
 *
 * @param operator ONNX's name for it
 * @param operands in order
 * @param attributes its settings
 */
record Step(String operator, List<Operand> operands, List<AttributeProto> attributes) {
  Step {
    operands = List.copyOf(operands);
    attributes = List.copyOf(attributes);
  }
}
