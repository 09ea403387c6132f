package io.radnet.imaging.labels;

import io.radnet.imaging.dicom.DicomDataset;
import io.radnet.imaging.series.Instance;
import io.radnet.imaging.series.Series;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;

/** Asks all families about a series. Safe for several threads. */
public final class SeriesLabeler {
  private final ModalityFamily modality;
  private final SequenceFamily sequence;
  private final FatSuppressionFamily fat;
  private final ViewFamily view;
  private final ContrastFamily contrast;
  private final RegionFamily region;
  private final CoverageFamily coverage;
  private final SpacingFamily spacing;
  private final Gate gate;

  /** A labeler with these rules. */
  public SeriesLabeler(Rules rules) {
    modality = new ModalityFamily(rules);
    sequence = new SequenceFamily(rules);
    fat = new FatSuppressionFamily(rules);
    view = new ViewFamily(rules);
    contrast = new ContrastFamily(rules);
    region = new RegionFamily(rules);
    coverage = new CoverageFamily();
    spacing = new SpacingFamily(rules);
    gate = new Gate(rules);
  }

  /**
   * The labels of a series.
   *
   * @throws io.radnet.imaging.InvalidInputException where a header can no longer be read
   */
  public SeriesLabels label(Series series) {
    return explain(series).labels();
  }

  /** The labels of a series, with everything that was looked at. */
  public Explanation explain(Series series) {
    return explain(series.uid(), series.path(), header(series), SeriesShape.of(series));
  }

  /** The labels of a series whose headers and shape are at hand. */
  Explanation explain(String uid, String path, SeriesHeader header, SeriesShape shape) {
    List<String> traps = new ArrayList<>();
    Map<String, Label> families = new LinkedHashMap<>();
    if (shape.modalities().size() > 1) {
      traps.add("two modalities in one series");
    }
    if (shape.sopClasses().size() > 1) {
      traps.add("two SOP classes in one series");
    }
    if (uid.isEmpty() || uid.startsWith("path:")) {
      traps.add("empty SeriesInstanceUID");
    }
    if (shape.tiles()) {
      traps.add("slices tiled in one image");
    }
    if (shape.duplicates() > 0) {
      traps.add("copies of the same image");
    }
    if (shape.cutOff() > 0) {
      traps.add("truncated files");
    }
    Label modalityLabel = modality.label(header, traps);
    families.put("modality", modalityLabel);
    boolean localizer = gate.localizer(header).isPresent();
    Label sequenceLabel = sequence.label(header, shape, modalityLabel.value(), localizer);
    families.put("sequence", sequenceLabel);
    Label fatLabel = fat.label(header, modalityLabel.value(), sequenceLabel.value());
    families.put("fat_suppressed", fatLabel);
    ViewFamily.View viewed = view.view(header, shape);
    families.put("view", viewed.label());
    Label contrastLabel = contrast.label(header, modalityLabel.value(), traps);
    families.put("contrast", contrastLabel);
    RegionFamily.Regions regions =
        region.regions(
            header,
            shape,
            modalityLabel.value(),
            sequenceLabel.value(),
            viewed.label().value(),
            traps);
    families.put("regions", regions.label());
    families.put("coverage", coverage.label(shape));
    SpacingFamily.Spacing spaced = spacing.spacing(header, shape, modalityLabel.value(), traps);
    families.put("spacing", spaced.label());
    List<String> gateAttributes = new ArrayList<>();
    String rejected =
        gate.rejected(header, shape, modalityLabel.value(), spaced, localizer, gateAttributes);
    families.put(
        "gate",
        new Label(
            rejected == null ? "accepted" : "rejected",
            0.95,
            gateAttributes.stream().distinct().toList(),
            gate.localizer(header).stream().toList(),
            rejected == null ? "nothing speaks against a scan" : rejected));
    families.put("traps", new Label("", 1, new ArrayList<>(new TreeSet<>(traps)), List.of(), ""));
    Map<String, SeriesLabels.Evidence> evidence = new LinkedHashMap<>();
    families.forEach((family, label) -> evidence.put(family, label.evidence()));
    SeriesLabels labels =
        new SeriesLabels(
            uid,
            path,
            modalityLabel.value(),
            sequenceLabel.value(),
            fatLabel.value(),
            viewed.label().value(),
            viewed.oblique(),
            contrastLabel.value(),
            regions.values(),
            spaced.mm(),
            spaced.source(),
            spaced.uniform(),
            spaced.tiltDegrees(),
            shape.inPlaneMm(),
            shape.instances(),
            shape.slices(),
            shape.volumes(),
            rejected,
            evidence);
    return new Explanation(labels, families, header.looked());
  }

  /** The first, the middle and the last instance, and the first of each SOP class. */
  private static SeriesHeader header(Series series) {
    List<Instance> instances = series.instances();
    Set<Instance> samples = new LinkedHashSet<>();
    samples.add(instances.get(0));
    samples.add(instances.get(instances.size() / 2));
    samples.add(instances.get(instances.size() - 1));
    List<DicomDataset> datasets = new ArrayList<>();
    for (Instance sample : samples) {
      datasets.add(sample.header().dataset());
    }
    return new SeriesHeader(datasets);
  }
}
