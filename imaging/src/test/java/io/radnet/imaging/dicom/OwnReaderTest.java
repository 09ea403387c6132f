package io.radnet.imaging.dicom;

/** The contract, run against this project's reader, whichever reads headers in this build. */
class OwnReaderTest extends DicomReaderContract {
  @Override
  DicomDataset read(byte[] object) {
    return DicomReader.read(new InstanceSource.Memory("memory", object)).dataset();
  }
}
