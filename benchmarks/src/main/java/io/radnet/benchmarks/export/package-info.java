/**
 * From a checkpoint to a model repository; start with {@link io.radnet.benchmarks.export.Export}.
 */
@NullMarked
package io.radnet.benchmarks.export;

import org.jspecify.annotations.NullMarked;
