/**
 * Segmentation networks: patches, loss, sliding windows, overlap; start with {@link
 * io.radnet.trainer.segmentation.SegmentationTraining}.
 */
@NullMarked
package io.radnet.trainer.segmentation;

import org.jspecify.annotations.NullMarked;
