package io.radnet.imaging.cli;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.Logger;
import io.radnet.imaging.InvalidInputException;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.UncheckedIOException;
import java.nio.file.AccessDeniedException;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.FileSystemException;
import java.nio.file.NoSuchFileException;
import java.nio.file.NotDirectoryException;
import org.jspecify.annotations.Nullable;
import org.slf4j.LoggerFactory;
import picocli.CommandLine;

/**
 * Runs a picocli command the same way in every module: exit code 0, 1 for a failed job, 2 for wrong
 * usage; one line on stderr for a failure, with a stack trace only where {@code --verbose} is
 * given.
 */
public final class CommandRunner {
  /** Exit code of a job that failed. */
  public static final int FAILED = 1;

  /** Exit code of wrong usage. */
  public static final int USAGE = 2;

  private CommandRunner() {}

  /** Runs {@code command} (an object annotated with {@code @Command}) and returns its exit code. */
  public static int run(Object command, String... args) {
    CommandLine line = commandLine(command);
    return line.execute(args);
  }

  /** The command line that {@link #run} executes, for tests and for a command that runs others. */
  public static CommandLine commandLine(Object command) {
    CommandLine line = new CommandLine(command);
    line.setCaseInsensitiveEnumValuesAllowed(true);
    line.setUsageHelpAutoWidth(true);
    line.setExecutionStrategy(
        parsed -> {
          if (verbose(parsed)) {
            ((Logger) LoggerFactory.getLogger(org.slf4j.Logger.ROOT_LOGGER_NAME))
                .setLevel(Level.DEBUG);
          }
          return new CommandLine.RunLast().execute(parsed);
        });
    line.setExecutionExceptionHandler(
        (failure, commandLine, parsed) -> {
          PrintWriter err = commandLine.getErr();
          err.println("radnet: " + describe(failure));
          if (verbose(parsed)) {
            failure.printStackTrace(err);
          }
          err.flush();
          return FAILED;
        });
    line.setParameterExceptionHandler(
        (failure, args) -> {
          PrintWriter err = failure.getCommandLine().getErr();
          err.println(
              "radnet: "
                  + firstLine(failure.getMessage())
                  + " (see 'radnet "
                  + failure.getCommandLine().getCommandName()
                  + " --help')");
          err.flush();
          return USAGE;
        });
    return line;
  }

  private static boolean verbose(CommandLine.ParseResult parsed) {
    CommandLine.ParseResult last = parsed;
    while (last.hasSubcommand()) {
      last = last.subcommand();
    }
    return last.hasMatchedOption("--verbose");
  }

  /** One line for people. */
  static String describe(Throwable failure) {
    if (failure instanceof UncheckedIOException unchecked && unchecked.getCause() != null) {
      return describe(unchecked.getCause());
    }
    if (failure instanceof NoSuchFileException missing) {
      return missing.getFile() + ": no such file or folder";
    }
    if (failure instanceof AccessDeniedException denied) {
      return denied.getFile() + ": permission denied";
    }
    if (failure instanceof FileAlreadyExistsException exists) {
      return exists.getFile() + ": exists already";
    }
    if (failure instanceof NotDirectoryException file) {
      return file.getFile() + ": not a folder";
    }
    if (failure instanceof FileSystemException system && system.getReason() != null) {
      return system.getFile() + ": " + system.getReason();
    }
    String message = failure.getMessage();
    if (message == null || message.isBlank()) {
      return failure.getClass().getSimpleName() + " (run with --verbose for the stack trace)";
    }
    String line = message.lines().findFirst().orElse(message);
    return failure instanceof InvalidInputException
            || failure instanceof IOException
            || failure instanceof IllegalArgumentException
        ? line
        : line
            + " ("
            + failure.getClass().getSimpleName()
            + "; run with --verbose for the stack trace)";
  }

  private static String firstLine(@Nullable String message) {
    return message == null ? "wrong usage" : message.lines().findFirst().orElse("wrong usage");
  }
}
