package io.radnet.server.commands;

import io.radnet.imaging.cli.CommandRunner;
import picocli.CommandLine.Command;

/** The commands of this module, one class each; the launcher {@code radnet} dispatches here. */
@Command(
    name = "radnet",
    subcommands = {
      ServeCommand.class,
      HealthCommand.class,
      EmbedCommand.class,
      ClassifyCommand.class,
      SegmentCommand.class,
      LoadTestCommand.class
    })
public final class Main {
  /** Runs a command and returns its exit code: 0, 1 for a failed job, 2 for wrong usage. */
  public static int run(String... args) {
    return CommandRunner.run(new Main(), args);
  }

  /** Runs a command and exits. */
  public static void main(String[] args) {
    System.exit(run(args));
  }
}
