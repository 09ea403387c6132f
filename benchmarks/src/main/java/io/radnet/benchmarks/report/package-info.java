/**
 * What a run of the suite found, as a table, as JSON, as a page and beside an older run. Start at
 * {@link io.radnet.benchmarks.report.SuiteResult}.
 */
@NullMarked
package io.radnet.benchmarks.report;

import org.jspecify.annotations.NullMarked;
