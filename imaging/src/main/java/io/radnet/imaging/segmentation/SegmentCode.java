package io.radnet.imaging.segmentation;

import io.radnet.imaging.dicom.Tag;
import io.radnet.imaging.dicom.VR;
import io.radnet.imaging.dicom.WritableDataset;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.LinkedHashMap;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;

/**
 * A coded concept.
 *
 * @param value CodeValue
 * @param scheme CodingSchemeDesignator
 * @param meaning CodeMeaning
 */
record SegmentCode(String value, String scheme, String meaning) {
  static final SegmentCode SEGMENTATION = new SegmentCode("113076", "DCM", "Segmentation");
  static final SegmentCode SOURCE_IMAGE =
      new SegmentCode("121322", "DCM", "Source image for image processing operation");

  /** What a segment shows. */
  record Property(SegmentCode category, SegmentCode type) {
    private static final SegmentCode ANATOMY =
        new SegmentCode("123037004", "SCT", "Anatomical Structure");
    private static final SegmentCode CHANGED =
        new SegmentCode("49755003", "SCT", "Morphologically Altered Structure");
    private static final Property ANY =
        new Property(ANATOMY, new SegmentCode("91723000", "SCT", "Anatomical structure"));

    /** The property of a class name; a generic one where the name is not in the table. */
    static Property of(String className) {
      String words = className.toLowerCase(Locale.ROOT).replaceAll("[^a-z0-9]+", " ").strip();
      return Table.ENTRIES.getOrDefault(words, ANY);
    }

    /** {@code codes.tsv}: names, category, code, meaning. */
    private static final class Table {
      static final Map<String, Property> ENTRIES = read();

      private Table() {}

      private static Map<String, Property> read() {
        Map<String, Property> entries = new LinkedHashMap<>();
        try (InputStream file =
                Objects.requireNonNull(SegmentCode.class.getResourceAsStream("codes.tsv"));
            BufferedReader lines =
                new BufferedReader(new InputStreamReader(file, StandardCharsets.UTF_8))) {
          for (String line = lines.readLine(); line != null; line = lines.readLine()) {
            if (line.isBlank() || line.startsWith("#")) {
              continue;
            }
            String[] cells = line.split("\t");
            Property property =
                new Property(
                    cells[1].equals("changed") ? CHANGED : ANATOMY,
                    new SegmentCode(cells[2], "SCT", cells[3]));
            for (String name : cells[0].split(",")) {
              entries.put(name.strip(), property);
            }
          }
        } catch (IOException broken) {
          throw new UncheckedIOException("codes.tsv of this program cannot be read", broken);
        }
        return entries;
      }
    }
  }

  WritableDataset item() {
    return new WritableDataset()
        .put(Tag.CODE_VALUE, VR.SH, value)
        .put(Tag.CODING_SCHEME_DESIGNATOR, VR.SH, scheme)
        .put(Tag.CODE_MEANING, VR.LO, meaning);
  }
}
