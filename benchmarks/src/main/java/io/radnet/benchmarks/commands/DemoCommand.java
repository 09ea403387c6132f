package io.radnet.benchmarks.commands;

import io.radnet.benchmarks.Machine;
import io.radnet.benchmarks.demo.Demo;
import io.radnet.benchmarks.demo.DemoPlan;
import io.radnet.imaging.InvalidInputException;
import io.radnet.imaging.cli.VerboseOption;
import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Comparator;
import java.util.concurrent.Callable;
import java.util.stream.Stream;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** Runs the whole road on synthetic scans. */
@Command(
    name = "demo",
    description = {
      "Run the whole road on synthetic scans, and print each command before it runs: phantom, label, train, finetune,"
          + " export, serve, embed, segment. Takes about five minutes on two cores."
    })
final class DemoCommand implements Callable<Integer> {
  private static final String MARKER = ".radnet-demo";

  @Option(
      names = "--out",
      paramLabel = "DIR",
      description =
          "Folder for all results (default: ${DEFAULT-VALUE}). The folder of an earlier demo is replaced.")
  private Path out = Path.of("demo-out");

  @Mixin private VerboseOption verboseOption;

  @Spec private CommandSpec spec;

  @Override
  public Integer call() throws IOException {
    PrintWriter result = spec.commandLine().getOut();
    clear();
    result.println(Machine.describe());
    result.print(System.lineSeparator() + new Demo(out, DemoPlan.standard(), result).run().table());
    result.println();
    result.println("Synthetic scans; not for clinical use.");
    result.flush();
    return 0;
  }

  private void clear() throws IOException {
    if (Files.exists(out.resolve(MARKER))) {
      try (Stream<Path> files = Files.walk(out)) {
        for (Path file : files.sorted(Comparator.reverseOrder()).toList()) {
          Files.delete(file);
        }
      }
    } else if (Files.exists(out)) {
      throw new InvalidInputException(
          out, "exists and is no folder of a demo; name another with --out");
    }
    Files.createDirectories(out);
    Files.createFile(out.resolve(MARKER));
  }
}
