package io.radnet.trainer.data;

import io.radnet.imaging.InvalidInputException;
import io.radnet.imaging.dicom.DicomDataset;
import io.radnet.imaging.dicom.DicomReader;
import io.radnet.imaging.dicom.InstanceSource;
import io.radnet.imaging.dicom.Tag;
import io.radnet.imaging.series.Instance;
import io.radnet.imaging.series.ScanResult;
import io.radnet.imaging.series.Series;
import io.radnet.imaging.series.SeriesScanner;
import io.radnet.imaging.series.Stack;
import io.radnet.imaging.series.VolumeAssembler;
import io.radnet.imaging.volume.NiftiReader;
import io.radnet.imaging.volume.Volume;
import io.radnet.trainer.checkpoint.Sha256;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Stream;

/** DICOM series and NIfTI files. */
public final class DiskScans implements ScanReader {
  private static final int MIXED_FOLDERS = 4;

  /** The last folders that held several series; at most one per thread is of use. */
  private final Map<Path, ScanResult> mixed = new LinkedHashMap<>();

  @Override
  public Volume read(Path path, String uid) throws IOException {
    if (isNifti(path)) {
      return NiftiReader.read(path).volumes().get(0);
    }
    Series series = choose(path, uid);
    for (Stack stack : VolumeAssembler.stacks(series)) {
      if (stack.geometry().isPresent()) {
        return VolumeAssembler.assemble(series, stack).volume();
      }
    }
    throw new InvalidInputException(path, "no volume: the slices form no regular stack");
  }

  private static boolean isNifti(Path path) {
    String name = path.toString();
    return name.endsWith(".nii") || name.endsWith(".nii.gz");
  }

  private Series choose(Path path, String uid) {
    ScanResult scan = scanned(path);
    if (scan.series().isEmpty()) {
      throw new InvalidInputException(path, "DICOM series: 0 (expected: >= 1)");
    }
    if (uid.isEmpty() || scan.series().size() == 1) {
      return scan.series().get(0);
    }
    List<Series> named =
        scan.series().stream()
            .filter(series -> series.uid().equals(uid) || hash(series.uid()).startsWith(uid))
            .toList();
    if (named.isEmpty()) {
      throw new InvalidInputException(
          path, "none of its " + scan.series().size() + " series has the labelled series_uid");
    }
    return only(path, named);
  }

  /**
   * The series that a label means: the one of the very folder where there are copies in folders
   * below, the one with a volume where others are none.
   *
   * @throws InvalidInputException where several are left, as of two patients under one UID
   */
  private static Series only(Path path, List<Series> named) {
    List<Series> here = named.stream().filter(series -> series.path().equals(".")).toList();
    List<Series> left = here.isEmpty() ? named : here;
    if (left.size() > 1) {
      List<Series> volumes =
          left.stream()
              .filter(
                  series ->
                      VolumeAssembler.stacks(series).stream()
                          .anyMatch(stack -> stack.geometry().isPresent()))
              .toList();
      left = volumes.isEmpty() ? left : volumes;
    }
    if (left.size() > 1) {
      throw new InvalidInputException(
          path, left.size() + " series have the labelled series_uid (expected: 1)");
    }
    return left.get(0);
  }

  /** A folder of many series is asked for each of them: it is scanned once. */
  private ScanResult scanned(Path path) {
    synchronized (mixed) {
      ScanResult known = mixed.get(path);
      if (known != null) {
        return known;
      }
    }
    ScanResult scan = SeriesScanner.scan(List.of(path), 1);
    if (scan.series().size() > 1) {
      synchronized (mixed) {
        mixed.put(path, scan);
        if (mixed.size() > MIXED_FOLDERS) {
          mixed.remove(mixed.keySet().iterator().next());
        }
      }
    }
    return scan;
  }

  private static String hash(String text) {
    return Sha256.of(ByteBuffer.wrap(text.getBytes(StandardCharsets.UTF_8)));
  }

  @Override
  public List<Path> files(Path path, String uid, int instances) throws IOException {
    List<Path> all;
    try (Stream<Path> files = Files.walk(path)) {
      all = files.filter(Files::isRegularFile).sorted().toList();
    }
    if (all.isEmpty()) {
      throw new InvalidInputException(path, "files: 0 (expected: >= 1)");
    }
    if (all.size() == 1 || all.size() == instances || isNifti(path)) {
      return all;
    }
    Set<Path> own = new TreeSet<>();
    for (Instance instance : choose(path, uid).instances()) {
      if (instance.source() instanceof InstanceSource.File file) {
        own.add(file.path());
      }
    }
    return List.copyOf(own);
  }

  /** PatientID, else StudyInstanceUID; of NIfTI the file's name. */
  @Override
  public Optional<String> patient(Path file) {
    if (isNifti(file)) {
      return Optional.of(file.getFileName().toString());
    }
    DicomDataset header = DicomReader.readHeader(new InstanceSource.File(file)).dataset();
    return header
        .string(Tag.PATIENT_ID)
        .filter(id -> !id.isBlank())
        .or(() -> header.string(Tag.STUDY_INSTANCE_UID).filter(uid -> !uid.isBlank()));
  }
}
