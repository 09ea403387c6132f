package io.radnet.imaging.series;

import io.radnet.imaging.dicom.DicomDataset;
import io.radnet.imaging.dicom.Tag;
import io.radnet.imaging.dicom.VR;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.OptionalInt;

/**
 * A Siemens mosaic: the position in the header is that of the sheet, as if one slice filled it; the
 * first tile's lies half of the surplus further in. Slices step along the CSA slice normal, which
 * may oppose row cross column.
 */
final class SiemensMosaic {
  private SiemensMosaic() {}

  /** The tiles in order; none where it is no mosaic. */
  static List<Frame> tiles(FrameReader.Template template, DicomDataset dataset) {
    if (!dataset.strings(Tag.IMAGE_TYPE).contains("MOSAIC")) {
      return List.of();
    }
    OptionalInt csaTag = dataset.privateTag(0x0029, "SIEMENS CSA HEADER", 0x10);
    Map<String, double[]> csa =
        csaTag.isPresent()
            ? SiemensCsa.read(dataset.bytes(csaTag.getAsInt()).orElse(new byte[0]))
            : Map.of();
    int count = count(dataset, csa);
    if (count == 0) {
      int across = tilesAcross(template, dataset);
      count = across * across;
    }
    if (count < 1 || count > FrameReader.MAXIMUM_FRAMES) {
      return List.of();
    }
    int side = (int) Math.ceil(Math.sqrt(count));
    int height = template.rows() / side;
    int width = template.columns() / side;
    if (height < 1 || width < 1) {
      return List.of();
    }
    double[] sheet = template.position();
    double[] o = template.orientation();
    double[] first = null;
    double[] step = new double[3];
    if (sheet != null && o != null) {
      double right = template.columnSpacing() * (template.columns() - width) / 2.0;
      double below = template.rowSpacing() * (template.rows() - height) / 2.0;
      first = new double[3];
      for (int axis = 0; axis < 3; axis++) {
        first[axis] = sheet[axis] + o[axis] * right + o[3 + axis] * below;
      }
      double[] normal = csa.get("SliceNormalVector");
      if (normal == null || normal.length != 3) {
        normal = template.frame(0, 0, 0, height, width, first).normal();
      }
      double distance =
          dataset
              .number(Tag.SPACING_BETWEEN_SLICES)
              .orElse(dataset.number(Tag.SLICE_THICKNESS).orElse(1));
      for (int axis = 0; axis < 3 && normal != null; axis++) {
        step[axis] = normal[axis] * distance;
      }
    }
    List<Frame> frames = new ArrayList<>();
    for (int i = 0; i < count; i++) {
      double[] position =
          first == null
              ? null
              : new double[] {
                first[0] + i * step[0], first[1] + i * step[1], first[2] + i * step[2]
              };
      frames.add(template.frame(0, i % side * width, i / side * height, height, width, position));
    }
    return frames;
  }

  /**
   * The number of slices: the CSA header says it, else a private number, else there is a time for
   * each slice. Anonymizers keep any of the three without the others. 0 where none is left.
   */
  private static int count(DicomDataset dataset, Map<String, double[]> csa) {
    int count = (int) csa.getOrDefault("NumberOfImagesInMosaic", new double[1])[0];
    if (count <= 0) {
      OptionalInt tag = dataset.privateTag(0x0019, "SIEMENS MR HEADER", 0x0A);
      count = tag.isEmpty() ? 0 : (int) dataset.number(tag.getAsInt(), VR.US).orElse(0);
    }
    if (count <= 0) {
      OptionalInt times = dataset.privateTag(0x0019, "SIEMENS MR HEADER", 0x29);
      count =
          times.isEmpty() ? 0 : dataset.bytes(times.getAsInt()).map(v -> v.length).orElse(0) / 8;
    }
    return Math.max(count, 0);
  }

  /**
   * Without private blocks, as anonymizers leave it: how often the acquisition matrix fits into the
   * sheet along the frequency-encoded axis. Along the other the matrix may be smaller than a tile
   * (partial phase resolution). The last tiles may be blank then. 0 where it does not fit.
   */
  private static int tilesAcross(FrameReader.Template template, DicomDataset dataset) {
    double[] matrix = dataset.numbers(Tag.ACQUISITION_MATRIX);
    if (matrix.length != 4) {
      return 0;
    }
    boolean down = matrix[0] > 0; // frequency rows, frequency columns, phase rows, phase columns
    int frequency = (int) (down ? matrix[0] : matrix[1]);
    int phase = (int) (down ? matrix[3] : matrix[2]);
    int along = down ? template.rows() : template.columns();
    int across = down ? template.columns() : template.rows();
    if (frequency < 1 || along % frequency != 0) {
      return 0;
    }
    int tiles = along / frequency;
    return tiles > 1 && across % tiles == 0 && phase <= across / tiles ? tiles : 0;
  }
}
