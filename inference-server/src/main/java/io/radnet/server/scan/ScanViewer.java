package io.radnet.server.scan;

import io.radnet.imaging.InvalidInputException;
import io.radnet.imaging.labels.Rules;
import io.radnet.imaging.labels.SeriesLabeler;
import io.radnet.imaging.segmentation.SegmentationOptions;
import io.radnet.imaging.segmentation.SegmentationSource;
import io.radnet.imaging.volume.LabelMap;
import io.radnet.proto.v1.ClassifyResponse;
import io.radnet.proto.v1.HeadResult;
import io.radnet.proto.v1.ResultFormat;
import io.radnet.server.model.ServedModel;
import io.radnet.server.model.Tensor;
import io.radnet.server.telemetry.Stage;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.BooleanSupplier;
import java.util.function.ObjIntConsumer;

/**
 * Reads a scan once and asks a segmentation model and a labels model about it, as the page shows
 * both. Safe for several threads.
 */
public final class ScanViewer {
  private final ScanLimits limits;
  private final SeriesLabeler labeler = new SeriesLabeler(Rules.builtIn());

  /** A viewer within the limits of a server. */
  public ScanViewer(ScanLimits limits) {
    this.limits = limits;
  }

  /**
   * The scan and the answers.
   *
   * @param segmentation model to ask for a mask
   * @param labels model to ask for labels
   * @param progress told the number of all windows and of those done
   */
  public ScanView view(
      ReceivedScan scan,
      Optional<ServedModel> segmentation,
      Optional<ServedModel> labels,
      BooleanSupplier cancelled,
      ObjIntConsumer<Integer> progress) {
    ReadyScan ready = ScanReader.read(scan, limits);
    List<String> warnings = new ArrayList<>(ready.warnings());
    Optional<ClassifyResponse> classified =
        labels.map(model -> classify(new ScanJob(model, 0, cancelled, scan), ready));
    Optional<ScanView.MaskFiles> mask =
        segmentation.map(
            model -> mask(new ScanJob(model, 0, cancelled, scan), scan, ready, warnings, progress));
    return new ScanView(ready.volume(), mask, classified, ready.summary().getInstances(), warnings);
  }

  private ClassifyResponse classify(ScanJob job, ReadyScan ready) {
    Map<String, Tensor> outputs = Labelling.run(job, ready);
    List<HeadResult> heads =
        HeadAnswers.of(job.recipe(), outputs, Labelling.spacingFactor(job, ready));
    ClassifyResponse.Builder answer =
        ClassifyResponse.newBuilder().setModel(job.used()).addAllHeads(heads);
    ready
        .series()
        .map(labeler::label)
        .ifPresent(
            said ->
                answer
                    .addAllHeaderLabels(HeaderAnswers.of(said))
                    .addAllDisagreements(HeaderAnswers.disagreements(said, job.recipe(), heads)));
    return answer.setTiming(job.finished()).build();
  }

  private static ScanView.MaskFiles mask(
      ScanJob job,
      ReceivedScan scan,
      ReadyScan ready,
      List<String> warnings,
      ObjIntConsumer<Integer> progress) {
    LabelMap mask = Segmentation.run(job, ready, scan.options().getSegment(), progress);
    job.checkWanted();
    SegmentationOptions making =
        new SegmentationOptions(
            job.model().name(),
            job.model().version(),
            Instant.now().truncatedTo(ChronoUnit.SECONDS),
            scan.options().getSegment().getKeepPatient());
    byte[] nifti =
        scan.stages()
            .time(
                Stage.ENCODE,
                () ->
                    MaskEncoder.encode(
                        mask, ResultFormat.RESULT_FORMAT_NIFTI_GZ, Optional.empty(), making));
    return new ScanView.MaskFiles(
        mask, nifti, dicomSeg(mask, scan, ready, making, warnings), job.used(), job.finished());
  }

  private static Optional<byte[]> dicomSeg(
      LabelMap mask,
      ReceivedScan scan,
      ReadyScan ready,
      SegmentationOptions making,
      List<String> warnings) {
    try {
      return ready
          .stack()
          .map(SegmentationSource::of)
          .map(
              source ->
                  scan.stages()
                      .time(
                          Stage.ENCODE,
                          () ->
                              MaskEncoder.encode(
                                  mask,
                                  ResultFormat.RESULT_FORMAT_DICOM_SEG,
                                  Optional.of(source),
                                  making)));
    } catch (InvalidInputException impossible) {
      warnings.add("no DICOM SEG of this scan: " + impossible.getMessage());
      return Optional.empty();
    }
  }
}
