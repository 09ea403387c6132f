package io.radnet.server;

import com.google.protobuf.ByteString;
import com.google.protobuf.UnsafeByteOperations;
import io.radnet.proto.inference.InferTensorContents;
import io.radnet.proto.inference.ModelInferRequest;
import io.radnet.proto.inference.ModelInferRequest.InferInputTensor;
import io.radnet.proto.inference.ModelInferResponse;
import io.radnet.server.model.RequestException;
import io.radnet.server.model.RequestException.Reason;
import io.radnet.server.model.ServedModel;
import io.radnet.server.model.Tensor;
import io.radnet.server.model.TensorSpec;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/** Messages of the Open Inference Protocol to tensors and back, by the protocol's exact rules. */
final class TensorRequests {
  private TensorRequests() {}

  /**
   * The inputs in the model's order.
   *
   * @throws RequestException where the request contradicts itself or the model
   */
  static List<Tensor> inputs(ModelInferRequest request, ServedModel model) {
    boolean raw = request.getRawInputContentsCount() > 0;
    if (raw && request.getRawInputContentsCount() != request.getInputsCount()) {
      throw invalid(
          "raw_input_contents: "
              + request.getRawInputContentsCount()
              + " (expected: one per input, "
              + request.getInputsCount()
              + ")");
    }
    Map<String, Tensor> given = new HashMap<>();
    for (int i = 0; i < request.getInputsCount(); i++) {
      InferInputTensor input = request.getInputs(i);
      TensorSpec spec =
          model.inputs().stream()
              .filter(each -> each.name().equals(input.getName()))
              .findFirst()
              .orElseThrow(
                  () ->
                      invalid(
                          "input "
                              + input.getName()
                              + ": unknown (expected: "
                              + names(model.inputs())
                              + ")"));
      check(input, spec, model);
      if (raw && input.hasContents()) {
        throw invalid(
            "input " + input.getName() + ": contents and raw_input_contents are both set");
      }
      Tensor tensor =
          raw ? fromRaw(input, spec, request.getRawInputContents(i)) : fromContents(input, spec);
      if (given.put(spec.name(), tensor) != null) {
        throw invalid("input " + input.getName() + ": given twice");
      }
    }
    List<Tensor> ordered = new ArrayList<>();
    for (TensorSpec spec : model.inputs()) {
      Tensor tensor = given.get(spec.name());
      if (tensor == null) {
        throw invalid("input " + spec.name() + ": missing");
      }
      ordered.add(tensor);
    }
    if (model.config().getMaxBatchSize() > 0) {
      checkBatches(ordered);
    }
    return ordered;
  }

  private static void check(InferInputTensor input, TensorSpec spec, ServedModel model) {
    if (input.getParametersMap().containsKey("shared_memory_region")) {
      throw new RequestException(Reason.UNSUPPORTED, "shared memory is not supported");
    }
    if (!spec.type().name().equals(input.getDatatype())) {
      throw invalid(
          "input "
              + input.getName()
              + ": datatype "
              + input.getDatatype()
              + " (expected: "
              + spec.type()
              + ")");
    }
    if (!spec.accepts(input.getShapeList())) {
      throw invalid(
          "input "
              + input.getName()
              + ": shape "
              + input.getShapeList()
              + " (expected: "
              + spec.shape()
              + ")");
    }
    int maxBatch = model.config().getMaxBatchSize();
    if (maxBatch > 0
        && !input.getShapeList().isEmpty()
        && (input.getShape(0) < 1 || input.getShape(0) > maxBatch)) {
      throw invalid(
          "input "
              + input.getName()
              + ": batch "
              + input.getShape(0)
              + " (expected: 1 to "
              + maxBatch
              + ")");
    }
    if (Tensor.elements(input.getShapeList()) == 0) {
      throw invalid("input " + input.getName() + ": shape " + input.getShapeList() + " is empty");
    }
  }

  private static void checkBatches(List<Tensor> inputs) {
    for (Tensor input : inputs) {
      if (input.batch() != inputs.get(0).batch()) {
        throw invalid(
            "input "
                + input.name()
                + ": batch "
                + input.batch()
                + " (expected: "
                + inputs.get(0).batch()
                + ", as of "
                + inputs.get(0).name()
                + ")");
      }
    }
  }

  private static Tensor fromRaw(InferInputTensor input, TensorSpec spec, ByteString raw) {
    long expected = Tensor.elements(input.getShapeList()) * spec.type().bytes();
    if (raw.size() != expected) {
      throw invalid(
          "input "
              + input.getName()
              + ": "
              + raw.size()
              + " raw bytes (expected: "
              + expected
              + " for "
              + spec.type()
              + " "
              + input.getShapeList()
              + ")");
    }
    ByteBuffer sent = raw.asReadOnlyByteBuffer();
    if (sent.isDirect() && sent.alignmentOffset(0, spec.type().bytes()) == 0) {
      return new Tensor(spec.name(), spec.type(), input.getShapeList(), sent);
    }
    Tensor tensor = Tensor.allocate(spec.name(), spec.type(), input.getShapeList());
    tensor.data().duplicate().put(sent);
    return tensor;
  }

  private static Tensor fromContents(InferInputTensor input, TensorSpec spec) {
    InferTensorContents contents = input.getContents();
    int given =
        switch (spec.type()) {
          case BOOL -> contents.getBoolContentsCount();
          case INT8, INT16, INT32 -> contents.getIntContentsCount();
          case INT64 -> contents.getInt64ContentsCount();
          case UINT8, UINT16, UINT32 -> contents.getUintContentsCount();
          case UINT64 -> contents.getUint64ContentsCount();
          case FP32 -> contents.getFp32ContentsCount();
          case FP64 -> contents.getFp64ContentsCount();
          case FP16, BF16 ->
              throw invalid(
                  "input " + input.getName() + ": " + spec.type() + " must be sent as raw bytes");
        };
    long expected = Tensor.elements(input.getShapeList());
    if (given != expected) {
      throw invalid(
          "input "
              + input.getName()
              + ": "
              + given
              + " values (expected: "
              + expected
              + " for shape "
              + input.getShapeList()
              + ")");
    }
    Tensor tensor = Tensor.allocate(spec.name(), spec.type(), input.getShapeList());
    ByteBuffer out = tensor.data().duplicate().order(java.nio.ByteOrder.LITTLE_ENDIAN);
    switch (spec.type()) {
      case BOOL -> contents.getBoolContentsList().forEach(v -> out.put((byte) (v ? 1 : 0)));
      case INT8 -> contents.getIntContentsList().forEach(v -> out.put(v.byteValue()));
      case INT16 -> contents.getIntContentsList().forEach(v -> out.putShort(v.shortValue()));
      case INT32 -> contents.getIntContentsList().forEach(out::putInt);
      case INT64 -> contents.getInt64ContentsList().forEach(out::putLong);
      case UINT8 -> contents.getUintContentsList().forEach(v -> out.put(v.byteValue()));
      case UINT16 -> contents.getUintContentsList().forEach(v -> out.putShort(v.shortValue()));
      case UINT32 -> contents.getUintContentsList().forEach(out::putInt);
      case UINT64 -> contents.getUint64ContentsList().forEach(out::putLong);
      case FP32 -> contents.getFp32ContentsList().forEach(out::putFloat);
      default -> contents.getFp64ContentsList().forEach(out::putDouble);
    }
    return tensor;
  }

  /**
   * The outputs to return, by name.
   *
   * @throws RequestException where a name is unknown or asks for something that is not done here
   */
  static List<String> outputs(ModelInferRequest request, ServedModel model) {
    if (request.getOutputsCount() == 0) {
      return names(model.outputs());
    }
    List<String> known = names(model.outputs());
    List<String> wanted = new ArrayList<>();
    for (ModelInferRequest.InferRequestedOutputTensor output : request.getOutputsList()) {
      if (!known.contains(output.getName())) {
        throw invalid("output " + output.getName() + ": unknown (expected: " + known + ")");
      }
      if (output.getParametersMap().containsKey("classification")
          || output.getParametersMap().containsKey("shared_memory_region")) {
        throw new RequestException(
            Reason.UNSUPPORTED,
            "output " + output.getName() + ": classification and shared memory are not supported");
      }
      wanted.add(output.getName());
    }
    return wanted;
  }

  private static List<String> names(List<TensorSpec> specs) {
    return specs.stream().map(TensorSpec::name).toList();
  }

  /** The answer, with all outputs as raw bytes. */
  static ModelInferResponse response(
      ModelInferRequest request, ServedModel model, List<String> wanted, Map<String, Tensor> all) {
    ModelInferResponse.Builder response =
        ModelInferResponse.newBuilder()
            .setModelName(model.name())
            .setModelVersion(model.version())
            .setId(request.getId());
    for (String name : wanted) {
      Tensor tensor = all.get(name);
      if (tensor == null) {
        throw new IllegalStateException("the network gave no output " + name);
      }
      response.addOutputs(
          ModelInferResponse.InferOutputTensor.newBuilder()
              .setName(name)
              .setDatatype(tensor.type().name())
              .addAllShape(tensor.shape()));
      // The buffer was made for this answer and nobody writes to it any more: no copy.
      response.addRawOutputContents(UnsafeByteOperations.unsafeWrap(tensor.data().duplicate()));
    }
    return response.build();
  }

  private static RequestException invalid(String message) {
    return new RequestException(Reason.INVALID, message);
  }
}
