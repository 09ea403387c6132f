package io.radnet.trainer.commands;

import io.radnet.imaging.cli.CommandRunner;
import picocli.CommandLine.Command;

/** The commands of this module, one class each; the launcher {@code radnet} dispatches here. */
@Command(
    name = "radnet",
    subcommands = {
      TrainCommand.class,
      FinetuneCommand.class,
      EvaluateCommand.class,
      StudyCommand.class
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
