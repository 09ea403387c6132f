package io.radnet.trainer.commands;

import java.io.PrintWriter;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Model.CommandSpec;

/** What the commands share. */
final class Commands {
  private Commands() {}

  /** Where results go. */
  static PrintWriter out(@Nullable CommandSpec spec) {
    if (spec == null) {
      throw new IllegalStateException("picocli injects the specification before it calls");
    }
    return spec.commandLine().getOut();
  }
}
