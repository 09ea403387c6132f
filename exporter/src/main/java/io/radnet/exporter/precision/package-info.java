/**
 * Rewrites a single-precision graph for half precision or 8 bits; start with {@link
 * io.radnet.exporter.precision.HalfPrecisionGraph} and {@link
 * io.radnet.exporter.precision.QuantizedGraph}.
 */
@NullMarked
package io.radnet.exporter.precision;

import org.jspecify.annotations.NullMarked;
