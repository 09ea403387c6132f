package io.radnet.server.commands;

import io.radnet.imaging.InvalidInputException;
import io.radnet.imaging.dicom.InstanceSource;
import io.radnet.imaging.series.Instance;
import io.radnet.imaging.series.ScanResult;
import io.radnet.imaging.series.Series;
import io.radnet.imaging.series.SeriesScanner;
import io.radnet.server.client.ScanSource;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/** The scans that a path names: one NIfTI file, or every DICOM series with pixels. */
final class LocalScans {
  /**
   * One scan.
   *
   * @param uid SeriesInstanceUID, or {@code path:...}
   * @param path relative to the path that was asked for
   * @param source of its bytes
   */
  record Scan(String uid, String path, ScanSource source) {
    /** A name for a file of results. */
    String fileName() {
      String name = path.replaceAll("[^A-Za-z0-9._-]+", "-").replaceAll("^[-.]+|[-.]+$", "");
      return name.isEmpty() ? "scan" : name;
    }
  }

  private LocalScans() {}

  /**
   * @throws InvalidInputException where the path is absent or holds no scan
   */
  static List<Scan> find(Path path) throws IOException {
    if (!Files.exists(path)) {
      throw new InvalidInputException(path, "no such file or folder");
    }
    String name = String.valueOf(path.getFileName()).toLowerCase(Locale.ROOT);
    if (Files.isRegularFile(path) && (name.endsWith(".nii") || name.endsWith(".nii.gz"))) {
      String file = String.valueOf(path.getFileName());
      return List.of(new Scan("path:" + file, file, new ScanSource.Nifti(path)));
    }
    ScanResult found =
        SeriesScanner.scan(List.of(path), Runtime.getRuntime().availableProcessors());
    List<Scan> scans = new ArrayList<>();
    for (Series series : found.series()) {
      List<InstanceSource> sources =
          series.instances().stream().filter(Instance::hasPixels).map(Instance::source).toList();
      if (!sources.isEmpty()) {
        String named =
            series.path().equals(".") ? path.toRealPath().getFileName().toString() : series.path();
        scans.add(new Scan(series.uid(), named, new ScanSource.Dicom(sources)));
      }
    }
    if (scans.isEmpty()) {
      String reason =
          found.skipped().isEmpty()
              ? ""
              : "; first file that was left out: " + found.skipped().get(0).reason();
      throw new InvalidInputException(path, "no DICOM series with images" + reason);
    }
    return scans;
  }
}
