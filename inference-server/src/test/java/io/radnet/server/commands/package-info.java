/** Tests of the commands as a user runs them. */
@NullMarked
package io.radnet.server.commands;

import org.jspecify.annotations.NullMarked;
