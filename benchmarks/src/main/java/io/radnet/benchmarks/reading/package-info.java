/**
 * From files to the network's input: headers, pixels, series; start with {@link
 * io.radnet.benchmarks.reading.ScanFiles}, which chooses the files.
 */
@NullMarked
package io.radnet.benchmarks.reading;

import org.jspecify.annotations.NullMarked;
