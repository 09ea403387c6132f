/**
 * What the benchmarks share: the machine's description and the report; start with {@link
 * io.radnet.benchmarks.Machine}.
 */
@NullMarked
package io.radnet.benchmarks;

import org.jspecify.annotations.NullMarked;
