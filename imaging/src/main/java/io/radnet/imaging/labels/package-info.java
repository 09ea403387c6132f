/** Labels from headers; start with {@link io.radnet.imaging.labels.SeriesLabels}. */
@NullMarked
package io.radnet.imaging.labels;

import org.jspecify.annotations.NullMarked;
