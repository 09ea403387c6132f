/**
 * Synthetic scans with known labels and masks, written as DICOM; start with {@link
 * io.radnet.imaging.phantom.PhantomDataset}.
 */
@NullMarked
package io.radnet.imaging.phantom;

import org.jspecify.annotations.NullMarked;
