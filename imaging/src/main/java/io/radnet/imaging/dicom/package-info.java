/** DICOM Part 10 datasets; start with {@link io.radnet.imaging.dicom.DicomDataset}. */
@NullMarked
package io.radnet.imaging.dicom;

import org.jspecify.annotations.NullMarked;
