package io.radnet.exporter;

import io.radnet.imaging.InvalidInputException;
import io.radnet.imaging.series.Series;
import io.radnet.imaging.series.SeriesScanner;
import io.radnet.imaging.series.Stack;
import io.radnet.imaging.series.VolumeAssembler;
import io.radnet.imaging.transform.ModelInput;
import io.radnet.imaging.transform.Preprocessor;
import io.radnet.imaging.transform.Recipe;
import io.radnet.imaging.volume.NiftiReader;
import io.radnet.imaging.volume.Volume;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.stream.Stream;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Real scans, DICOM or NIfTI, prepared as the recipe says and cut to one window of its grid. */
final class RealVolumes {
  private static final Logger LOGGER = LoggerFactory.getLogger(RealVolumes.class);

  /** A volume with no more different values than this is no scan. */
  private static final int MASK_VALUES = 8;

  private static final int LOOKED_AT = 100_000;

  private final Recipe recipe;
  private final Preprocessor preprocessor;
  private final int most;
  private final List<Sample> samples = new ArrayList<>();

  private RealVolumes(Recipe recipe, int most) {
    this.recipe = recipe;
    this.preprocessor = new Preprocessor(recipe);
    this.most = most;
  }

  /**
   * The first volumes in the order of their paths.
   *
   * @param roots files or folders
   * @param most how many at most
   * @throws InvalidInputException where there is not one
   */
  static List<Sample> load(List<Path> roots, Recipe recipe, int most) {
    RealVolumes volumes = new RealVolumes(recipe, most);
    if (roots.isEmpty()) {
      return List.of();
    }
    try {
      for (Path root : roots) {
        volumes.addNifti(root);
      }
    } catch (IOException failure) {
      throw new UncheckedIOException(failure);
    }
    if (volumes.isWanting()) {
      SeriesScanner.scan(roots, Runtime.getRuntime().availableProcessors())
          .series()
          .forEach(volumes::addSeries);
    }
    if (volumes.samples.isEmpty()) {
      throw new InvalidInputException(
          roots.get(0), "no volume for the comparison (expected: DICOM series or NIfTI files)");
    }
    return volumes.samples;
  }

  private boolean isWanting() {
    return samples.size() < most;
  }

  private void addNifti(Path root) throws IOException {
    List<Path> files;
    try (Stream<Path> walk = Files.walk(root)) {
      files =
          walk.filter(file -> file.toString().matches(".*\\.nii(\\.gz)?"))
              .filter(Files::isRegularFile)
              .sorted()
              .toList();
    }
    for (Path file : files) {
      if (isWanting()) {
        try {
          add(NiftiReader.read(file).volumes().get(0));
        } catch (InvalidInputException unusable) {
          LOGGER.debug("passed over: {}", unusable.getMessage());
        }
      }
    }
  }

  private void addSeries(Series series) {
    if (!isWanting()) {
      return;
    }
    try {
      for (Stack stack : VolumeAssembler.stacks(series)) {
        if (stack.geometry().isPresent()) {
          add(VolumeAssembler.assemble(series, stack).volume());
          return;
        }
      }
    } catch (InvalidInputException unusable) {
      LOGGER.debug("passed over: {}", unusable.getMessage());
    }
  }

  private void add(Volume volume) {
    if (isMask(volume)) {
      LOGGER.warn("passed over: a volume of few different values, perhaps a mask");
      return;
    }
    ModelInput input = preprocessor.prepare(volume);
    samples.add(new Sample(Sample.VOLUMES, recipe.grid(), centre(input)));
  }

  /** Whether there are no more different values than a mask may have. */
  private static boolean isMask(Volume volume) {
    Set<Double> values = new HashSet<>();
    int step = Math.max(1, volume.voxels().length() / LOOKED_AT);
    for (int v = 0; v < volume.voxels().length() && values.size() <= MASK_VALUES; v += step) {
      values.add(volume.value(v));
    }
    return values.size() <= MASK_VALUES;
  }

  /** The window of the grid's size in the middle; a segmentation input may be larger. */
  private float[] centre(ModelInput input) {
    int[] whole = {input.geometry().depth(), input.geometry().height(), input.geometry().width()};
    int[] start = new int[3];
    for (int axis = 0; axis < 3; axis++) {
      start[axis] = (whole[axis] - recipe.grid().get(axis)) / 2;
    }
    float[] values = new float[recipe.grid().get(0) * recipe.grid().get(1) * recipe.grid().get(2)];
    int rows = recipe.grid().get(1);
    int columns = recipe.grid().get(2);
    for (int d = 0; d < recipe.grid().get(0); d++) {
      for (int h = 0; h < rows; h++) {
        int from = ((d + start[0]) * whole[1] + h + start[1]) * whole[2] + start[2];
        System.arraycopy(input.values(), from, values, (d * rows + h) * columns, columns);
      }
    }
    return values;
  }
}
