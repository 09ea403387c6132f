/**
 * The commands serve, embed, segment and classify; start with {@link
 * io.radnet.server.commands.Main}.
 */
@NullMarked
package io.radnet.server.commands;

import org.jspecify.annotations.NullMarked;
