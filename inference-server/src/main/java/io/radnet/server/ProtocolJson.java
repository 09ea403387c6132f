package io.radnet.server;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.BigIntegerNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.google.protobuf.Descriptors.Descriptor;
import com.google.protobuf.Descriptors.FieldDescriptor;
import com.google.protobuf.InvalidProtocolBufferException;
import com.google.protobuf.MessageOrBuilder;
import com.google.protobuf.util.JsonFormat;
import java.math.BigInteger;
import java.util.Map;

/**
 * Messages as the REST form of the protocol has them. Protobuf's own JSON writes 64-bit integers as
 * strings and leaves out zeros, while a shape is an array of numbers here, and a client of
 * statistics reads counts of zero.
 */
final class ProtocolJson {
  private static final JsonFormat.Printer PRINTER =
      JsonFormat.printer().preservingProtoFieldNames().includingDefaultValueFields();

  private static final ObjectMapper MAPPER = new ObjectMapper();

  private ProtocolJson() {}

  /** The message as a JSON object, on one line. */
  static String of(MessageOrBuilder message) {
    try {
      JsonNode json = MAPPER.readTree(PRINTER.print(message));
      return MAPPER.writeValueAsString(numbers(json, message.getDescriptorForType()));
    } catch (InvalidProtocolBufferException | JsonProcessingException impossible) {
      throw new IllegalStateException("a message of ours has a JSON form", impossible);
    }
  }

  private static JsonNode numbers(JsonNode json, Descriptor type) {
    if (json instanceof ObjectNode object) {
      for (Map.Entry<String, JsonNode> each : object.properties()) {
        FieldDescriptor field = type.findFieldByName(each.getKey());
        if (field != null) {
          each.setValue(field.isMapField() ? map(each.getValue(), field) : value(each, field));
        }
      }
    }
    return json;
  }

  private static JsonNode value(Map.Entry<String, JsonNode> each, FieldDescriptor field) {
    if (each.getValue() instanceof ArrayNode array) {
      for (int n = 0; n < array.size(); n++) {
        array.set(n, single(array.get(n), field));
      }
      return array;
    }
    return single(each.getValue(), field);
  }

  private static JsonNode map(JsonNode entries, FieldDescriptor field) {
    FieldDescriptor value = field.getMessageType().findFieldByName("value");
    for (Map.Entry<String, JsonNode> each : entries.properties()) {
      each.setValue(single(each.getValue(), value));
    }
    return entries;
  }

  private static JsonNode single(JsonNode json, FieldDescriptor field) {
    return switch (field.getJavaType()) {
      case LONG -> json.isTextual() ? new BigIntegerNode(new BigInteger(json.textValue())) : json;
      case MESSAGE -> numbers(json, field.getMessageType());
      default -> json;
    };
  }
}
