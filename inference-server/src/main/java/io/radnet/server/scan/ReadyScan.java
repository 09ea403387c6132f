package io.radnet.server.scan;

import io.radnet.imaging.series.Series;
import io.radnet.imaging.series.Stack;
import io.radnet.imaging.volume.Geometry;
import io.radnet.imaging.volume.Volume;
import io.radnet.proto.v1.ScanSummary;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * A scan that was read: the volume that is used, and what there is to say of the rest.
 *
 * @param volume in patient space
 * @param volumes that the scan holds
 * @param series the DICOM series, absent for the other forms
 * @param stack the DICOM slices of the volume, absent for the other forms
 * @param warnings one line each, nothing of the patient
 */
record ReadyScan(
    Volume volume,
    int volumes,
    Optional<Series> series,
    Optional<Stack> stack,
    List<String> warnings) {
  ReadyScan {
    warnings = List.copyOf(warnings);
  }

  ScanSummary summary() {
    return ScanSummary.newBuilder()
        .setGeometry(toProto(volume.geometry()))
        .setVolumes(volumes)
        .setInstances(series.map(each -> each.instances().size()).orElse(0))
        .addAllWarnings(warnings)
        .build();
  }

  static io.radnet.proto.v1.Geometry toProto(Geometry geometry) {
    List<Double> affine = new ArrayList<>();
    for (double value : geometry.affine().toArray()) {
      affine.add(value);
    }
    return io.radnet.proto.v1.Geometry.newBuilder()
        .setWidth(geometry.width())
        .setHeight(geometry.height())
        .setDepth(geometry.depth())
        .addAllAffine(affine)
        .build();
  }
}
