/**
 * What the server adds to the network; start with {@link
 * io.radnet.benchmarks.serving.ModelInference}.
 */
@NullMarked
package io.radnet.benchmarks.serving;

import org.jspecify.annotations.NullMarked;
