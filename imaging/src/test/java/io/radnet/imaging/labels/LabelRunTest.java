package io.radnet.imaging.labels;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import de.siegmar.fastcsv.reader.CsvReader;
import de.siegmar.fastcsv.reader.NamedCsvRecord;
import io.radnet.imaging.InvalidInputException;
import io.radnet.imaging.WriterLock;
import io.radnet.imaging.dicom.DicomWriter;
import io.radnet.imaging.dicom.Tag;
import io.radnet.imaging.dicom.VR;
import io.radnet.imaging.dicom.WritableDataset;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.apache.parquet.ParquetReadOptions;
import org.apache.parquet.conf.PlainParquetConfiguration;
import org.apache.parquet.example.data.Group;
import org.apache.parquet.example.data.simple.convert.GroupRecordConverter;
import org.apache.parquet.hadoop.ParquetFileReader;
import org.apache.parquet.io.ColumnIOFactory;
import org.apache.parquet.io.LocalInputFile;
import org.apache.parquet.io.RecordReader;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class LabelRunTest {
  private static final String EXPLICIT = "1.2.840.10008.1.2.1";
  private static final String SECRET = "DOE^JANE";

  @TempDir private Path folder;

  /** Counts files; stops the run at a limit, as a crash would. */
  private static final class Counter implements LabelRun.Listener {
    private final long limit;
    private long done;

    Counter(long limit) {
      this.limit = limit;
    }

    @Override
    public void planned(long files) {}

    @Override
    public void joining(long files) {}

    @Override
    public synchronized void done(long files) {
      done += files;
      if (done > limit) {
        throw new IllegalStateException("stopped");
      }
    }
  }

  @Test
  void anInterruptedRunEndsWithTheSameOutput() throws IOException {
    Path archive = archive();
    Path whole = folder.resolve("whole.jsonl");
    LabelRun.Outcome first = run(archive, whole, Long.MAX_VALUE);
    assertThat(first.series()).isEqualTo(4);
    assertThat(first.skipped()).isEqualTo(2);
    Path broken = folder.resolve("broken.jsonl");
    assertThatThrownBy(() -> run(archive, broken, 11)).hasMessageContaining("stopped");
    assertThat(broken).doesNotExist();
    LabelRun.Outcome second = run(archive, broken, Long.MAX_VALUE);
    assertThat(second.filesNow()).isLessThan(second.files());
    assertThat(Files.readString(broken)).isEqualTo(Files.readString(whole));
    assertThat(Files.readString(LabelRun.skippedFile(broken)))
        .isEqualTo(Files.readString(LabelRun.skippedFile(whole)));
    assertThat(folder.resolve("broken.jsonl.resume")).doesNotExist();
  }

  @Test
  void twoRunsDoNotWriteTheSame() throws IOException {
    Path archive = archive();
    Path out = archive.resolve("rows.jsonl");
    try (WriterLock other = WriterLock.take(WriterLock.beside(out), out)) {
      assertThat(other).isNotNull();
      assertThatThrownBy(() -> run(archive, out, Long.MAX_VALUE))
          .isInstanceOf(InvalidInputException.class)
          .hasMessageContaining("another radnet is writing it");
    }
    // Its own lock lies in the archive and is none of its files.
    assertThat(run(archive, out, Long.MAX_VALUE).skipped()).isEqualTo(2);
    assertThat(WriterLock.beside(out)).doesNotExist();
  }

  @Test
  void aJournalOfAnotherVersionIsBegunAnew() throws IOException {
    Path archive = archive();
    Path whole = folder.resolve("whole.jsonl");
    run(archive, whole, Long.MAX_VALUE);
    Path broken = folder.resolve("broken.jsonl");
    assertThatThrownBy(() -> run(archive, broken, 11)).hasMessageContaining("stopped");
    Path journal = folder.resolve("broken.jsonl.resume");
    Files.writeString(journal.resolve("run"), "what another version wrote");
    LabelRun.Outcome again = run(archive, broken, Long.MAX_VALUE);
    assertThat(again.filesNow()).isEqualTo(again.files());
    assertThat(Files.readString(broken)).isEqualTo(Files.readString(whole));
    assertThat(journal).doesNotExist();
  }

  @Test
  void allFormatsHoldTheSameAndNoPatient() throws IOException {
    Path archive = archive();
    Path jsonl = folder.resolve("rows.jsonl");
    Path csv = folder.resolve("rows.csv");
    Path parquet = folder.resolve("rows.parquet");
    run(archive, jsonl, Long.MAX_VALUE);
    run(archive, csv, Long.MAX_VALUE);
    run(archive, parquet, Long.MAX_VALUE);
    List<JsonNode> rows = new ArrayList<>();
    for (String line : Files.readAllLines(jsonl)) {
      rows.add(new ObjectMapper().readTree(line));
    }
    assertThat(rows).hasSize(4);
    int index = 0;
    try (CsvReader<NamedCsvRecord> records = CsvReader.builder().ofNamedCsvRecord(csv)) {
      for (NamedCsvRecord cells : records) {
        JsonNode row = rows.get(index++);
        assertThat(cells.getHeader()).isEqualTo(LabelTable.COLUMNS);
        assertThat(cells.getField("series_uid")).isEqualTo(row.path("series_uid").asText());
        assertThat(cells.getField("spacing_mm")).isEqualTo(row.path("spacing_mm").asText());
        assertThat(cells.getField("in_plane_spacing_mm")).isEqualTo("0.5;0.5");
        assertThat(new ObjectMapper().readTree(cells.getField("evidence")))
            .isEqualTo(row.path("evidence"));
      }
    }
    assertThat(index).isEqualTo(4);
    try (ParquetFileReader reader =
        ParquetFileReader.open(
            new LocalInputFile(parquet),
            ParquetReadOptions.builder(new PlainParquetConfiguration()).build())) {
      RecordReader<Group> records =
          new ColumnIOFactory()
              .getColumnIO(ParquetLabels.SCHEMA)
              .getRecordReader(
                  reader.readNextRowGroup(), new GroupRecordConverter(ParquetLabels.SCHEMA));
      for (JsonNode row : rows) {
        Group group = records.read();
        assertThat(group.getString("path", 0)).isEqualTo(row.path("path").asText());
        assertThat(group.getDouble("spacing_mm", 0)).isEqualTo(row.path("spacing_mm").asDouble());
        assertThat(group.getString("evidence", 0)).isEqualTo(row.path("evidence").toString());
      }
    }
    for (Path file : List.of(jsonl, csv)) {
      assertThat(Files.readString(file)).doesNotContain(SECRET).doesNotContain("19700101");
    }
  }

  @Test
  void aFolderWithoutImagesLeavesNothing() throws IOException {
    Path empty = Files.createDirectory(folder.resolve("empty"));
    Files.writeString(empty.resolve("a.txt"), "text");
    Path out = folder.resolve("none.jsonl");
    assertThatThrownBy(() -> run(empty, out, Long.MAX_VALUE))
        .isInstanceOf(InvalidInputException.class)
        .hasMessageContaining("no DICOM series (1 files, 1 skipped)");
    assertThat(out).doesNotExist();
    assertThat(folder.resolve("none.jsonl.resume")).doesNotExist();
  }

  @Test
  void theReportIsOnePageWithoutPatients() throws IOException {
    Path page = folder.resolve("report.html");
    new LabelRun(new SeriesLabeler(Rules.builtIn()), "test", 2, null, 6)
        .run(
            List.of(archive()),
            folder.resolve("rows.jsonl"),
            new Counter(Long.MAX_VALUE),
            (base, rows, skipped) -> LabelReport.write(page, base, rows, skipped));
    assertThat(Files.readString(page))
        .contains("<svg", "data:image/png;base64,", "no DICOM file", "CT axial")
        .doesNotContain(SECRET)
        .doesNotContain("<script", "http");
  }

  @Test
  void linksAreFollowedAndLeadNowhereTwice() throws IOException {
    Path archive = archive();
    Path elsewhere = Files.createDirectory(folder.resolve("elsewhere"));
    Files.move(archive.resolve("p2"), elsewhere.resolve("p2"));
    Files.move(archive.resolve("p0/0.dcm"), elsewhere.resolve("slice"));
    Files.createSymbolicLink(archive.resolve("p2"), elsewhere.resolve("p2"));
    Files.createSymbolicLink(archive.resolve("p0/0.dcm"), elsewhere.resolve("slice"));
    Files.createSymbolicLink(archive.resolve("p1/again"), archive);
    Files.createSymbolicLink(archive.resolve("p3/itself"), archive.resolve("p3"));
    Files.createSymbolicLink(elsewhere.resolve("p2/back"), archive.resolve("p1"));
    Files.createSymbolicLink(archive.resolve("p3/gone"), folder.resolve("gone"));
    Path root = Files.createSymbolicLink(folder.resolve("root"), archive);
    LabelRun.Outcome outcome = run(root, folder.resolve("linked.jsonl"), Long.MAX_VALUE);
    assertThat(outcome.files()).isEqualTo(22);
    assertThat(outcome.series()).isEqualTo(4);
    assertThat(Files.readString(folder.resolve("linked.jsonl"))).contains("\"path\":\"p2\"");
  }

  @Test
  void aStoreThatSpreadsFilesByHashGetsTheRowsOfOneUnit() throws IOException {
    Path store = spread(archive());
    Path whole = folder.resolve("whole.jsonl");
    Path pieces = folder.resolve("pieces.jsonl");
    Path broken = folder.resolve("broken.jsonl");
    run(store, whole, Long.MAX_VALUE, null, 1000);
    LabelRun.Outcome outcome = run(store, pieces, Long.MAX_VALUE);
    assertThat(outcome.series()).isEqualTo(4);
    assertThat(outcome.files()).isEqualTo(22);
    assertThat(outcome.skipped()).isEqualTo(2);
    assertThat(Files.readString(pieces))
        .isEqualTo(Files.readString(whole))
        .contains("\"n_slices\":5")
        .doesNotContain("\"n_slices\":1");
    assertThat(Files.readString(LabelRun.skippedFile(pieces)))
        .isEqualTo(Files.readString(LabelRun.skippedFile(whole)));
    assertThatThrownBy(() -> run(store, broken, 28)).hasMessageContaining("stopped");
    assertThat(run(store, broken, Long.MAX_VALUE).filesNow()).isZero();
    assertThat(Files.readString(broken)).isEqualTo(Files.readString(whole));
    assertThat(folder.resolve("broken.jsonl.resume")).doesNotExist();
  }

  @Test
  void standInsForUidsJoinWhatIsSpread() throws IOException {
    Path store = spread(archive());
    Path whole = folder.resolve("whole.csv");
    Path pieces = folder.resolve("pieces.csv");
    run(store, whole, Long.MAX_VALUE, new Pseudonyms("salt"), 1000);
    run(store, pieces, Long.MAX_VALUE, new Pseudonyms("salt"), 6);
    assertThat(Files.readString(pieces)).isEqualTo(Files.readString(whole)).contains("2.25.");
  }

  /** Each file in a folder of its own, whose name has nothing to do with the series. */
  private Path spread(Path archive) throws IOException {
    Path store = folder.resolve("store");
    List<Path> files;
    try (Stream<Path> tree = Files.walk(archive)) {
      files = tree.filter(Files::isRegularFile).sorted().toList();
    }
    for (int n = 0; n < files.size(); n++) {
      String name = String.format("%02x", 37 * n % 101);
      Path target = Files.createDirectories(store.resolve(name));
      Files.move(files.get(n), target.resolve("object-" + n));
    }
    return store;
  }

  private static LabelRun.Outcome run(Path archive, Path out, long limit) throws IOException {
    return run(archive, out, limit, null, 6);
  }

  private static LabelRun.Outcome run(
      Path archive, Path out, long limit, @Nullable Pseudonyms pseudonyms, int unitFiles)
      throws IOException {
    return new LabelRun(new SeriesLabeler(Rules.builtIn()), "test", 2, pseudonyms, unitFiles)
        .run(List.of(archive), out, new Counter(limit), (base, rows, skipped) -> {});
  }

  private Path archive() throws IOException {
    Path archive = folder.resolve("archive");
    for (int series = 0; series < 4; series++) {
      Path target = Files.createDirectories(archive.resolve("p" + series));
      for (int slice = 0; slice < 5; slice++) {
        try (OutputStream out = Files.newOutputStream(target.resolve(slice + ".dcm"))) {
          DicomWriter.write(out, slice(series, slice), EXPLICIT);
        }
      }
    }
    Files.writeString(archive.resolve("p1").resolve("notes.txt"), "text");
    Files.writeString(archive.resolve("p3").resolve("readme"), "text");
    return archive;
  }

  private static WritableDataset slice(int series, int slice) {
    return new WritableDataset()
        .put(Tag.SOP_CLASS_UID, VR.UI, "1.2.840.10008.5.1.4.1.1.2")
        .put(Tag.SOP_INSTANCE_UID, VR.UI, "1.2.3." + series + "." + slice)
        .put(Tag.MODALITY, VR.CS, "CT")
        .put(Tag.PATIENT_NAME, VR.PN, SECRET)
        .put(Tag.PATIENT_BIRTH_DATE, VR.DA, "19700101")
        .put(Tag.SERIES_INSTANCE_UID, VR.UI, "1.2.3." + series)
        .put(Tag.INSTANCE_NUMBER, VR.IS, slice + 1)
        .put(Tag.IMAGE_POSITION_PATIENT, VR.DS, 0, 0, 2.5 * slice)
        .put(Tag.IMAGE_ORIENTATION_PATIENT, VR.DS, 1, 0, 0, 0, 1, 0)
        .put(Tag.PIXEL_SPACING, VR.DS, 0.5, 0.5)
        .put(Tag.SAMPLES_PER_PIXEL, VR.US, 1)
        .put(Tag.PHOTOMETRIC_INTERPRETATION, VR.CS, "MONOCHROME2")
        .put(Tag.ROWS, VR.US, 4)
        .put(Tag.COLUMNS, VR.US, 4)
        .put(Tag.BITS_ALLOCATED, VR.US, 16)
        .put(Tag.BITS_STORED, VR.US, 16)
        .put(Tag.HIGH_BIT, VR.US, 15)
        .put(Tag.PIXEL_REPRESENTATION, VR.US, 0)
        .put(Tag.PIXEL_DATA, VR.OW, (Object) new byte[32]);
  }
}
