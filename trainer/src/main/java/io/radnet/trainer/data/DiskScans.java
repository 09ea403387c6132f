package io.radnet.trainer.data;

import io.radnet.imaging.InvalidInputException;
import io.radnet.imaging.dicom.DicomDataset;
import io.radnet.imaging.dicom.DicomReader;
import io.radnet.imaging.dicom.InstanceSource;
import io.radnet.imaging.dicom.Tag;
import io.radnet.imaging.series.ScanResult;
import io.radnet.imaging.series.Series;
import io.radnet.imaging.series.SeriesScanner;
import io.radnet.imaging.series.Stack;
import io.radnet.imaging.series.VolumeAssembler;
import io.radnet.imaging.volume.NiftiReader;
import io.radnet.imaging.volume.Volume;
import io.radnet.trainer.checkpoint.Sha256;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;

/** DICOM series and NIfTI files. */
public final class DiskScans implements ScanReader {
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

  private static Series choose(Path path, String uid) {
    ScanResult scan = SeriesScanner.scan(List.of(path), 1);
    if (scan.series().isEmpty()) {
      throw new InvalidInputException(path, "DICOM series: 0 (expected: >= 1)");
    }
    if (uid.isEmpty() || scan.series().size() == 1) {
      return scan.series().get(0);
    }
    for (Series series : scan.series()) {
      if (series.uid().equals(uid) || hash(series.uid()).startsWith(uid)) {
        return series;
      }
    }
    throw new InvalidInputException(
        path, "none of its " + scan.series().size() + " series has the labelled series_uid");
  }

  private static String hash(String text) {
    return Sha256.of(ByteBuffer.wrap(text.getBytes(StandardCharsets.UTF_8)));
  }

  /** PatientID, else StudyInstanceUID, else the path. */
  @Override
  public String patient(Path path) {
    if (isNifti(path)) {
      return path.getFileName().toString();
    }
    DicomDataset header = DicomReader.readHeader(new InstanceSource.File(first(path))).dataset();
    return header
        .string(Tag.PATIENT_ID)
        .filter(id -> !id.isBlank())
        .or(() -> header.string(Tag.STUDY_INSTANCE_UID).filter(uid -> !uid.isBlank()))
        .orElse(path.toString());
  }

  private static Path first(Path path) {
    if (!Files.isDirectory(path)) {
      return path;
    }
    try (Stream<Path> files = Files.walk(path)) {
      return files
          .filter(Files::isRegularFile)
          .sorted()
          .findFirst()
          .orElseThrow(() -> new InvalidInputException(path, "files: 0 (expected: >= 1)"));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
