package io.radnet.benchmarks.demo;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.radnet.imaging.InvalidInputException;
import io.radnet.imaging.cli.CommandRunner;
import io.radnet.imaging.volume.LabelMap;
import io.radnet.imaging.volume.NiftiReader;
import io.radnet.server.RadNetServer;
import io.radnet.server.ServerConfig;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import picocli.CommandLine;

/**
 * The whole road on synthetic scans: each command is printed as a person would type it, then run by
 * the module that has it, in this process.
 */
public final class Demo {
  private static final ObjectMapper JSON = new ObjectMapper();

  private final Path folder;
  private final DemoPlan plan;
  private final PrintWriter out;
  private final Map<String, Double> seconds = new LinkedHashMap<>();

  /**
   * @param folder for all results; must be empty or absent
   * @param out where commands, their output and the closing table go
   */
  public Demo(Path folder, DemoPlan plan, PrintWriter out) {
    this.folder = folder;
    this.plan = plan;
    this.out = out;
  }

  /** A case of the liver data set. */
  private record Scan(Path image, Path mask) {}

  /**
   * Runs all stages.
   *
   * @throws InvalidInputException where a stage fails; its own message is on stderr by then
   */
  public DemoResult run() throws IOException {
    Path labels = folder.resolve("labels");
    Path liver = folder.resolve("liver");
    Path backbone = folder.resolve("backbone");
    Path segmenter = folder.resolve("liver-model");
    Path repository = folder.resolve("models");
    Path montage = folder.resolve("phantom.png");

    imaging(
        "phantom",
        "--out",
        labels,
        "--series",
        plan.labelSeries(),
        "--seed",
        plan.seed(),
        "--montage",
        montage);
    imaging(
        "phantom",
        "--out",
        liver,
        "--series",
        plan.liverSeries(),
        "--seed",
        plan.seed() + 1,
        "--task",
        "liver");
    Path rows = labels.resolve("labels.jsonl");
    imaging("label", labels, "--out", rows);
    trainer(
        with(
            plan.trainOptions(),
            "train",
            "--data",
            labels,
            "--out",
            backbone,
            "--preset",
            "tiny",
            "--labels",
            rows));
    trainer(
        with(
            plan.finetuneOptions(),
            "finetune",
            "--data",
            liver,
            "--backbone",
            backbone,
            "--out",
            segmenter));
    JsonNode evaluation =
        JSON.readTree(
            trainerQuietly(
                "evaluate", "--model", backbone, "--data", labels, "--labels", rows, "--json"));
    exporter("export", "--checkpoint", backbone, "--repository", repository, "--name", "radnet");
    exporter("export", "--checkpoint", segmenter, "--repository", repository, "--name", "liver");

    List<Double> embedTimes = new ArrayList<>();
    List<Double> segmentTimes = new ArrayList<>();
    List<Double> dice = new ArrayList<>();
    List<Scan> scans = testScans(liver);
    out.printf(
        "%n$ radnet serve --repository %s --grpc-port 0 --http-port 0 --metrics-port 0 &%n",
        repository);
    long start = System.nanoTime();
    try (RadNetServer server = RadNetServer.start(ServerConfig.of(repository).withPorts(0, 0, 0))) {
      out.printf(
          "serving %s: gRPC %d, HTTP %d, metrics %d%n",
          server.models(), server.grpcPort(), server.httpPort(), server.metricsPort());
      seconds.put("serve", (System.nanoTime() - start) / 1e9);
      String address = "127.0.0.1:" + server.grpcPort();
      for (int i = 0; i < scans.size(); i++) {
        Scan scan = scans.get(i);
        Path embedding = folder.resolve("answers/embedding-" + (i + 1) + ".jsonl");
        Path mask = folder.resolve("answers/liver-" + (i + 1) + ".nii.gz");
        Files.createDirectories(folder.resolve("answers"));
        embedTimes.add(server("embed", scan.image(), "--server", address, "--out", embedding));
        segmentTimes.add(server("segment", scan.image(), "--server", address, "--out", mask));
        dice.add(dice(NiftiReader.readLabels(mask), NiftiReader.readLabels(scan.mask())));
      }
    }

    Map<String, Double> parity = new TreeMap<>();
    for (String model : List.of("radnet", "liver")) {
      parity.put(model, largestError(repository.resolve(model).resolve("1/parity.json")));
    }
    Map<String, Double> heads = new TreeMap<>();
    evaluation
        .path("metrics")
        .fields()
        .forEachRemaining(e -> heads.put(e.getKey(), e.getValue().asDouble()));
    Map<String, String> files = new LinkedHashMap<>();
    files.put("phantom, a picture", montage.toString());
    files.put("labels", rows.toString());
    files.put("label network", backbone.toString());
    files.put("segmentation network", segmenter.toString());
    files.put("ONNX models", repository.toString());
    files.put("answers", folder.resolve("answers").toString());
    return new DemoResult(
        HeaderAccuracy.compare(labels.resolve("truth.jsonl"), rows),
        heads,
        dice,
        parity,
        embedTimes,
        segmentTimes,
        seconds,
        files);
  }

  private static Object[] with(String[] options, Object... arguments) {
    List<Object> all = new ArrayList<>(List.of(arguments));
    all.addAll(List.of(options));
    return all.toArray();
  }

  private void imaging(Object... arguments) {
    run(new io.radnet.imaging.commands.Main(), out, arguments);
  }

  private void trainer(Object... arguments) {
    run(new io.radnet.trainer.commands.Main(), out, arguments);
  }

  private String trainerQuietly(Object... arguments) {
    StringWriter text = new StringWriter();
    run(new io.radnet.trainer.commands.Main(), new PrintWriter(text), arguments);
    return text.toString();
  }

  private void exporter(Object... arguments) {
    run(new io.radnet.exporter.commands.Main(), out, arguments);
  }

  /** Milliseconds that the command took. */
  private double server(Object... arguments) {
    return run(new io.radnet.server.commands.Main(), out, arguments);
  }

  private double run(Object main, PrintWriter output, Object... arguments) {
    String[] words = java.util.Arrays.stream(arguments).map(String::valueOf).toArray(String[]::new);
    out.printf("%n$ radnet %s%n", String.join(" ", words));
    out.flush();
    CommandLine line = CommandRunner.commandLine(main).setOut(output);
    long start = System.nanoTime();
    int code = line.execute(words);
    double elapsed = (System.nanoTime() - start) / 1e9;
    output.flush();
    out.flush();
    if (code != 0) {
      throw new InvalidInputException(
          "radnet " + words[0], "ended with exit code " + code + " (expected: 0)");
    }
    seconds.merge(words[0], elapsed, Double::sum);
    return elapsed * 1e3;
  }

  private static List<Scan> testScans(Path liver) throws IOException {
    List<Scan> scans = new ArrayList<>();
    for (String row : Files.readAllLines(liver.resolve("cases.jsonl"))) {
      JsonNode node = JSON.readTree(row);
      if ("test".equals(node.path("split").asText())) {
        scans.add(
            new Scan(
                liver.resolve(node.path("image").asText()),
                liver.resolve(node.path("mask").asText())));
      }
    }
    if (scans.isEmpty()) {
      throw new InvalidInputException(
          liver.resolve("cases.jsonl"), "test scans: 0 (expected: >= 1)");
    }
    return scans;
  }

  /** Overlap of label 1 on the same grid. */
  private static double dice(LabelMap answer, LabelMap truth) {
    if (!answer.geometry().matches(truth.geometry(), 0.01)) {
      throw new InvalidInputException("segment", "the mask is not on the scan's own grid");
    }
    long both = 0;
    long sum = 0;
    for (int i = 0; i < truth.labels().length; i++) {
      boolean a = answer.labels()[i] == 1;
      boolean t = truth.labels()[i] == 1;
      both += a && t ? 1 : 0;
      sum += (a ? 1 : 0) + (t ? 1 : 0);
    }
    return sum == 0 ? 1 : 2.0 * both / sum;
  }

  private static double largestError(Path file) throws IOException {
    double largest = 0;
    for (JsonNode output : JSON.readTree(file.toFile()).path("outputs")) {
      largest = Math.max(largest, output.path("max_relative").asDouble());
    }
    return largest;
  }
}
