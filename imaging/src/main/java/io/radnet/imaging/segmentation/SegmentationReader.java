package io.radnet.imaging.segmentation;

import io.radnet.imaging.InvalidInputException;
import io.radnet.imaging.dicom.DicomDataset;
import io.radnet.imaging.dicom.DicomFile;
import io.radnet.imaging.dicom.PixelDecoder;
import io.radnet.imaging.dicom.PixelFrame;
import io.radnet.imaging.dicom.Tag;
import io.radnet.imaging.resample.Resampler;
import io.radnet.imaging.segmentation.SegmentationFrames.Placed;
import io.radnet.imaging.volume.Affine;
import io.radnet.imaging.volume.Geometry;
import io.radnet.imaging.volume.LabelMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;

/**
 * Reads DICOM Segmentation objects: BINARY, FRACTIONAL (half of the maximum and more counts) and
 * LABELMAP. A segment's number becomes its label. Where segments overlap, the one of the higher
 * number counts, as later segments usually are parts of earlier ones.
 */
public final class SegmentationReader {
  static final String LABEL_MAP_UID = "1.2.840.10008.5.1.4.1.1.66.7";
  private static final Set<String> SOP_CLASS_UIDS =
      Set.of(SegmentationWriter.SOP_CLASS_UID, LABEL_MAP_UID);

  private final DicomFile file;
  private final DicomDataset header;
  private final String name;
  private final int rows;
  private final int columns;
  private final SegmentationFrames frames;

  private SegmentationReader(DicomFile file) {
    this.file = file;
    this.header = file.dataset();
    this.name = file.source().name();
    this.rows = header.integer(Tag.ROWS).orElse(0);
    this.columns = header.integer(Tag.COLUMNS).orElse(0);
    this.frames = new SegmentationFrames(file);
  }

  /** Whether a file is a segmentation that this class reads. */
  public static boolean reads(DicomFile file) {
    return file.dataset().string(Tag.SOP_CLASS_UID).filter(SOP_CLASS_UIDS::contains).isPresent();
  }

  /**
   * The mask on the smallest grid that holds all its frames.
   *
   * @param file read with its pixel data
   * @throws InvalidInputException where the file is no segmentation, its frames have no place in
   *     the patient or do not lie on one grid, or a segment's number is above 255
   */
  public static LabelMap read(DicomFile file) {
    SegmentationReader reader = new SegmentationReader(file);
    return reader.own(reader.frames.all());
  }

  /**
   * The mask on the grid of the image that it belongs to. Frames that lie on slices of that grid
   * are taken as they are; any others go through {@link #read(DicomFile)} and the nearest
   * neighbour.
   *
   * @param onto the image's grid
   * @throws InvalidInputException as {@link #read(DicomFile)}, and where mask and image do not
   *     overlap
   */
  public static LabelMap read(DicomFile file, Geometry onto) {
    return read(file, onto, List.of());
  }

  /**
   * As {@link #read(DicomFile, Geometry)}, for an image whose slices may be missing or unevenly
   * spaced: a frame that lies where one of them does belongs to it, wherever the even grid has it.
   *
   * @param slices centre of the first voxel of each slice of the image, LPS mm, in the order of the
   *     grid; empty where they are not known
   */
  public static LabelMap read(DicomFile file, Geometry onto, List<double[]> slices) {
    SegmentationReader reader = new SegmentationReader(file);
    List<Placed> frames = reader.frames.all();
    boolean drawnOn =
        SegmentationGrid.of(reader.header).filter(grid -> grid.matches(onto, 1e-3)).isPresent();
    List<Placed> placed =
        drawnOn
            ? reader.frames.onSlices(frames, onto)
            : SegmentationFrames.onImages(frames, onto, slices);
    if (reader.frames.liesOn(placed, onto)) {
      return reader.drawn(placed, onto);
    }
    LabelMap own = reader.own(frames);
    boolean overlap = false;
    Affine toOwn = own.geometry().affine().inverse().after(onto.affine());
    for (int k = 0; k < onto.depth() && !overlap; k++) {
      for (int j = 0; j < onto.height() && !overlap; j++) {
        for (int i = 0; i < onto.width() && !overlap; i++) {
          double[] at = toOwn.apply(i, j, k);
          overlap =
              inside(at[0], columns(own))
                  && inside(at[1], rows(own))
                  && inside(at[2], own.geometry().depth());
        }
      }
    }
    if (!overlap) {
      throw new InvalidInputException(
          reader.name, "lies outside its image (expected: the same place in the patient)");
    }
    return Resampler.resample(own, onto);
  }

  /** The mask on its own grid, which is part of the scan's where that is known to be uneven. */
  private LabelMap own(List<Placed> all) {
    List<Placed> placed =
        SegmentationGrid.of(header).map(grid -> frames.onSlices(all, grid)).orElse(all);
    return drawn(placed, frames.grid(placed));
  }

  private static int columns(LabelMap map) {
    return map.geometry().width();
  }

  private static int rows(LabelMap map) {
    return map.geometry().height();
  }

  private static boolean inside(double index, int size) {
    return index >= -0.5 && index <= size - 0.5;
  }

  private LabelMap drawn(List<Placed> placed, Geometry grid) {
    if (grid.voxels() > Integer.MAX_VALUE - 8) {
      throw new InvalidInputException(name, grid.voxels() + " voxels (expected: fewer than 2^31)");
    }
    byte[] labels = new byte[(int) grid.voxels()];
    Affine toGrid = grid.affine().inverse();
    boolean labelMap = frames.labelMap();
    double half =
        header.string(Tag.SEGMENTATION_TYPE).filter("FRACTIONAL"::equals).isPresent()
            ? header.number(SegmentationTag.MAXIMUM_FRACTIONAL_VALUE).orElse(255) / 2
            : 0.5;
    int plane = rows * columns;
    for (Placed frame : placed) {
      double[] p = frame.position();
      double along = toGrid.apply(p[0], p[1], p[2])[2];
      int slice = (int) Math.rint(along);
      if (Math.abs(along - slice) > 0.3 || slice < 0 || slice >= grid.depth()) {
        throw new InvalidInputException(
            name, "frame " + (frame.index() + 1) + " lies between slices (expected: even steps)");
      }
      PixelFrame pixels = PixelDecoder.frame(file, frame.index());
      int at = slice * plane;
      for (int n = 0; n < plane; n++) {
        int value = pixels.values()[n];
        if (labelMap) {
          if (value < 0 || value > 255) {
            throw new InvalidInputException(name, "segment: " + value + " (expected: 0 to 255)");
          }
          labels[at + n] = (byte) Math.max(labels[at + n] & 0xff, value);
        } else if (value >= half) {
          labels[at + n] = (byte) Math.max(labels[at + n] & 0xff, frame.segment());
        }
      }
    }
    return new LabelMap(grid, labels, names());
  }

  private Map<Integer, String> names() {
    Map<Integer, String> names = new TreeMap<>();
    for (DicomDataset segment : header.items(Tag.SEGMENT_SEQUENCE)) {
      int number = segment.integer(Tag.SEGMENT_NUMBER).orElse(0);
      if (number > 0 && number < 256) {
        names.put(number, segment.string(Tag.SEGMENT_LABEL).orElse("segment " + number));
      }
    }
    return names;
  }
}
