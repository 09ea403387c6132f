package io.radnet.imaging.dicom;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.charset.StandardCharsets;
import org.junit.jupiter.api.Test;

/** The contract, run against this project's reader, whichever reads headers in this build. */
class OwnReaderTest extends DicomReaderContract {
  @Override
  DicomDataset read(byte[] object) {
    return DicomReader.read(new InstanceSource.Memory("memory", object)).dataset();
  }

  /** In a large file, the letters of a VR could be a length, too. */
  @Test
  void aLargeExplicitFileThatClaimsToBeImplicitIsRead() {
    WritableDataset large = example().put(Tag.PIXEL_DATA, VR.OW, (Object) new byte[2 << 20]);
    String whole =
        new String(write(large, DicomWriter.EXPLICIT_LITTLE_ENDIAN), StandardCharsets.ISO_8859_1);
    String lying =
        whole.replace(
            DicomWriter.EXPLICIT_LITTLE_ENDIAN + "\0",
            DicomWriter.IMPLICIT_LITTLE_ENDIAN + "\0\0\0");
    assertThat(lying).isNotEqualTo(whole).hasSameSizeAs(whole);
    DicomFile file =
        DicomReader.read(
            new InstanceSource.Memory("lying", lying.getBytes(StandardCharsets.ISO_8859_1)));
    assertThat(file.dataset().integer(Tag.ROWS)).hasValue(513);
    assertThat(file.warnings())
        .containsExactly("the dataset is EXPLICIT_LITTLE although the file says IMPLICIT_LITTLE");
  }
}
