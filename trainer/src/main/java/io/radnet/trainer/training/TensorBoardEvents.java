package io.radnet.trainer.training;

import io.radnet.imaging.AtomicFiles;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.zip.CRC32C;

/**
 * The metrics as an event file that TensorBoard reads: records of length, checksum and an {@code
 * Event} message (tensorflow/core/util/event.proto) with one scalar per metric. The wall time of an
 * event is its epoch in seconds, so that the same run gives the same bytes.
 *
 * <p>An epoch is appended, since TensorBoard follows an open file; a record that a crash cut short
 * is dropped by the next resumption, which writes the file anew from {@code metrics.jsonl}.
 */
final class TensorBoardEvents {
  /** TensorBoard looks for {@code tfevents} in the name. */
  static final String FILE = "events.out.tfevents.0.radnet";

  private static final int MASK_DELTA = 0xa282ead8;

  // Protobuf keys: field number << 3 | wire type.
  private static final int WALL_TIME = 1 << 3 | 1;
  private static final int STEP = 2 << 3;
  private static final int FILE_VERSION = 3 << 3 | 2;
  private static final int SUMMARY = 5 << 3 | 2;
  private static final int SUMMARY_VALUE = 1 << 3 | 2;
  private static final int TAG = 1 << 3 | 2;
  private static final int SIMPLE_VALUE = 2 << 3 | 5;

  private final Path file;

  /** Starts the file with these rows, whatever was there. */
  TensorBoardEvents(Path folder, List<Map<String, Double>> rows) throws IOException {
    file = folder.resolve(FILE);
    AtomicFiles.write(
        file,
        out -> {
          out.write(record(version()));
          for (Map<String, Double> row : rows) {
            out.write(record(event(row.getOrDefault("epoch", 0.0).intValue(), row)));
          }
        });
  }

  /** Adds an epoch. */
  void append(int epoch, Map<String, Double> metrics) throws IOException {
    try (FileChannel channel =
        FileChannel.open(file, StandardOpenOption.WRITE, StandardOpenOption.APPEND)) {
      ByteBuffer bytes = ByteBuffer.wrap(record(event(epoch, metrics)));
      while (bytes.hasRemaining()) {
        channel.write(bytes);
      }
      channel.force(true);
    }
  }

  private static byte[] version() {
    ByteArrayOutputStream event = new ByteArrayOutputStream();
    fixed64(event, WALL_TIME, 0);
    bytes(event, FILE_VERSION, "brain.Event:2".getBytes(StandardCharsets.US_ASCII));
    return event.toByteArray();
  }

  private static byte[] event(int epoch, Map<String, Double> metrics) {
    ByteArrayOutputStream summary = new ByteArrayOutputStream();
    new TreeMap<>(metrics)
        .forEach(
            (name, metric) -> {
              if (!name.equals("epoch")) {
                ByteArrayOutputStream value = new ByteArrayOutputStream();
                bytes(value, TAG, name.replace('.', '/').getBytes(StandardCharsets.UTF_8));
                fixed32(value, SIMPLE_VALUE, metric.floatValue());
                bytes(summary, SUMMARY_VALUE, value.toByteArray());
              }
            });
    ByteArrayOutputStream event = new ByteArrayOutputStream();
    fixed64(event, WALL_TIME, epoch);
    event.write(STEP);
    varint(event, epoch);
    bytes(event, SUMMARY, summary.toByteArray());
    return event.toByteArray();
  }

  private static byte[] record(byte[] data) {
    ByteBuffer record = little(8 + 4 + data.length + 4);
    record.putLong(data.length);
    record.putInt(masked(record.array(), 0, 8));
    record.put(data);
    record.putInt(masked(data, 0, data.length));
    return record.array();
  }

  /** CRC-32C, turned and shifted as in TensorFlow's record files. */
  static int masked(byte[] bytes, int from, int length) {
    CRC32C crc = new CRC32C();
    crc.update(bytes, from, length);
    return Integer.rotateRight((int) crc.getValue(), 15) + MASK_DELTA;
  }

  private static ByteBuffer little(int size) {
    return ByteBuffer.allocate(size).order(ByteOrder.LITTLE_ENDIAN);
  }

  private static void fixed64(ByteArrayOutputStream out, int key, double value) {
    out.write(key);
    out.writeBytes(little(Double.BYTES).putDouble(value).array());
  }

  private static void fixed32(ByteArrayOutputStream out, int key, float value) {
    out.write(key);
    out.writeBytes(little(Float.BYTES).putFloat(value).array());
  }

  private static void bytes(ByteArrayOutputStream out, int key, byte[] value) {
    out.write(key);
    varint(out, value.length);
    out.writeBytes(value);
  }

  private static void varint(ByteArrayOutputStream out, int value) {
    int rest = value;
    while ((rest & ~0x7f) != 0) {
      out.write(rest & 0x7f | 0x80);
      rest >>>= 7;
    }
    out.write(rest);
  }
}
