/**
 * DICOM SEG in and out. Start at {@link io.radnet.imaging.segmentation.SegmentationWriter} and
 * {@link io.radnet.imaging.segmentation.SegmentationReader}.
 */
@NullMarked
package io.radnet.imaging.segmentation;

import org.jspecify.annotations.NullMarked;
