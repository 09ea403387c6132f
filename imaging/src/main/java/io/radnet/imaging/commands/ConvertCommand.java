package io.radnet.imaging.commands;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.radnet.imaging.AtomicFiles;
import io.radnet.imaging.InvalidInputException;
import io.radnet.imaging.cli.CommandRunner;
import io.radnet.imaging.cli.Progress;
import io.radnet.imaging.cli.VerboseOption;
import io.radnet.imaging.resample.Resampler;
import io.radnet.imaging.series.FrameGroup;
import io.radnet.imaging.series.ScanResult;
import io.radnet.imaging.series.Series;
import io.radnet.imaging.series.SeriesScanner;
import io.radnet.imaging.series.SeriesVolume;
import io.radnet.imaging.series.Skipped;
import io.radnet.imaging.series.Stack;
import io.radnet.imaging.series.VolumeAssembler;
import io.radnet.imaging.volume.Geometry;
import io.radnet.imaging.volume.NiftiWriter;
import io.radnet.imaging.volume.Volume;
import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** DICOM to NIfTI: one file with a JSON beside it per 3D volume. */
@Command(
    name = "convert",
    description = "Write each 3D volume of DICOM files as NAME.nii.gz, with NAME.json beside it.",
    footer = {
      "",
      "Files that hold no volume are counted and named on stderr; the rest goes on.",
      "Example:  radnet convert archive/patient1 --out nifti"
    })
final class ConvertCommand implements Callable<Integer> {
  private static final int NAMED_SKIPS = 10;
  private static final ObjectMapper JSON = new ObjectMapper();

  @Parameters(
      index = "0",
      paramLabel = "PATH",
      description = "A DICOM file or a folder, searched with all below it.")
  private Path path;

  @Option(
      names = "--out",
      required = true,
      paramLabel = "DIR",
      description = "Folder for the results.")
  private Path out;

  @Option(
      names = "--upright",
      description = "Resample tilted stacks so that all axes are at right angles.")
  private boolean upright;

  @Option(
      names = "--strict",
      description = "Fail (exit code 1) where any file, stack or slice was left out.")
  private boolean strict;

  @Option(
      names = "--threads",
      paramLabel = "N",
      description = "Threads that read headers (default: all cores).")
  private int threads = Runtime.getRuntime().availableProcessors();

  @Mixin private VerboseOption verboseOption;

  @Spec private CommandSpec spec;

  @Override
  public Integer call() throws IOException {
    PrintWriter result = spec.commandLine().getOut();
    ScanResult scan = SeriesScanner.scan(List.of(path), threads);
    List<Skipped> skipped = new ArrayList<>(scan.skipped());
    Set<String> names = new HashSet<>();
    int written = 0;
    try (Progress progress = Progress.start("convert", " series", scan.series().size())) {
      for (Series series : scan.series()) {
        written += convert(series, names, skipped, result);
        progress.step();
      }
    }
    result.printf(
        "%d volumes of %d series from %d files in %s%n",
        written, scan.series().size(), scan.files(), out);
    result.flush();
    report(skipped);
    if (written == 0) {
      throw new InvalidInputException(path, "holds no DICOM image that can be converted");
    }
    return strict && !skipped.isEmpty() ? CommandRunner.FAILED : 0;
  }

  private int convert(Series series, Set<String> names, List<Skipped> skipped, PrintWriter result)
      throws IOException {
    int written = 0;
    List<Stack> stacks;
    try {
      stacks = VolumeAssembler.stacks(series);
    } catch (RuntimeException failure) {
      skipped.add(new Skipped(place(series), reason(failure)));
      return 0;
    }
    if (stacks.isEmpty()) {
      skipped.add(new Skipped(place(series), "no image"));
    }
    for (Stack stack : stacks) {
      boolean placed = stack.geometry().isPresent();
      SeriesVolume volume;
      Volume voxels;
      try {
        volume =
            placed
                ? VolumeAssembler.assemblePartly(series, stack)
                : VolumeAssembler.assembleUnplaced(series, stack);
        small(volume);
        voxels = upright && placed ? Upright.of(volume.volume()) : volume.volume();
      } catch (RuntimeException failure) {
        skipped.add(new Skipped(place(series), reason(failure)));
        continue;
      }
      List<String> warnings = volume.stack().warnings();
      for (String warning : warnings) {
        if (warning.startsWith("partial")) {
          skipped.add(new Skipped(place(series), warning));
        }
      }
      String name = unused(volume.name(), names);
      if (placed) {
        NiftiWriter.write(out.resolve(name + ".nii.gz"), voxels);
      } else {
        NiftiWriter.writeUnplaced(out.resolve(name + ".nii.gz"), voxels);
      }
      byte[] sidecar =
          JSON.writerWithDefaultPrettyPrinter().writeValueAsBytes(sidecar(series, volume, voxels));
      AtomicFiles.write(out.resolve(name + ".json"), stream -> stream.write(sidecar));
      Geometry grid = voxels.geometry();
      result.printf(
          "%s.nii.gz  %dx%dx%d  %.4g x %.4g x %.4g mm%s%n",
          name,
          grid.width(),
          grid.height(),
          grid.depth(),
          grid.spacing(0),
          grid.spacing(1),
          grid.spacing(2),
          warnings.isEmpty() ? "" : "  (" + String.join("; ", warnings) + ")");
      written++;
    }
    return written;
  }

  /** Why a stack was left out; of what nobody foresaw, its class: a message may hold anything. */
  private static String reason(RuntimeException failure) {
    return failure instanceof InvalidInputException
        ? String.valueOf(failure.getMessage())
        : failure.getClass().getSimpleName();
  }

  private static void small(SeriesVolume volume) {
    Geometry grid = volume.volume().geometry();
    if (Math.max(grid.width(), Math.max(grid.height(), grid.depth())) > Short.MAX_VALUE) {
      throw new InvalidInputException(
          volume.name(), "NIfTI holds at most " + Short.MAX_VALUE + " voxels along an axis");
    }
  }

  /** The series' folder or file as people find it: a path of "." is the argument itself. */
  private String place(Series series) {
    return series.path().equals(".") ? path.toString() : series.path();
  }

  private static String unused(String name, Set<String> names) {
    String candidate = name;
    for (int n = 2; !names.add(candidate); n++) {
      candidate = name + "_" + n;
    }
    return candidate;
  }

  private static ObjectNode sidecar(Series series, SeriesVolume volume, Volume written) {
    Stack stack = volume.stack();
    ObjectNode json = JSON.createObjectNode();
    json.put("series_uid", series.uid());
    json.put("path", series.path());
    json.put("modality", stack.first().instance().modality());
    json.put("volume", stack.volumeIndex() + 1);
    json.put("n_slices", stack.frames().size());
    json.put("n_instances", series.instances().size());
    json.put(
        "spacing_mm",
        stack.spacingMm().isPresent() ? (Double) stack.spacingMm().getAsDouble() : null);
    json.put("spacing_uniform", stack.uniform());
    json.put("tilt_degrees", stack.tiltDegrees());
    json.put("resampled_upright", written != volume.volume());
    FrameGroup group = stack.first().group();
    json.put("image_type", group.component());
    json.put("echo_time_ms", Double.isNaN(group.echoTime()) ? null : (Double) group.echoTime());
    json.put("b_value_s_per_mm2", Double.isNaN(group.bValue()) ? null : (Double) group.bValue());
    json.put("temporal_position", group.temporal());
    json.set(
        "affine_lps_mm",
        stack.geometry().isPresent()
            ? JSON.valueToTree(written.geometry().affine().toArray())
            : JSON.nullNode());
    json.set("warnings", JSON.valueToTree(stack.warnings()));
    return json;
  }

  private void report(List<Skipped> skipped) {
    if (skipped.isEmpty()) {
      return;
    }
    PrintWriter err = spec.commandLine().getErr();
    err.printf("left out: %d%n", skipped.size());
    int shown = verboseOption.verbose() ? skipped.size() : Math.min(NAMED_SKIPS, skipped.size());
    for (Skipped skip : skipped.subList(0, shown)) {
      err.printf("  %s: %s%n", skip.file(), skip.reason());
    }
    if (shown < skipped.size()) {
      err.printf("  and %d more (--verbose names them all)%n", skipped.size() - shown);
    }
    err.flush();
  }

  /** A tilted stack on a grid whose third axis is the slices' normal. */
  private static final class Upright {
    static Volume of(Volume tilted) {
      Geometry grid = tilted.geometry();
      return grid.sheared()
          ? Resampler.resample(tilted, grid.upright(), (float) minimum(tilted))
          : tilted;
    }

    private static double minimum(Volume volume) {
      double least = Double.POSITIVE_INFINITY;
      for (int i = 0; i < volume.voxels().length(); i++) {
        least = Math.min(least, volume.value(i));
      }
      return least;
    }
  }
}
