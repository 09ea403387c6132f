package io.radnet.imaging.series;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import io.radnet.imaging.dicom.InstanceSource;
import io.radnet.imaging.dicom.Tag;
import io.radnet.imaging.dicom.VR;
import io.radnet.imaging.dicom.WritableDataset;
import io.radnet.imaging.volume.Geometry;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Locale;
import org.junit.jupiter.api.Test;

/** Where headers state a place in an odd way, or leave out what tells images apart. */
final class AgreedPlacesTest extends MrFiles {
  @Test
  void cosinesThatAreNotOfLengthOneChangeNoSpacing() throws IOException {
    for (int k = 0; k < 3; k++) {
      WritableDataset image = slice(k, 2.0 * k);
      add(image.put(Tag.IMAGE_ORIENTATION_PATIENT, VR.DS, 0.99, 0.1, 0, -0.1, 0.99, 0), k);
    }
    Geometry grid = assemble().get(0).volume().geometry();
    assertThat(grid.spacing(0)).isCloseTo(0.8, within(1e-9));
    assertThat(grid.spacing(1)).isCloseTo(0.5, within(1e-9));
  }

  @Test
  void aSlightTiltIsFlaggedInWhateverLocale() throws IOException {
    for (int k = 0; k < 10; k++) {
      WritableDataset image = slice(k, 2.0 * k);
      add(image.put(Tag.IMAGE_POSITION_PATIENT, VR.DS, 0.0, 0.01 * k, 2.0 * k), k);
    }
    Locale before = Locale.getDefault();
    try {
      Locale.setDefault(Locale.GERMANY);
      assertThat(assemble().get(0).stack().warnings()).containsExactly("tilted by 0.3 degrees");
    } finally {
      Locale.setDefault(before);
    }
  }

  /** As anonymizers leave repeated volumes: no times, no acquisition numbers, numbers from 1. */
  @Test
  void imagesOfDifferentUidsWithoutTimesAreNoCopies() throws IOException {
    for (int volume = 0; volume < 2; volume++) {
      for (int k = 0; k < 3; k++) {
        add(slice(k, 2.0 * k).put(Tag.SOP_INSTANCE_UID, VR.UI, "1.2." + volume + "." + k), volume);
      }
    }
    assertThat(firstValues(assemble())).containsExactly(0, 1);
  }

  @Test
  void foldersOfOneSeriesWithoutNumbersAreOneVolume() throws IOException {
    for (int k = 0; k < 4; k++) {
      WritableDataset image = slice(k, 2.0 * k).remove(Tag.INSTANCE_NUMBER);
      sources.add(new InstanceSource.Memory("disc" + k / 2 + "/" + k, bytes(image, pixels(1, k))));
    }
    assertThat(assemble()).hasSize(1);
    assertThat(assemble().get(0).volume().geometry().depth()).isEqualTo(4);
  }

  @Test
  void whatTwoDetectorsSawIsReconstructedAtThePlaceOfTheFirst() throws IOException {
    WritableDataset image = slice(0, 0);
    image.remove(Tag.IMAGE_POSITION_PATIENT).remove(Tag.IMAGE_ORIENTATION_PATIENT);
    image.put(Tag.IMAGE_TYPE, VR.CS, "ORIGINAL", "PRIMARY", "RECON TOMO", "EMISSION");
    image.put(Tag.SLICE_THICKNESS, VR.DS, 4.0).put(Tag.NUMBER_OF_FRAMES, VR.IS, 3);
    WritableDataset first = new WritableDataset();
    first.put(Tag.IMAGE_POSITION_PATIENT, VR.DS, 1.0, 2.0, 3.0);
    first.put(Tag.IMAGE_ORIENTATION_PATIENT, VR.DS, 1.0, 0.0, 0.0, 0.0, 1.0, 0.0);
    image.putSequence(Tag.DETECTOR_INFORMATION_SEQUENCE, List.of(first, new WritableDataset()));
    add(image, pixels(3, 0));
    Geometry grid = assemble().get(0).volume().geometry();
    assertThat(grid.affine().apply(0, 0, 2)).containsExactly(new double[] {1, 2, 11}, within(1e-9));
  }

  /** The older table, whose lengths are too large by the items of the first tag. */
  @Test
  void aMosaicWithAnOlderCsaHeaderStepsAlongItsNormal() throws IOException {
    WritableDataset sheet = mosaic(SIDE);
    sheet.put(Tag.SPACING_BETWEEN_SLICES, VR.DS, 3.0);
    sheet.put(0x0029_0010, VR.LO, "SIEMENS CSA HEADER");
    sheet.put(0x0029_1010, VR.OB, olderCsa());
    sources.add(new InstanceSource.Memory("s/1", bytes(sheet, pixels(1, 0))));
    SeriesVolume volume = assemble().get(0);
    assertThat(volume.stack().frames()).hasSize(3);
    // The normal opposes row cross column, so the first tile is the upper end.
    assertThat(volume.volume().geometry().affine().apply(0, 0, 0)[2]).isCloseTo(-6, within(1e-9));
    assertThat(volume.stack().frames().get(2).tileX()).isZero();
  }

  private static byte[] olderCsa() {
    ByteBuffer out = ByteBuffer.allocate(4096).order(ByteOrder.LITTLE_ENDIAN);
    out.putInt(3).putInt(77);
    tag(out, "EchoLinePosition", 6, List.of("2"), 6);
    tag(out, "NumberOfImagesInMosaic", 6, List.of("3"), 6);
    tag(out, "SliceNormalVector", 6, List.of("0.0", "0.0", "-1.0"), 6);
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    bytes.write(out.array(), 0, out.position());
    return bytes.toByteArray();
  }

  private static void tag(
      ByteBuffer out, String name, int items, List<String> values, int surplus) {
    byte[] letters = new byte[64];
    byte[] ascii = name.getBytes(StandardCharsets.US_ASCII);
    System.arraycopy(ascii, 0, letters, 0, ascii.length);
    out.put(letters).putInt(values.size()).put(new byte[] {'F', 'D', 0, 0});
    out.putInt(4).putInt(items).putInt(77);
    for (int i = 0; i < items; i++) {
      byte[] value =
          i < values.size() ? values.get(i).getBytes(StandardCharsets.US_ASCII) : new byte[0];
      out.putInt(value.length + surplus).putInt(0).putInt(77).putInt(0).put(value);
      out.position(out.position() + (4 - value.length % 4) % 4);
    }
  }
}
