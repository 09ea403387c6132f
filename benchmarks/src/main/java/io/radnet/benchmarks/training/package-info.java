/** Steps of training. */
@NullMarked
package io.radnet.benchmarks.training;

import org.jspecify.annotations.NullMarked;
