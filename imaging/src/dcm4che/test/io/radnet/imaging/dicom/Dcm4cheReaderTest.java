package io.radnet.imaging.dicom;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

/** The contract, run against dcm4che-core. */
class Dcm4cheReaderTest extends DicomReaderContract {
  @Override
  DicomDataset read(byte[] object) {
    return new Dcm4cheReader().readHeader(new InstanceSource.Memory("memory", object)).dataset();
  }

  @Test
  void isTheReaderOfABuildWithTheProfile() {
    assertThat(
            HeaderReader.offered(
                source -> {
                  throw new IllegalStateException("the project's own reader");
                }))
        .isInstanceOf(Dcm4cheReader.class);
  }
}
