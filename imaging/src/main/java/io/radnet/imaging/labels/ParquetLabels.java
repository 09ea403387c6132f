package io.radnet.imaging.labels;

import java.io.IOException;
import java.io.OutputStream;
import java.util.List;
import org.apache.parquet.conf.PlainParquetConfiguration;
import org.apache.parquet.example.data.Group;
import org.apache.parquet.example.data.simple.SimpleGroup;
import org.apache.parquet.hadoop.ParquetWriter;
import org.apache.parquet.hadoop.example.ExampleParquetWriter;
import org.apache.parquet.hadoop.metadata.CompressionCodecName;
import org.apache.parquet.io.OutputFile;
import org.apache.parquet.io.PositionOutputStream;
import org.apache.parquet.schema.MessageType;
import org.apache.parquet.schema.MessageTypeParser;
import org.jspecify.annotations.Nullable;

/**
 * Rows of labels as Parquet, without a Hadoop file system. Dictionary encoded and not compressed:
 * the columns are short words that repeat.
 */
final class ParquetLabels {
  static final MessageType SCHEMA =
      MessageTypeParser.parseMessageType(
          """
          message labels {
            required binary series_uid (STRING);
            required binary path (STRING);
            required binary modality (STRING);
            required binary sequence (STRING);
            required binary fat_suppressed (STRING);
            required binary view (STRING);
            optional boolean oblique;
            required binary contrast (STRING);
            required group regions (LIST) { repeated group list { required binary element (STRING); } }
            optional double spacing_mm;
            optional binary spacing_source (STRING);
            optional boolean spacing_uniform;
            optional double tilt_degrees;
            required group in_plane_spacing_mm (LIST) { repeated group list { required double element; } }
            required int32 n_instances;
            required int32 n_slices;
            required int32 n_volumes;
            optional binary rejected (STRING);
            required binary evidence (JSON);
          }
          """);

  private ParquetLabels() {}

  static void write(OutputStream out, Iterable<SeriesLabels> rows) throws IOException {
    try (ParquetWriter<Group> writer =
        ExampleParquetWriter.builder(new StreamOutput(out))
            .withConf(new PlainParquetConfiguration())
            .withType(SCHEMA)
            .withCompressionCodec(CompressionCodecName.UNCOMPRESSED)
            .build()) {
      for (SeriesLabels row : rows) {
        writer.write(group(row));
      }
    }
  }

  private static Group group(SeriesLabels row) {
    Group group = new SimpleGroup(SCHEMA);
    group.add("series_uid", row.seriesUid());
    group.add("path", row.path());
    group.add("modality", row.modality());
    group.add("sequence", row.sequence());
    group.add("fat_suppressed", row.fatSuppressed());
    group.add("view", row.view());
    add(group, "oblique", row.oblique());
    group.add("contrast", row.contrast());
    list(group.addGroup("regions"), row.regions());
    add(group, "spacing_mm", row.spacingMm());
    if (row.spacingSource() != null) {
      group.add("spacing_source", row.spacingSource());
    }
    add(group, "spacing_uniform", row.spacingUniform());
    add(group, "tilt_degrees", row.tiltDegrees());
    list(group.addGroup("in_plane_spacing_mm"), row.inPlaneSpacingMm());
    group.add("n_instances", row.nInstances());
    group.add("n_slices", row.nSlices());
    group.add("n_volumes", row.nVolumes());
    if (row.rejected() != null) {
      group.add("rejected", row.rejected());
    }
    group.add("evidence", LabelTable.text(row.evidence()));
    return group;
  }

  private static void add(Group group, String name, @Nullable Double value) {
    if (value != null) {
      group.add(name, value);
    }
  }

  private static void add(Group group, String name, @Nullable Boolean value) {
    if (value != null) {
      group.add(name, value);
    }
  }

  private static void list(Group group, List<?> values) {
    for (Object value : values) {
      Group item = group.addGroup("list");
      if (value instanceof Double number) {
        item.add("element", number);
      } else {
        item.add("element", value.toString());
      }
    }
  }

  /** A stream that counts, as Parquet wants it; the caller closes it. */
  private record StreamOutput(OutputStream out) implements OutputFile {
    @Override
    public PositionOutputStream create(long blockSize) {
      return new PositionOutputStream() {
        private long position;

        @Override
        public long getPos() {
          return position;
        }

        @Override
        public void write(int value) throws IOException {
          out.write(value);
          position++;
        }

        @Override
        public void write(byte[] bytes, int offset, int length) throws IOException {
          out.write(bytes, offset, length);
          position += length;
        }

        @Override
        public void flush() throws IOException {
          out.flush();
        }
      };
    }

    @Override
    public PositionOutputStream createOrOverwrite(long blockSize) {
      return create(blockSize);
    }

    @Override
    public boolean supportsBlockSize() {
      return false;
    }

    @Override
    public long defaultBlockSize() {
      return 0;
    }
  }
}
