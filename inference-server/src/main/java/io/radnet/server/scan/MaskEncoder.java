package io.radnet.server.scan;

import com.google.protobuf.CodedOutputStream;
import io.radnet.imaging.segmentation.SegmentationOptions;
import io.radnet.imaging.segmentation.SegmentationSource;
import io.radnet.imaging.segmentation.SegmentationWriter;
import io.radnet.imaging.volume.LabelMap;
import io.radnet.imaging.volume.NiftiWriter;
import io.radnet.proto.v1.ResultFormat;
import io.radnet.server.model.RequestException;
import io.radnet.server.model.RequestException.Reason;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.Optional;

/** A mask as the bytes of a result. */
final class MaskEncoder {
  private MaskEncoder() {}

  /**
   * Encodes.
   *
   * @param source the DICOM scan, present where the format is DICOM SEG
   */
  static byte[] encode(
      LabelMap mask,
      ResultFormat format,
      Optional<SegmentationSource> source,
      SegmentationOptions making) {
    try {
      return switch (format) {
        case RESULT_FORMAT_RUN_LENGTH -> runLength(mask);
        case RESULT_FORMAT_NIFTI_GZ -> {
          ByteArrayOutputStream bytes = new ByteArrayOutputStream();
          NiftiWriter.write(bytes, mask, true);
          yield bytes.toByteArray();
        }
        case RESULT_FORMAT_DICOM_SEG -> {
          ByteArrayOutputStream bytes = new ByteArrayOutputStream();
          SegmentationWriter.write(bytes, mask, source.orElseThrow(), making);
          yield bytes.toByteArray();
        }
        default ->
            throw new RequestException(
                Reason.UNSUPPORTED, "format " + format + " is not supported");
      };
    } catch (IOException impossible) {
      throw new UncheckedIOException(impossible);
    }
  }

  /** Pairs of varints (label, run length) over the voxels, i fastest. */
  private static byte[] runLength(LabelMap mask) throws IOException {
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    CodedOutputStream out = CodedOutputStream.newInstance(bytes);
    byte[] labels = mask.labels();
    for (int start = 0; start < labels.length; ) {
      int end = start;
      while (end < labels.length && labels[end] == labels[start]) {
        end++;
      }
      out.writeUInt32NoTag(labels[start] & 0xff);
      out.writeUInt32NoTag(end - start);
      start = end;
    }
    out.flush();
    return bytes.toByteArray();
  }
}
