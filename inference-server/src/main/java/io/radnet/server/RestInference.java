package io.radnet.server;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.google.protobuf.ByteString;
import com.google.protobuf.UnsafeByteOperations;
import com.sun.net.httpserver.HttpExchange;
import io.radnet.proto.inference.InferParameter;
import io.radnet.proto.inference.ModelInferRequest;
import io.radnet.proto.inference.ModelInferRequest.InferInputTensor;
import io.radnet.proto.inference.ModelInferRequest.InferRequestedOutputTensor;
import io.radnet.proto.inference.ModelInferResponse;
import io.radnet.proto.inference.RepositoryIndexResponse;
import io.radnet.server.HttpEndpoint.Answer;
import io.radnet.server.model.RequestException;
import io.radnet.server.model.RequestException.Reason;
import io.radnet.server.model.Tensor;
import io.radnet.server.model.TensorType;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.math.BigInteger;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CompletionException;

/**
 * Inference over REST: JSON, with the binary tensor extension (the JSON first, then the tensors'
 * bytes; the header {@code Inference-Header-Content-Length} says where they begin).
 */
final class RestInference {
  private static final String HEADER_LENGTH = "Inference-Header-Content-Length";
  private static final String SHARED_MEMORY = "shared_memory_region";

  /** What can be asked of an output and is not done here: refused as over gRPC. */
  private static final List<String> UNSUPPORTED = List.of("classification", SHARED_MEMORY);

  private final TensorInference inference;
  private final int maxBytes;
  private final ObjectMapper mapper = new ObjectMapper();

  RestInference(TensorInference inference, int maxBytes) {
    this.inference = inference;
    this.maxBytes = maxBytes;
  }

  Answer infer(HttpExchange exchange, String name, String version) throws IOException {
    byte[] body = RestBody.read(exchange, maxBytes);
    int jsonLength = body.length;
    String header = exchange.getRequestHeaders().getFirst(HEADER_LENGTH);
    if (header != null) {
      try {
        jsonLength = Integer.parseInt(header.strip());
      } catch (NumberFormatException malformed) {
        throw invalid(HEADER_LENGTH + ": not a number");
      }
      if (jsonLength < 0 || jsonLength > body.length) {
        throw invalid(HEADER_LENGTH + ": " + jsonLength + " (expected: 0 to " + body.length + ")");
      }
    }
    JsonNode json;
    try {
      json = mapper.readTree(body, 0, jsonLength);
    } catch (JsonProcessingException malformed) {
      throw invalid("body: not JSON");
    }
    if (!(json instanceof ObjectNode)) {
      throw invalid("body: not a JSON object");
    }
    ByteBuffer binary = ByteBuffer.wrap(body, jsonLength, body.length - jsonLength);
    ModelInferRequest request = request(json, binary, name, version);
    ModelInferResponse response;
    try {
      response = inference.infer("REST infer", request, () -> false).join();
    } catch (CompletionException failure) {
      if (RequestLog.cause(failure) instanceof RuntimeException cause) {
        throw cause;
      }
      throw failure;
    }
    return answer(exchange, response, binaryOutputs(json, response));
  }

  private static ModelInferRequest request(
      JsonNode json, ByteBuffer binary, String name, String version) {
    ModelInferRequest.Builder request =
        ModelInferRequest.newBuilder()
            .setModelName(name)
            .setModelVersion(version)
            .setId(json.path("id").asText(""));
    for (String parameter : List.of("priority", "timeout")) {
      JsonNode value = json.path("parameters").path(parameter);
      if (!value.isMissingNode()) {
        if (!value.canConvertToLong()) {
          throw invalid("parameter " + parameter + ": not an integer");
        }
        request.putParameters(
            parameter, InferParameter.newBuilder().setInt64Param(value.asLong()).build());
      }
    }
    for (JsonNode input : json.path("inputs")) {
      InferInputTensor.Builder tensor =
          InferInputTensor.newBuilder()
              .setName(input.path("name").asText(""))
              .setDatatype(input.path("datatype").asText(""));
      input.path("shape").forEach(size -> tensor.addShape(size.asLong(-1)));
      request.addInputs(tensor);
      request.addRawInputContents(content(input, tensor.getDatatype(), binary));
    }
    if (binary.hasRemaining()) {
      throw invalid("body: " + binary.remaining() + " bytes behind the last tensor");
    }
    for (JsonNode output : json.path("outputs")) {
      InferRequestedOutputTensor.Builder wanted =
          InferRequestedOutputTensor.newBuilder().setName(output.path("name").asText(""));
      for (String parameter : UNSUPPORTED) {
        if (output.path("parameters").has(parameter)) {
          wanted.putParameters(parameter, InferParameter.getDefaultInstance());
        }
      }
      request.addOutputs(wanted);
    }
    return request.build();
  }

  private static ByteString content(JsonNode input, String datatype, ByteBuffer binary) {
    if (input.path("parameters").has(SHARED_MEMORY)) {
      throw new RequestException(Reason.UNSUPPORTED, "shared memory is not supported");
    }
    JsonNode size = input.path("parameters").path("binary_data_size");
    if (!size.isMissingNode()) {
      long bytes = size.asLong(-1);
      if (bytes < 0 || bytes > binary.remaining()) {
        throw invalid(
            "binary_data_size: " + bytes + " (expected: 0 to " + binary.remaining() + ")");
      }
      return ByteString.copyFrom(binary, (int) bytes);
    }
    TensorType type = TensorType.named(datatype);
    if (type == null || type == TensorType.FP16 || type == TensorType.BF16) {
      throw invalid("datatype " + datatype + ": not supported as JSON");
    }
    List<JsonNode> values = new ArrayList<>();
    flatten(input.path("data"), values);
    ByteBuffer out =
        ByteBuffer.allocate(Math.multiplyExact(values.size(), type.bytes()))
            .order(ByteOrder.LITTLE_ENDIAN);
    for (JsonNode value : values) {
      put(out, type, value);
    }
    return UnsafeByteOperations.unsafeWrap(out.flip());
  }

  private static void flatten(JsonNode node, List<JsonNode> values) {
    if (node.isArray()) {
      node.forEach(each -> flatten(each, values));
    } else if (node.isNumber() || node.isBoolean()) {
      values.add(node);
    } else {
      throw invalid("data: missing, or holds something that is neither number nor boolean");
    }
  }

  private static void put(ByteBuffer out, TensorType type, JsonNode value) {
    switch (type) {
      case BOOL -> out.put((byte) (value.asBoolean() ? 1 : 0));
      case UINT8, INT8 -> out.put((byte) value.asInt());
      case UINT16, INT16 -> out.putShort((short) value.asInt());
      case INT32 -> out.putInt(value.asInt());
      case UINT32 -> out.putInt((int) value.asLong());
      case UINT64 -> out.putLong(value.bigIntegerValue().longValue());
      case INT64 -> out.putLong(value.asLong());
      case FP32 -> out.putFloat((float) value.asDouble());
      default -> out.putDouble(value.asDouble());
    }
  }

  private static Set<String> binaryOutputs(JsonNode json, ModelInferResponse response) {
    Set<String> binary = new HashSet<>();
    if (json.path("parameters").path("binary_data_output").asBoolean(false)) {
      response.getOutputsList().forEach(output -> binary.add(output.getName()));
    }
    for (JsonNode output : json.path("outputs")) {
      JsonNode wanted = output.path("parameters").path("binary_data");
      if (wanted.isBoolean()) {
        if (wanted.asBoolean()) {
          binary.add(output.path("name").asText());
        } else {
          binary.remove(output.path("name").asText());
        }
      }
    }
    return binary;
  }

  private Answer answer(HttpExchange exchange, ModelInferResponse response, Set<String> binary)
      throws IOException {
    ObjectNode json = mapper.createObjectNode();
    json.put("model_name", response.getModelName());
    json.put("model_version", response.getModelVersion());
    if (!response.getId().isEmpty()) {
      json.put("id", response.getId());
    }
    ArrayNode outputs = json.putArray("outputs");
    ByteArrayOutputStream tail = new ByteArrayOutputStream();
    for (int i = 0; i < response.getOutputsCount(); i++) {
      ModelInferResponse.InferOutputTensor output = response.getOutputs(i);
      ByteString raw = response.getRawOutputContents(i);
      ObjectNode node = outputs.addObject();
      node.put("name", output.getName());
      node.put("datatype", output.getDatatype());
      ArrayNode shape = node.putArray("shape");
      output.getShapeList().forEach(shape::add);
      if (binary.contains(output.getName())) {
        node.putObject("parameters").put("binary_data_size", raw.size());
        raw.writeTo(tail);
      } else {
        values(output, raw, node.putArray("data"));
      }
    }
    byte[] head = mapper.writeValueAsBytes(json);
    if (tail.size() == 0) {
      return new Answer(200, "application/json", head);
    }
    exchange.getResponseHeaders().set(HEADER_LENGTH, Integer.toString(head.length));
    ByteArrayOutputStream whole = new ByteArrayOutputStream(head.length + tail.size());
    whole.write(head);
    tail.writeTo(whole);
    return new Answer(200, "application/octet-stream", whole.toByteArray());
  }

  private static void values(
      ModelInferResponse.InferOutputTensor output, ByteString raw, ArrayNode data) {
    TensorType type = TensorType.valueOf(output.getDatatype());
    Tensor tensor =
        new Tensor(output.getName(), type, output.getShapeList(), raw.asReadOnlyByteBuffer());
    ByteBuffer in = tensor.data();
    while (in.hasRemaining()) {
      switch (type) {
        case BOOL -> data.add(in.get() != 0);
        case UINT8 -> data.add(in.get() & 0xff);
        case INT8 -> data.add(in.get());
        case UINT16 -> data.add(Short.toUnsignedInt(in.getShort()));
        case INT16 -> data.add(in.getShort());
        case INT32 -> data.add(in.getInt());
        case UINT32 -> data.add(Integer.toUnsignedLong(in.getInt()));
        case UINT64 -> data.add(new BigInteger(Long.toUnsignedString(in.getLong())));
        case INT64 -> data.add(in.getLong());
        case FP32 -> data.add(in.getFloat());
        case FP64 -> data.add(in.getDouble());
        default ->
            throw invalid("output " + output.getName() + ": " + type + " must be asked as binary");
      }
    }
  }

  static String error(String message) {
    return new ObjectMapper().createObjectNode().put("error", message).toString();
  }

  static String index(RepositoryIndexResponse index) {
    ArrayNode models = new ObjectMapper().createArrayNode();
    index
        .getModelsList()
        .forEach(
            model ->
                models
                    .addObject()
                    .put("name", model.getName())
                    .put("version", model.getVersion())
                    .put("state", model.getState())
                    .put("reason", model.getReason()));
    return models.toString();
  }

  private static RequestException invalid(String message) {
    return new RequestException(Reason.INVALID, message);
  }
}
