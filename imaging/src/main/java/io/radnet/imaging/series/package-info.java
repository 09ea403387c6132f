/** Instances to series to 3D volumes; start with {@link io.radnet.imaging.series.SeriesScanner}. */
@NullMarked
package io.radnet.imaging.series;

import org.jspecify.annotations.NullMarked;
