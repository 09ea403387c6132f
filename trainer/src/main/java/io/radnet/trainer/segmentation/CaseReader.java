package io.radnet.trainer.segmentation;

import io.radnet.imaging.InvalidInputException;
import io.radnet.imaging.dicom.DicomReader;
import io.radnet.imaging.dicom.InstanceSource;
import io.radnet.imaging.resample.Resampler;
import io.radnet.imaging.segmentation.SegmentationReader;
import io.radnet.imaging.transform.ModelInput;
import io.radnet.imaging.transform.Preprocessor;
import io.radnet.imaging.transform.Recipe;
import io.radnet.imaging.volume.Geometry;
import io.radnet.imaging.volume.LabelMap;
import io.radnet.imaging.volume.NiftiReader;
import io.radnet.imaging.volume.Volume;
import io.radnet.trainer.data.ScanReader;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/** Reads cases into samples: preprocesses the scan and brings its mask to the same grid. */
public final class CaseReader {
  private static final double TOLERANCE_MM = 0.1;

  private final Recipe recipe;
  private final List<Integer> values;
  private final ScanReader scans;

  /**
   * @param recipe a segmentation recipe
   * @param values the label of each foreground class of the recipe in mask files that hold several
   */
  public CaseReader(Recipe recipe, List<Integer> values, ScanReader scans) {
    if (values.size() != recipe.labels().size() - 1) {
      throw new IllegalArgumentException(
          "label values: " + values.size() + " (expected: " + (recipe.labels().size() - 1) + ")");
    }
    this.recipe = recipe;
    this.values = List.copyOf(values);
    this.scans = scans;
  }

  /**
   * Reads one case.
   *
   * @throws InvalidInputException where a file is malformed, a class has no mask, or a mask lies on
   *     another grid than its scan
   */
  public SegmentationSample read(SegmentationCase given) throws IOException {
    Volume scan = scans.read(given.image(), "");
    Geometry grid = scan.geometry();
    byte[] classes = new byte[Math.toIntExact(grid.voxels())];
    Map<Integer, String> names = new TreeMap<>();
    Path all = given.masks().get(SegmentationCase.ALL_CLASSES);
    LabelMap shared = all == null ? null : mask(all, given, grid);
    for (int c = 1; c < recipe.labels().size(); c++) {
      String name = recipe.labels().get(c);
      names.put(c, name);
      Path own = given.masks().get(name);
      if (shared != null) {
        paint(classes, shared, values.get(c - 1), c);
      } else if (own != null) {
        paint(classes, mask(own, given, grid), 1, c);
      } else {
        throw new InvalidInputException(given.name(), "no mask of class " + name);
      }
    }
    LabelMap truth = new LabelMap(grid, classes, names);
    ModelInput input = new Preprocessor(recipe).prepare(scan);
    return new SegmentationSample(
        given.name(), input, Resampler.resample(truth, input.geometry()), truth);
  }

  /**
   * Checks that every foreground class can be learned from these scans.
   *
   * @param train what {@link #read} gave for the whole training split
   * @throws InvalidInputException where a class has no voxel in any of them
   */
  public void requireEveryClass(List<SegmentationSample> train) {
    for (int c = 1; c < recipe.labels().size() && !train.isEmpty(); c++) {
      byte index = (byte) c;
      if (train.stream().noneMatch(scan -> contains(scan.truth().labels(), index))) {
        throw new InvalidInputException(
            "class " + recipe.labels().get(c),
            "voxels of label "
                + values.get(c - 1)
                + " in the masks of "
                + train.size()
                + " training scans: 0 (expected: >= 1); see --classes");
      }
    }
  }

  private static boolean contains(byte[] labels, byte wanted) {
    for (byte label : labels) {
      if (label == wanted) {
        return true;
      }
    }
    return false;
  }

  private LabelMap mask(Path file, SegmentationCase given, Geometry grid) throws IOException {
    if (!file.toString().endsWith(".nii") && !file.toString().endsWith(".nii.gz")) {
      // A DICOM SEG holds the slices that are not empty only, in the scan's own space.
      return SegmentationReader.read(
          DicomReader.read(new InstanceSource.File(file)), grid, scans.slices(given.image(), ""));
    }
    LabelMap mask = NiftiReader.readLabels(file);
    Geometry actual = mask.geometry();
    if (!actual.matches(grid, TOLERANCE_MM)) {
      throw new InvalidInputException(
          file,
          "the mask lies on another grid than its scan: "
              + size(actual)
              + " (expected: "
              + size(grid)
              + ", voxel centres within "
              + TOLERANCE_MM
              + " mm)");
    }
    return mask;
  }

  private static String size(Geometry grid) {
    return grid.width() + "x" + grid.height() + "x" + grid.depth();
  }

  private static void paint(byte[] classes, LabelMap mask, int value, int index) {
    byte[] labels = mask.labels();
    for (int v = 0; v < labels.length; v++) {
      if ((labels[v] & 0xff) == value) {
        classes[v] = (byte) index;
      }
    }
  }
}
