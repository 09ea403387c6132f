/** Windows of logits into masks; start with {@link io.radnet.benchmarks.sliding.WindowBlending}. */
@NullMarked
package io.radnet.benchmarks.sliding;

import org.jspecify.annotations.NullMarked;
