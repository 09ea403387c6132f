package io.radnet.imaging.cli;

import picocli.CommandLine.Option;

/** The options that every command has; add it with {@code @Mixin}. */
public final class VerboseOption {
  @Option(names = "--verbose", description = "Log details, and print the stack trace of a failure.")
  private boolean verbose;

  @Option(
      names = {"-h", "--help"},
      usageHelp = true,
      description = "Show this help and exit.")
  private boolean help;

  /** Whether details are wanted. */
  public boolean verbose() {
    return verbose;
  }
}
