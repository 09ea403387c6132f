/**
 * Runs benchmarks and their peers and reads what they print. Start at {@link
 * io.radnet.benchmarks.suite.Suite}.
 */
@NullMarked
package io.radnet.benchmarks.suite;

import org.jspecify.annotations.NullMarked;
