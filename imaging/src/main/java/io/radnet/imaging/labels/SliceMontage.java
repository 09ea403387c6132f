package io.radnet.imaging.labels;

import io.radnet.imaging.InvalidInputException;
import io.radnet.imaging.dicom.DicomReader;
import io.radnet.imaging.dicom.PixelDecoder;
import io.radnet.imaging.dicom.PixelFrame;
import io.radnet.imaging.series.Frame;
import io.radnet.imaging.series.Series;
import io.radnet.imaging.series.SeriesScanner;
import io.radnet.imaging.series.Stack;
import io.radnet.imaging.series.VolumeAssembler;
import java.awt.image.BufferedImage;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Base64;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import javax.imageio.ImageIO;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Middle slices as small pictures, in the window from the 1st to the 99th percentile. */
final class SliceMontage {
  private static final Logger LOG = LoggerFactory.getLogger(SliceMontage.class);
  private static final int MAXIMUM = 24;
  private static final int SIDE = 128;
  private static final double CLIPPED = 0.01;

  private SliceMontage() {}

  /**
   * One picture.
   *
   * @param png base64
   */
  record Picture(String png, String caption) {}

  /** Pictures of the first series that can be drawn. */
  static List<Picture> of(Path base, List<SeriesLabels> rows) {
    List<Picture> pictures = new ArrayList<>();
    for (SeriesLabels row : rows) {
      if (pictures.size() == MAXIMUM) {
        break;
      }
      try {
        picture(base, row).ifPresent(pictures::add);
      } catch (InvalidInputException e) {
        LOG.debug("no picture of {}", row.path(), e);
      }
    }
    return pictures;
  }

  private static Optional<Picture> picture(Path base, SeriesLabels row) {
    Path path = base.resolve(row.path());
    Optional<Series> series =
        SeriesScanner.scan(List.of(path), 1).series().stream()
            .filter(
                candidate ->
                    candidate.instances().size() == row.nInstances()
                        && candidate.instances().get(0).modality().equals(row.modality()))
            .findFirst();
    Optional<Stack> stack =
        series.stream()
            .flatMap(found -> VolumeAssembler.stacks(found).stream())
            .max(Comparator.comparingInt(candidate -> candidate.frames().size()));
    if (stack.isEmpty()) {
      return Optional.empty();
    }
    Frame frame = stack.get().frames().get(stack.get().frames().size() / 2);
    PixelFrame pixels =
        PixelDecoder.frame(DicomReader.read(frame.instance().source()), frame.index());
    if (pixels.samples() != 1) {
      return Optional.empty();
    }
    String caption =
        String.join(
            " ",
            row.modality(),
            row.sequence().equals("none") ? "" : row.sequence(),
            row.view(),
            String.join(",", row.regions()));
    return Optional.of(new Picture(png(frame, pixels), caption.replaceAll(" +", " ").trim()));
  }

  private static String png(Frame frame, PixelFrame pixels) {
    int[] values = pixels.values();
    float[] floats = pixels.floats();
    double[] slice = new double[frame.rows() * frame.columns()];
    for (int y = 0; y < frame.rows(); y++) {
      for (int x = 0; x < frame.columns(); x++) {
        int at = (frame.tileY() + y) * pixels.columns() + frame.tileX() + x;
        slice[y * frame.columns() + x] = floats.length > 0 ? floats[at] : values[at];
      }
    }
    double[] sorted = slice.clone();
    Arrays.sort(sorted);
    double low = sorted[(int) (CLIPPED * (sorted.length - 1))];
    double high = sorted[(int) ((1 - CLIPPED) * (sorted.length - 1))];
    double height = frame.rows() * Math.max(frame.rowSpacing(), 1e-3);
    double width = frame.columns() * Math.max(frame.columnSpacing(), 1e-3);
    int tall = Math.max(1, (int) Math.round(SIDE * height / Math.max(height, width)));
    int wide = Math.max(1, (int) Math.round(SIDE * width / Math.max(height, width)));
    BufferedImage image = new BufferedImage(wide, tall, BufferedImage.TYPE_BYTE_GRAY);
    for (int y = 0; y < tall; y++) {
      for (int x = 0; x < wide; x++) {
        double value =
            slice[(y * frame.rows() / tall) * frame.columns() + x * frame.columns() / wide];
        double grey = high > low ? 255 * (value - low) / (high - low) : 0;
        image.getRaster().setSample(x, y, 0, (int) Math.max(0, Math.min(255, grey)));
      }
    }
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    try {
      ImageIO.write(image, "png", out);
    } catch (IOException e) {
      throw new UncheckedIOException(e); // memory does not fail
    }
    return Base64.getEncoder().encodeToString(out.toByteArray());
  }
}
