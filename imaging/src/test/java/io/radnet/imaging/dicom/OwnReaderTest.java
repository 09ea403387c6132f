package io.radnet.imaging.dicom;

/** The contract, run against this project's reader. */
class OwnReaderTest extends DicomReaderContract {
  @Override
  DicomDataset read(byte[] object) {
    return DicomReader.readHeader(new InstanceSource.Memory("memory", object)).dataset();
  }
}
