package io.radnet.imaging.series;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.radnet.imaging.InvalidInputException;
import io.radnet.imaging.dicom.InstanceSource;
import io.radnet.imaging.dicom.Tag;
import io.radnet.imaging.dicom.VR;
import io.radnet.imaging.dicom.WritableDataset;
import io.radnet.imaging.volume.Volume;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.List;
import org.junit.jupiter.api.Test;

/** Pixels that are no values by slope and intercept alone, and objects that lack some. */
class ValuesTest {
  @Test
  void aModalityTableTakesThePlaceOfSlopeAndIntercept() throws IOException {
    WritableDataset image = MrFiles.slice(0, 0).put(Tag.RESCALE_SLOPE, VR.DS, 7.0);
    table(image, VR.US, 10, 16, new byte[] {100, 0, -56, 0, 44, 1, -112, -1});
    Stack stack = stack(image, 9, 10, 12, 99);
    assertThat(stack.warnings()).isEmpty();
    assertThat(values(stack)).containsExactly(100, 100, 300, 0xff90);
  }

  @Test
  void aModalityTableOfSignedPixelsBeginsBelowZero() throws IOException {
    for (VR stated : new VR[] {VR.SS, VR.US}) {
      WritableDataset image = MrFiles.slice(0, 0).put(Tag.PIXEL_REPRESENTATION, VR.US, 1);
      table(image, stated, stated == VR.SS ? -2 : 0xfffe, 8, new byte[] {1, 2, 3, -1});
      assertThat(values(stack(image, -9, -2, -1, 9))).containsExactly(1, 1, 2, 255);
    }
  }

  @Test
  void entriesOf8BitMayBePaddedTo16() throws IOException {
    WritableDataset image = MrFiles.slice(0, 0);
    table(image, VR.US, 0, 8, new byte[] {1, 0, 2, 0, 3, 0, 4, 0});
    assertThat(values(stack(image, 0, 1, 2, 3))).containsExactly(1, 2, 3, 4);
  }

  @Test
  void aMalformedTableIsSaidAndRefusedWhereWholeVolumesAreWanted() throws IOException {
    WritableDataset image = MrFiles.slice(0, 0);
    table(image, VR.US, 0, 16, new byte[] {1, 0, 2, 0});
    refused(stack(image, 5, 6, 7, 8), "the modality lookup table is malformed");
  }

  @Test
  void paletteColoursAreSaidAndRefusedWhereWholeVolumesAreWanted() throws IOException {
    WritableDataset image = MrFiles.slice(0, 0);
    image.put(Tag.PHOTOMETRIC_INTERPRETATION, VR.CS, "PALETTE COLOR");
    refused(stack(image, 5, 6, 7, 8), "palette colour: values are indices of colours");
  }

  private static void refused(Stack stack, String reason) {
    assertThat(stack.warnings()).singleElement().asString().startsWith(reason);
    Series series = new Series("1", "s", List.of(stack.first().instance()));
    assertThat(VolumeAssembler.assemblePartly(series, stack).volume().value(0)).isEqualTo(5);
    assertThatThrownBy(() -> VolumeAssembler.assemble(series, stack))
        .isInstanceOf(InvalidInputException.class)
        .hasMessageContaining(reason);
  }

  @Test
  void doseIsNotScaledAndSaysSo() throws IOException {
    WritableDataset image = MrFiles.slice(0, 0).put(0x3004_000E, VR.DS, "0.0005");
    Stack stack = stack(image, 1, 2, 3, 4);
    assertThat(stack.warnings())
        .containsExactly("values are stored values: DoseGridScaling 5.0E-4 is not applied");
    assertThat(values(stack)).containsExactly(1, 2, 3, 4);
  }

  @Test
  void framesBeyondTheLimitMakeAPartialVolume() throws IOException {
    WritableDataset image = MrFiles.slice(0, 0).put(Tag.NUMBER_OF_FRAMES, VR.IS, 65_600);
    image.put(Tag.ROWS, VR.US, 1).put(Tag.COLUMNS, VR.US, 1);
    Stack stack = stacks(image, new byte[2 * 65_600]).get(0);
    assertThat(stack.frames()).hasSize(65_536);
    assertThat(stack.warnings()).anyMatch(text -> text.startsWith("partial: an object has 64 "));
  }

  @Test
  void framesWithoutFunctionalGroupsMakeAPartialVolume() throws IOException {
    WritableDataset image =
        MrFiles.enhanced(List.of(MrFiles.frame(0, 1, 1), MrFiles.frame(4, 2, 1)));
    Stack stack = stacks(image.put(Tag.NUMBER_OF_FRAMES, VR.IS, 3), new byte[96]).get(0);
    assertThat(stack.warnings()).anyMatch(text -> text.startsWith("partial: an object has 1 "));
    Series series = new Series("1", "s", List.of(stack.first().instance()));
    assertThatThrownBy(() -> VolumeAssembler.assemble(series, stack))
        .isInstanceOf(InvalidInputException.class)
        .hasMessageContaining("partial: ");
  }

  @Test
  void framesThatTheFileDoesNotHoldTakeNoMemory() throws IOException {
    WritableDataset image = MrFiles.slice(0, 0).put(Tag.NUMBER_OF_FRAMES, VR.IS, 4000);
    image.put(Tag.ROWS, VR.US, 500).put(Tag.COLUMNS, VR.US, 500);
    image.put(Tag.SLICE_THICKNESS, VR.DS, 1.0);
    byte[] object = MrFiles.bytes(image, new byte[2 * 500 * 500]);
    ScanResult scan = SeriesScanner.group(List.of(new InstanceSource.Memory("s", object)), 1);
    Series series = scan.series().get(0);
    Stack stack = VolumeAssembler.stacks(series).get(0);
    assertThatThrownBy(() -> VolumeAssembler.assemblePartly(series, stack))
        .isInstanceOf(InvalidInputException.class)
        .hasMessage("s: pixel data of 1 slices (expected: 4000)");
  }

  private static void table(WritableDataset image, VR vr, int first, int bits, byte[] data) {
    WritableDataset item = new WritableDataset().put(0x0028_3002, vr, 4, first, bits);
    item.put(0x0028_3004, VR.LO, "US").put(0x0028_3006, VR.OW, data);
    image.putSequence(0x0028_3000, List.of(item));
  }

  private static Stack stack(WritableDataset image, int... pixels) throws IOException {
    image.put(Tag.ROWS, VR.US, 2).put(Tag.COLUMNS, VR.US, 2);
    ByteBuffer bytes = ByteBuffer.allocate(8).order(ByteOrder.LITTLE_ENDIAN);
    for (int pixel : pixels) {
      bytes.putShort((short) pixel);
    }
    return stacks(image, bytes.array()).get(0);
  }

  private static List<Stack> stacks(WritableDataset image, byte[] pixels) throws IOException {
    InstanceSource source = new InstanceSource.Memory("s", MrFiles.bytes(image, pixels));
    ScanResult scan = SeriesScanner.group(List.of(source), 1);
    return VolumeAssembler.stacks(scan.series().get(0));
  }

  private static List<Integer> values(Stack stack) {
    Series series = new Series("1", "s", List.of(stack.first().instance()));
    Volume volume = VolumeAssembler.assemble(series, stack).volume();
    return List.of(
        (int) volume.value(0), (int) volume.value(1), (int) volume.value(2), (int) volume.value(3));
  }
}
