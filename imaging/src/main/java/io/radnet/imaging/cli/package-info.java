/**
 * What all commands share: exit codes, one-line errors, progress; start with {@link
 * io.radnet.imaging.cli.CommandRunner}.
 */
@NullMarked
package io.radnet.imaging.cli;

import org.jspecify.annotations.NullMarked;
