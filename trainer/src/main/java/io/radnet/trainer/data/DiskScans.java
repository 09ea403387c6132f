package io.radnet.trainer.data;

import io.radnet.imaging.InvalidInputException;
import io.radnet.imaging.dicom.DicomDataset;
import io.radnet.imaging.dicom.DicomReader;
import io.radnet.imaging.dicom.InstanceSource;
import io.radnet.imaging.dicom.Tag;
import io.radnet.imaging.series.Instance;
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
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.FutureTask;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** DICOM series and NIfTI files. */
public final class DiskScans implements ScanReader {
  private static final int MIXED_FOLDERS = 4;

  /** The last folders that held several series, or are being looked at. */
  private final Map<Path, FutureTask<Folder>> mixed = new LinkedHashMap<>();

  /**
   * The series of a folder tree.
   *
   * @param byUid by SeriesInstanceUID
   */
  private record Folder(List<Series> series, Map<String, List<Series>> byUid) {
    static Folder of(Path path) {
      List<Series> series = SeriesScanner.scan(List.of(path), 1).series();
      return new Folder(series, series.stream().collect(Collectors.groupingBy(Series::uid)));
    }

    /** The series under a UID, or under the beginning of its hash. */
    List<Series> named(String uid) {
      List<Series> exact = byUid.get(uid);
      return exact != null
          ? exact
          : series.stream().filter(each -> hash(each.uid()).startsWith(uid)).toList();
    }
  }

  @Override
  public Volume read(Path path, String uid) throws IOException {
    if (isNifti(path)) {
      return NiftiReader.read(path).volumes().get(0);
    }
    Series series = choose(path, uid);
    return VolumeAssembler.assemble(series, stack(path, series)).volume();
  }

  @Override
  public List<double[]> slices(Path path, String uid) {
    return isNifti(path)
        ? List.of()
        : stack(path, choose(path, uid)).frames().stream()
            .map(frame -> Objects.requireNonNull(frame.position()))
            .toList();
  }

  private static Stack stack(Path path, Series series) {
    return VolumeAssembler.stacks(series).stream()
        .filter(stack -> stack.geometry().isPresent())
        .findFirst()
        .orElseThrow(
            () -> new InvalidInputException(path, "no volume: the slices form no regular stack"));
  }

  private static boolean isNifti(Path path) {
    String name = path.toString();
    return name.endsWith(".nii") || name.endsWith(".nii.gz");
  }

  private Series choose(Path path, String uid) {
    Folder folder = scanned(path);
    if (folder.series().isEmpty()) {
      throw new InvalidInputException(path, "DICOM series: 0 (expected: >= 1)");
    }
    if (uid.isEmpty() || folder.series().size() == 1) {
      return folder.series().get(0);
    }
    List<Series> named = folder.named(uid);
    if (named.isEmpty()) {
      throw new InvalidInputException(
          path, "none of its " + folder.series().size() + " series has the labelled series_uid");
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

  /** A folder of many series is asked for each of them: it is scanned once, by one thread. */
  private Folder scanned(Path path) {
    FutureTask<Folder> task;
    synchronized (mixed) {
      task = mixed.computeIfAbsent(path, key -> new FutureTask<>(() -> Folder.of(key)));
      if (mixed.size() > MIXED_FOLDERS) {
        mixed.remove(mixed.keySet().iterator().next());
      }
    }
    task.run(); // nothing where another thread has begun it
    boolean several = false;
    try {
      Folder folder = task.get();
      several = folder.series().size() > 1;
      return folder;
    } catch (ExecutionException e) {
      throw e.getCause() instanceof RuntimeException failure
          ? failure
          : new IllegalStateException(e.getCause());
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IllegalStateException("interrupted while reading headers", e);
    } finally {
      if (!several) {
        synchronized (mixed) {
          mixed.remove(path, task);
        }
      }
    }
  }

  private boolean isMixed(Path path) {
    synchronized (mixed) {
      return mixed.containsKey(path);
    }
  }

  private static String hash(String text) {
    return Sha256.of(ByteBuffer.wrap(text.getBytes(StandardCharsets.UTF_8)));
  }

  @Override
  public List<Path> files(Path path, String uid, int instances) throws IOException {
    if (!isMixed(path)) {
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
