/** The commands phantom, label and convert; start with {@link io.radnet.imaging.commands.Main}. */
@NullMarked
package io.radnet.imaging.commands;

import org.jspecify.annotations.NullMarked;
