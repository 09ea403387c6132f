package io.radnet.imaging.labels;

import com.fasterxml.jackson.annotation.JsonPropertyOrder;
import com.fasterxml.jackson.databind.PropertyNamingStrategies;
import com.fasterxml.jackson.databind.annotation.JsonNaming;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * One row of {@code radnet label}: what the headers of a series say. The JSON names (snake case)
 * and the values are a contract.
 *
 * @param seriesUid SeriesInstanceUID, or its hash; a made-up identifier {@code path:...} where the
 *     files carry none
 * @param path the folder or the file that holds the series, relative to the scanned root
 * @param modality DICOM Modality such as CT, MR, PT, or unknown
 * @param sequence T1w, T2w, PDw, T2-FLAIR, T1-FLAIR, STIR, DWI, ADC, T2star, SWI, fMRI, TOF,
 *     fieldmap, perfusion, localizer, other, unknown, none (not MR)
 * @param fatSuppressed yes, no, unknown, or none (not MR)
 * @param view axial, coronal, sagittal, unknown
 * @param oblique whether the normal lies more than 5 degrees off its axis; null where unknown
 * @param contrast iv, none, oral, unknown
 * @param regions among brain, head, neck, chest, breast, liver, kidney, abdomen, pelvis, spine,
 *     extremity; sorted as here; empty where unknown
 * @param spacingMm distance between slices in mm, null where unknown
 * @param spacingSource positions, pixel_measures, spacing_between_slices, slice_thickness, private;
 *     null where unknown
 * @param spacingUniform whether all steps are equal within tolerance; null where unknown
 * @param tiltDegrees angle between the stacking direction and the slice normal; null where unknown
 * @param inPlaneSpacingMm row and column spacing in mm; empty where unknown
 * @param nInstances DICOM instances (files)
 * @param nSlices slices of one volume
 * @param nVolumes volumes (time points, b-values, echoes)
 * @param rejected the reason why the series is no scan to learn from, or null
 * @param evidence family to confidence and deciding attributes
 */
@JsonNaming(PropertyNamingStrategies.SnakeCaseStrategy.class)
@JsonPropertyOrder({
  "series_uid",
  "path",
  "modality",
  "sequence",
  "fat_suppressed",
  "view",
  "oblique",
  "contrast",
  "regions",
  "spacing_mm",
  "spacing_source",
  "spacing_uniform",
  "tilt_degrees",
  "in_plane_spacing_mm",
  "n_instances",
  "n_slices",
  "n_volumes",
  "rejected",
  "evidence"
})
public record SeriesLabels(
    String seriesUid,
    String path,
    String modality,
    String sequence,
    String fatSuppressed,
    String view,
    @Nullable Boolean oblique,
    String contrast,
    List<String> regions,
    @Nullable Double spacingMm,
    @Nullable String spacingSource,
    @Nullable Boolean spacingUniform,
    @Nullable Double tiltDegrees,
    List<Double> inPlaneSpacingMm,
    int nInstances,
    int nSlices,
    int nVolumes,
    @Nullable String rejected,
    Map<String, Evidence> evidence) {

  /**
   * Why a label has its value.
   *
   * @param confidence in [0, 1]
   * @param attributes the attributes that decided, by keyword or (gggg,eeee), never with patient
   *     data
   */
  public record Evidence(double confidence, List<String> attributes) {}
}
