package io.radnet.trainer.segmentation;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.radnet.imaging.InvalidInputException;
import io.radnet.trainer.data.DiskScans;
import io.radnet.trainer.data.Split;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.stream.Stream;

/**
 * A scan and its masks on disk.
 *
 * @param name for messages and reports
 * @param image DICOM series folder or NIfTI file
 * @param masks one file with several labels (NIfTI or DICOM SEG) under the name "", or one file per
 *     class
 * @param split its part
 */
public record SegmentationCase(String name, Path image, Map<String, Path> masks, Split split) {
  /** The name of a mask file that holds several labels. */
  static final String ALL_CLASSES = "";

  private static final String FILE = "cases.jsonl";
  private static final ObjectMapper JSON = new ObjectMapper();
  private static final List<List<String>> PAIRS =
      List.of(
          List.of("images", "masks"), List.of("images", "labels"), List.of("imagesTr", "labelsTr"));

  /** Copies the map. */
  public SegmentationCase {
    masks = Map.copyOf(masks);
  }

  /**
   * The cases of a data set: those of {@code cases.jsonl}; else pairs of equal names in {@code
   * images} and {@code masks} (or {@code labels}, or nnU-Net's {@code imagesTr} and {@code
   * labelsTr}), an image being a NIfTI file or the folder of a DICOM series and a mask a NIfTI file
   * or a DICOM SEG ({@code .dcm}); else TotalSegmentator's folders with {@code ct.nii.gz} or {@code
   * mri.nii.gz} and {@code segmentations/CLASS.nii.gz}. Its {@code splits.json} names patients, or
   * the scans by their files without {@code .nii.gz}. Where nothing says which split a scan is in,
   * its patient decides.
   *
   * @throws InvalidInputException where there is none
   */
  public static List<SegmentationCase> find(Path folder) {
    try {
      if (Files.isRegularFile(folder.resolve(FILE))) {
        return listed(folder);
      }
      Optional<Map<String, Split>> splits = Split.read(folder);
      for (List<String> pair : PAIRS) {
        Path images = folder.resolve(pair.get(0));
        Path masks = folder.resolve(pair.get(1));
        if (Files.isDirectory(images) && Files.isDirectory(masks)) {
          return pairs(images, masks, splits);
        }
      }
      List<SegmentationCase> found = totalSegmentator(folder, splits);
      if (!found.isEmpty()) {
        return found;
      }
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    throw new InvalidInputException(
        folder,
        "no scans with masks: neither cases.jsonl, nor images/ with masks/ or labels/, nor folders"
            + " with ct.nii.gz and segmentations/");
  }

  private static List<SegmentationCase> listed(Path folder) throws IOException {
    Path file = folder.resolve(FILE);
    List<SegmentationCase> cases = new ArrayList<>();
    int number = 0;
    for (String line : Files.readAllLines(file)) {
      number++;
      if (line.isBlank()) {
        continue;
      }
      String where = file + ":" + number;
      JsonNode row;
      try {
        row = JSON.readTree(line);
      } catch (JsonProcessingException e) {
        throw new InvalidInputException(where, "not JSON", e);
      }
      String image = row.path("image").asText();
      String mask = row.path("mask").asText();
      if (image.isEmpty() || mask.isEmpty()) {
        throw new InvalidInputException(where, "image or mask: missing");
      }
      for (String path : List.of(image, mask)) {
        if (!Files.exists(folder.resolve(path))) {
          throw new InvalidInputException(where, path + ": no such file or folder");
        }
      }
      String patient = row.path("patient").asText(image);
      Split split =
          row.has("split") ? Split.parse(row.path("split").asText(), where) : Split.byHash(patient);
      cases.add(
          new SegmentationCase(
              image, folder.resolve(image), Map.of(ALL_CLASSES, folder.resolve(mask)), split));
    }
    return cases;
  }

  private static List<SegmentationCase> pairs(
      Path images, Path masks, Optional<Map<String, Split>> splits) throws IOException {
    List<SegmentationCase> cases = new ArrayList<>();
    for (Path image : scans(images)) {
      String name = image.getFileName().toString();
      String stem = stem(name);
      Path mask =
          Stream.of(name, name.replace("_0000.nii", ".nii"), stem + ".nii.gz", stem + ".dcm")
              .map(masks::resolve)
              .filter(Files::isRegularFile)
              .findFirst()
              .orElseThrow(
                  () ->
                      new InvalidInputException(
                          image, "no mask " + masks.resolve(stem) + ".nii.gz or .dcm"));
      cases.add(
          new SegmentationCase(
              name, image, Map.of(ALL_CLASSES, mask), split(name, patient(image), splits)));
    }
    return cases;
  }

  private static List<SegmentationCase> totalSegmentator(
      Path folder, Optional<Map<String, Split>> splits) throws IOException {
    List<SegmentationCase> cases = new ArrayList<>();
    List<Path> subjects;
    try (Stream<Path> listed = Files.list(folder)) {
      subjects = listed.filter(Files::isDirectory).sorted().toList();
    }
    for (Path subject : subjects) {
      Path masks = subject.resolve("segmentations");
      Path ct = subject.resolve("ct.nii.gz");
      Path image = Files.isRegularFile(ct) ? ct : subject.resolve("mri.nii.gz");
      if (Files.isDirectory(masks) && Files.isRegularFile(image)) {
        Map<String, Path> classes = new TreeMap<>();
        for (Path mask : nifti(masks)) {
          String file = mask.getFileName().toString();
          classes.put(file.substring(0, file.indexOf(".nii")), mask);
        }
        String name = subject.getFileName().toString();
        cases.add(new SegmentationCase(name, image, classes, split(name, name, splits)));
      }
    }
    return cases;
  }

  /** By {@code splits.json}, which names patients, or else scans; by the patient's hash else. */
  private static Split split(String name, String patient, Optional<Map<String, Split>> splits) {
    return splits
        .flatMap(
            map ->
                Optional.ofNullable(map.get(patient))
                    .or(() -> Optional.ofNullable(map.get(stem(name)))))
        .orElseGet(() -> Split.byHash(patient));
  }

  private static String stem(String name) {
    return name.replaceFirst("\\.nii(\\.gz)?$", "");
  }

  /**
   * Whose scan it is, so that two scans of one patient share a split: of DICOM the header says so,
   * of NIfTI a file name that begins with {@code sub-NAME_}, as BIDS has it; else the name itself.
   */
  private static String patient(Path image) throws IOException {
    String name = image.getFileName().toString();
    if (Files.isDirectory(image)) {
      try {
        DiskScans scans = new DiskScans();
        return scans.patient(scans.files(image, "", 0).get(0)).orElse(name);
      } catch (InvalidInputException noHeader) {
        return name; // reading the scan will say what is wrong with it
      }
    }
    int end = name.indexOf('_');
    return name.startsWith("sub-") && end > 0 ? name.substring(0, end) : name;
  }

  /** NIfTI files, and folders of DICOM series. */
  private static List<Path> scans(Path folder) throws IOException {
    List<Path> scans = new ArrayList<>(nifti(folder));
    try (Stream<Path> files = Files.list(folder)) {
      files.filter(Files::isDirectory).sorted().forEach(scans::add);
    }
    return scans;
  }

  private static List<Path> nifti(Path folder) throws IOException {
    try (Stream<Path> files = Files.list(folder)) {
      return files
          .filter(file -> file.toString().endsWith(".nii") || file.toString().endsWith(".nii.gz"))
          .sorted()
          .toList();
    }
  }
}
