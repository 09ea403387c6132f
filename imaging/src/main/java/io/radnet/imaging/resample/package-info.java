/**
 * Volumes and masks on other grids; start with {@link io.radnet.imaging.resample.Resampler}, which
 * states how borders and half voxels are handled.
 */
@NullMarked
package io.radnet.imaging.resample;

import org.jspecify.annotations.NullMarked;
