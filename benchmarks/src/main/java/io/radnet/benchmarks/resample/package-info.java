/**
 * Resampling from a scan's grid to a network's; start with {@link
 * io.radnet.benchmarks.resample.Resampling}.
 */
@NullMarked
package io.radnet.benchmarks.resample;

import org.jspecify.annotations.NullMarked;
