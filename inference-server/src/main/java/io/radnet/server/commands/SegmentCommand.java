package io.radnet.server.commands;

import io.radnet.imaging.AtomicFiles;
import io.radnet.imaging.InvalidInputException;
import io.radnet.imaging.cli.Progress;
import io.radnet.imaging.cli.VerboseOption;
import io.radnet.proto.v1.ResultFormat;
import io.radnet.proto.v1.ScanOptions;
import io.radnet.proto.v1.SegmentLabel;
import io.radnet.proto.v1.SegmentOptions;
import io.radnet.proto.v1.SegmentResult;
import io.radnet.server.client.RadNetClient;
import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** {@code radnet segment}: a mask of each series in the scan's own geometry. */
@Command(
    name = "segment",
    description = "Ask a server for a mask of each series, in the scan's own geometry.")
final class SegmentCommand implements Callable<Integer> {
  /** What the answer is written as. */
  enum Format {
    /** NIfTI label image. */
    NIFTI(ResultFormat.RESULT_FORMAT_NIFTI_GZ, ".nii.gz"),
    /** DICOM Segmentation object. */
    SEG(ResultFormat.RESULT_FORMAT_DICOM_SEG, ".dcm");

    private final ResultFormat wire;
    private final String suffix;

    Format(ResultFormat wire, String suffix) {
      this.wire = wire;
      this.suffix = suffix;
    }
  }

  @Spec private CommandSpec spec;
  @Mixin private VerboseOption verbose;
  @Mixin private ClientOptions client;

  @Option(
      names = "--out",
      required = true,
      description =
          "File to write, .nii.gz (NIfTI) or .dcm (DICOM SEG); a folder for several series.")
  private Path out;

  @Option(
      names = "--format",
      paramLabel = "nifti|seg",
      description =
          "Format of the masks: nifti, or seg for DICOM SEG (default: by the name of --out, else"
              + " nifti).")
  private @Nullable String format;

  @Option(
      names = "--keep-patient",
      description =
          "DICOM SEG only: copy the patient's and the study's identification from the scan, so that"
              + " an archive files the mask with its study.")
  private boolean keepPatient;

  @Option(
      names = "--overlap",
      description =
          "Share of a window that its neighbour covers too, 0 to 0.9 (default: the model's).")
  private @Nullable Double overlap;

  @Option(names = "--mirror", description = "Average over all mirrorings: 8 times the work.")
  private boolean mirror;

  @Option(
      names = "--largest-component",
      description = "Keep the largest connected component of each class.")
  private boolean largestComponent;

  @Option(names = "--fill-holes", description = "Fill what a class encloses, slice by slice.")
  private boolean fillHoles;

  @Override
  public Integer call() throws Exception {
    List<LocalScans.Scan> scans = LocalScans.find(client.path());
    String name = String.valueOf(out.getFileName()).toLowerCase(Locale.ROOT);
    boolean folder = scans.size() > 1 || Files.isDirectory(out);
    if (folder && Files.isRegularFile(out)) {
      throw new InvalidInputException(
          out, "is a file, and there are " + scans.size() + " series (expected: a folder)");
    }
    Format wanted = format(name);
    if (!folder && !name.endsWith(wanted.suffix)) {
      throw new InvalidInputException(out, "(expected: a name that ends in " + wanted.suffix + ")");
    }
    SegmentOptions.Builder segment =
        SegmentOptions.newBuilder()
            .setFormat(wanted.wire)
            .setKeepPatient(keepPatient)
            .setMirror(mirror)
            .setLargestComponent(largestComponent)
            .setFillHoles(fillHoles);
    if (overlap != null) {
      segment.setOverlap(overlap);
    }
    ScanOptions options = client.scanOptions().setSegment(segment).build();
    Set<String> used = new HashSet<>();
    try (RadNetClient server = client.connect()) {
      ScanLoop.run(
          "segment",
          scans,
          spec.commandLine().getErr(),
          scan -> {
            RadNetClient.Mask mask = segment(server, scan, options);
            Path file = folder ? out.resolve(unique(scan.fileName(), used) + wanted.suffix) : out;
            AtomicFiles.write(file, stream -> mask.data().writeTo(stream));
            report(scan, mask, file);
          });
    }
    return 0;
  }

  private Format format(String name) {
    if (format == null) {
      return name.endsWith(Format.SEG.suffix) ? Format.SEG : Format.NIFTI;
    }
    return switch (format.toLowerCase(Locale.ROOT)) {
      case "nifti" -> Format.NIFTI;
      case "seg" -> Format.SEG;
      default ->
          throw new CommandLine.ParameterException(
              spec.commandLine(), "--format: " + format + " (expected: nifti or seg)");
    };
  }

  private static RadNetClient.Mask segment(
      RadNetClient server, LocalScans.Scan scan, ScanOptions options) throws IOException {
    try (Progress progress = Progress.start(scan.path(), " windows", -1)) {
      int[] last = new int[1];
      return server.segment(
          scan.source(),
          options,
          (total, done) -> {
            progress.advance(done - last[0]);
            progress.message("of " + total);
            last[0] = done;
          });
    }
  }

  private static String unique(String name, Set<String> used) {
    String candidate = name;
    for (int n = 2; !used.add(candidate); n++) {
      candidate = name + "-" + n;
    }
    return candidate;
  }

  private void report(LocalScans.Scan scan, RadNetClient.Mask mask, Path file) {
    StringBuilder line = new StringBuilder(scan.path()).append(" -> ").append(file).append(':');
    for (SegmentLabel label : mask.result().getLabelsList()) {
      line.append(
          String.format(Locale.ROOT, " %s %.1f ml", label.getName(), label.getMillilitres()));
    }
    spec.commandLine()
        .getOut()
        .printf(
            "%s (%d windows, %.0f ms on %s)%n",
            line,
            mask.result().getTiming().getWindows(),
            mask.result().getTiming().getInferMs(),
            mask.result().getModel().getProvider());
    spec.commandLine().getOut().flush();
    warn(mask.result(), spec.commandLine().getErr());
  }

  /** What the server says against the scan, which a mask of it does not show. */
  static void warn(SegmentResult result, PrintWriter err) {
    result.getScan().getWarningsList().forEach(warning -> err.println("radnet: " + warning));
    err.flush();
  }
}
