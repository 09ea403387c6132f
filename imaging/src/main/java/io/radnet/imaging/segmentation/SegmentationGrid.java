package io.radnet.imaging.segmentation;

import io.radnet.imaging.dicom.DicomDataset;
import io.radnet.imaging.dicom.Tag;
import io.radnet.imaging.dicom.VR;
import io.radnet.imaging.dicom.WritableDataset;
import io.radnet.imaging.volume.Affine;
import io.radnet.imaging.volume.Geometry;
import java.util.Arrays;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.stream.DoubleStream;

/**
 * The grid of a scan whose slices are missing or unevenly spaced, in private elements of its
 * segmentation: the frames lie where the source images do, and this project's volumes have even
 * steps. The second dimension index of a frame is its slice on the grid, from 1.
 */
final class SegmentationGrid {
  private static final int GROUP = 0x0099;
  private static final String CREATOR = "RADNET SEGMENTATION";
  private static final int VALUES = 13;

  private SegmentationGrid() {}

  static void put(WritableDataset object, Geometry grid) {
    Object[] values =
        DoubleStream.concat(
                DoubleStream.of(grid.depth()),
                Arrays.stream(grid.affine().toArray()).limit(VALUES - 1))
            .boxed()
            .toArray();
    object.put(GROUP << 16 | 0x10, VR.LO, CREATOR).put(GROUP << 16 | 0x1001, VR.FD, values);
  }

  /** The grid, empty where frames lie on an even one or another program wrote the object. */
  static Optional<Geometry> of(DicomDataset header) {
    OptionalInt tag = header.privateTag(GROUP, CREATOR, 1);
    double[] values = tag.isPresent() ? header.numbers(tag.getAsInt()) : new double[0];
    int rows = header.integer(Tag.ROWS).orElse(0);
    int columns = header.integer(Tag.COLUMNS).orElse(0);
    if (values.length != VALUES || rows < 1 || columns < 1 || !(values[0] >= 1)) {
      return Optional.empty();
    }
    try {
      Affine affine = Affine.of(Arrays.copyOfRange(values, 1, VALUES));
      return Optional.of(new Geometry(columns, rows, (int) values[0], affine));
    } catch (IllegalArgumentException singular) {
      return Optional.empty();
    }
  }

  /** The slice of a frame, from 0; -1 where its dimension index is none of the grid. */
  static int slice(DicomDataset frame, Geometry grid) {
    for (DicomDataset content : frame.items(SegmentationTag.FRAME_CONTENT_SEQUENCE)) {
      double[] indices = content.numbers(Tag.DIMENSION_INDEX_VALUES);
      if (indices.length == 2 && indices[1] >= 1 && indices[1] <= grid.depth()) {
        return (int) indices[1] - 1;
      }
    }
    return -1;
  }
}
