package io.radnet.imaging.dicom;

import io.radnet.imaging.InvalidInputException;
import java.util.Iterator;
import java.util.ServiceLoader;

/**
 * Reads what precedes the pixel data. The reader of this project is used unless the class path
 * offers another one as a service: the Maven profile {@code dcm4che} adds one over dcm4che-core.
 */
public interface HeaderReader {
  /**
   * Everything before the pixel data.
   *
   * @throws InvalidInputException where the source is no DICOM object or is malformed
   */
  DicomFile readHeader(InstanceSource source);

  /** The reader that the class path offers, else {@code own}. */
  static HeaderReader offered(HeaderReader own) {
    Iterator<HeaderReader> offered = ServiceLoader.load(HeaderReader.class).iterator();
    return offered.hasNext() ? offered.next() : own;
  }
}
