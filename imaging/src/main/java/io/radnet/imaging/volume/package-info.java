/**
 * Voxels with their place in the patient; start with {@link io.radnet.imaging.volume.Volume} and
 * {@link io.radnet.imaging.volume.Geometry}.
 */
@NullMarked
package io.radnet.imaging.volume;

import org.jspecify.annotations.NullMarked;
