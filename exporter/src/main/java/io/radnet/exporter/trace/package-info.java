/**
 * Functions of arrays read by running them on arrays that write down what is asked of them; start
 * with {@link io.radnet.exporter.trace.Trace}.
 */
@NullMarked
package io.radnet.exporter.trace;

import org.jspecify.annotations.NullMarked;
