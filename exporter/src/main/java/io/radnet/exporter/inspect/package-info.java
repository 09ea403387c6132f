/**
 * What is in a model file: operators, cost per layer, recipe; start with {@link
 * io.radnet.exporter.inspect.Inspection}.
 */
@NullMarked
package io.radnet.exporter.inspect;

import org.jspecify.annotations.NullMarked;
