package io.radnet.trainer.checkpoint;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.radnet.imaging.InvalidInputException;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.Collections;
import java.util.Map;
import java.util.TreeMap;

/**
 * The published safetensors layout, float32 only: the length of the header (8 bytes, little
 * endian), a JSON header (name to dtype, shape and offsets, padded with spaces to 8 bytes), then
 * the little-endian values. Tensors are written in the order of their names, so equal weights give
 * equal bytes.
 */
public final class Safetensors {
  private static final ObjectMapper JSON = new ObjectMapper();
  private static final int MAXIMUM_HEADER = 100_000_000;
  private static final int CHUNK = 1 << 16;

  private Safetensors() {}

  /** Writes all tensors; the stream is left open. */
  public static void write(OutputStream out, Map<String, Tensor> tensors) throws IOException {
    ObjectNode header = JSON.createObjectNode();
    long offset = 0;
    for (Map.Entry<String, Tensor> entry : new TreeMap<>(tensors).entrySet()) {
      ObjectNode tensor = header.putObject(entry.getKey());
      tensor.put("dtype", "F32");
      var shape = tensor.putArray("shape");
      for (long side : entry.getValue().shape()) {
        shape.add(side);
      }
      long end = offset + 4L * entry.getValue().values().length;
      tensor.putArray("data_offsets").add(offset).add(end);
      offset = end;
    }
    byte[] json = JSON.writeValueAsBytes(header);
    int padded = (json.length + 7) / 8 * 8;
    out.write(ByteBuffer.allocate(8).order(ByteOrder.LITTLE_ENDIAN).putLong(padded).array());
    out.write(json);
    out.write(" ".repeat(padded - json.length).getBytes(StandardCharsets.US_ASCII));
    ByteBuffer chunk = ByteBuffer.allocate(4 * CHUNK).order(ByteOrder.LITTLE_ENDIAN);
    for (Tensor tensor : new TreeMap<>(tensors).values()) {
      float[] values = tensor.values();
      for (int start = 0; start < values.length; start += CHUNK) {
        int count = Math.min(CHUNK, values.length - start);
        chunk.clear();
        chunk.asFloatBuffer().put(values, start, count);
        out.write(chunk.array(), 0, 4 * count);
      }
    }
  }

  /**
   * Reads a whole file's content.
   *
   * @param where the file, for messages
   * @throws InvalidInputException where the bytes are no such file, or hold another type than
   *     float32
   */
  public static Map<String, Tensor> read(ByteBuffer bytes, Object where) {
    ByteBuffer content = bytes.duplicate().order(ByteOrder.LITTLE_ENDIAN);
    if (content.remaining() < 8) {
      throw new InvalidInputException(where, "bytes: " + content.remaining() + " (expected: >= 8)");
    }
    long headerLength = content.getLong();
    if (headerLength < 2 || headerLength > Math.min(MAXIMUM_HEADER, content.remaining())) {
      throw new InvalidInputException(
          where,
          "header length: " + headerLength + " (expected: 2 to " + content.remaining() + ")");
    }
    byte[] json = new byte[(int) headerLength];
    content.get(json);
    ByteBuffer data = content.slice().order(ByteOrder.LITTLE_ENDIAN);
    Map<String, Tensor> tensors = new TreeMap<>();
    for (Map.Entry<String, JsonNode> entry : header(json, where).properties()) {
      if (!entry.getKey().equals("__metadata__")) {
        tensors.put(entry.getKey(), tensor(entry.getKey(), entry.getValue(), data, where));
      }
    }
    return Collections.unmodifiableMap(tensors);
  }

  private static ObjectNode header(byte[] json, Object where) {
    JsonNode header;
    try {
      header = JSON.readTree(new String(json, StandardCharsets.UTF_8));
    } catch (JsonProcessingException e) {
      throw new InvalidInputException(where, "header: not JSON", e);
    }
    if (header instanceof ObjectNode object) {
      return object;
    }
    throw new InvalidInputException(where, "header: not a JSON object");
  }

  private static Tensor tensor(String name, JsonNode entry, ByteBuffer data, Object where) {
    String type = entry.path("dtype").asText();
    if (!type.equals("F32")) {
      throw new InvalidInputException(where, name + ": dtype " + type + " (expected: F32)");
    }
    JsonNode sides = entry.path("shape");
    JsonNode offsets = entry.path("data_offsets");
    long[] shape = new long[sides.size()];
    double size = 4;
    for (int axis = 0; axis < shape.length; axis++) {
      shape[axis] = sides.get(axis).asLong(-1);
      size *= shape[axis];
    }
    long start = offsets.path(0).asLong(-1);
    long end = offsets.path(1).asLong(-1);
    if (!sides.isArray() || start < 0 || end < start || end > data.limit() || size != end - start) {
      throw new InvalidInputException(
          where,
          name
              + ": offsets "
              + start
              + " to "
              + end
              + " (expected: "
              + (long) size
              + " bytes within "
              + data.limit()
              + ")");
    }
    float[] values = new float[(int) ((end - start) / 4)];
    data.slice((int) start, (int) (end - start))
        .order(ByteOrder.LITTLE_ENDIAN)
        .asFloatBuffer()
        .get(values);
    return new Tensor(shape, values);
  }
}
