/**
 * Where a server's settings come from: command line, environment, file, default. Start with {@link
 * io.radnet.server.config.Setting}, the one table of them.
 */
@NullMarked
package io.radnet.server.config;

import org.jspecify.annotations.NullMarked;
