/**
 * 3D convolutions of the network; start with {@link io.radnet.benchmarks.convolution.Convolution}.
 */
@NullMarked
package io.radnet.benchmarks.convolution;

import org.jspecify.annotations.NullMarked;
