/** The command export; start with {@link io.radnet.exporter.commands.Main}. */
@NullMarked
package io.radnet.exporter.commands;

import org.jspecify.annotations.NullMarked;
