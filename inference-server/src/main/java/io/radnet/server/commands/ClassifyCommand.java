package io.radnet.server.commands;

import io.radnet.imaging.cli.VerboseOption;
import io.radnet.proto.v1.ScanOptions;
import io.radnet.server.client.RadNetClient;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** {@code radnet classify}: what the network sees in each series, one line of JSON each. */
@Command(
    name = "classify",
    description = "Ask a server for the labels that it sees in the pixels of each series.")
final class ClassifyCommand implements Callable<Integer> {
  @Spec private CommandSpec spec;
  @Mixin private VerboseOption verbose;
  @Mixin private ClientOptions client;

  @Option(names = "--out", required = true, description = "File of JSON lines to write.")
  private Path out;

  @Override
  public Integer call() throws Exception {
    List<LocalScans.Scan> scans = LocalScans.find(client.path());
    ScanOptions options = client.scanOptions().build();
    AnswerJson json = new AnswerJson();
    List<String> lines = new ArrayList<>();
    int answered;
    try (RadNetClient server = client.connect()) {
      answered =
          ScanLoop.run(
              "classify",
              scans,
              spec.commandLine().getErr(),
              scan -> lines.add(json.labels(scan, server.classify(scan.source(), options))));
    }
    AnswerJson.write(out, lines);
    spec.commandLine().getOut().printf("%d of %d series: %s%n", answered, scans.size(), out);
    return 0;
  }
}
