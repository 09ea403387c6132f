/** The commands bench and demo; start with {@link io.radnet.benchmarks.commands.Main}. */
@NullMarked
package io.radnet.benchmarks.commands;

import org.jspecify.annotations.NullMarked;
