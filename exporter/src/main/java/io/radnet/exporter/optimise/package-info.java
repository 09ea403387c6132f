/**
 * Rewrites of a graph that compute the same with less work; start with {@link
 * io.radnet.exporter.optimise.UpsampledConvolution}.
 */
@NullMarked
package io.radnet.exporter.optimise;

import org.jspecify.annotations.NullMarked;
