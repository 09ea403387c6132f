package io.radnet.server.scan;

import io.radnet.imaging.volume.LabelMap;
import io.radnet.imaging.volume.Volume;
import io.radnet.proto.v1.ClassifyResponse;
import io.radnet.proto.v1.ModelUsed;
import io.radnet.proto.v1.Timing;
import java.util.List;
import java.util.Optional;

/**
 * A scan and all answers to it, for a reader's eyes.
 *
 * @param volume in patient space
 * @param segmentation where a segmentation model was asked
 * @param labels where a labels model was asked: pixels, headers and contradictions
 * @param instances DICOM instances used, 0 for NIfTI
 * @param warnings one line each, nothing of the patient
 */
public record ScanView(
    Volume volume,
    Optional<MaskFiles> segmentation,
    Optional<ClassifyResponse> labels,
    int instances,
    List<String> warnings) {
  /** Copies the warnings. */
  public ScanView {
    warnings = List.copyOf(warnings);
  }

  /**
   * A mask, and the files that hold it.
   *
   * @param mask on the volume's grid
   * @param nifti as .nii.gz
   * @param dicomSeg absent where the scan is no DICOM or lacks UIDs
   * @param model that drew it
   * @param timing of the drawing
   */
  public record MaskFiles(
      LabelMap mask, byte[] nifti, Optional<byte[]> dicomSeg, ModelUsed model, Timing timing) {}
}
