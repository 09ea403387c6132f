package io.radnet.trainer.report;

import io.radnet.imaging.AtomicFiles;
import io.radnet.imaging.transform.Recipe;
import io.radnet.imaging.transform.Recipe.Head;
import io.radnet.trainer.data.Sample;
import io.radnet.trainer.training.HeadScores;
import io.radnet.trainer.training.LabelEvaluation;
import io.radnet.trainer.training.LabelEvaluation.Answer;
import java.awt.image.BufferedImage;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.Base64;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import javax.imageio.ImageIO;

/**
 * One self-contained page about a training run: curves, then per head the confusion matrix, the
 * calibration, and the answers that were wrong with the highest probability, with pictures.
 */
public final class TrainingReport {
  /** Name of the page in a run's folder. */
  public static final String FILE = "report.html";

  private static final int WORST = 6;
  private static final String STYLE =
      """
      body{font:14px/1.5 system-ui,sans-serif;margin:24px auto;max-width:1080px;padding:0 16px;color:#1d2733;background:#fff}
      h1{font-size:24px;margin:0 0 4px}h2{font-size:19px;margin:36px 0 4px}h3{font-size:14px;margin:16px 0 4px}
      p{color:#4a5868;margin:4px 0}svg{width:100%}svg text{font:12px system-ui,sans-serif;fill:#4a5868}
      .two{display:grid;grid-template-columns:1fr 1fr;gap:8px 32px}table{border-collapse:collapse}
      td,th{padding:3px 8px;text-align:right;font-variant-numeric:tabular-nums;font-weight:400}
      th{color:#4a5868}th.row{text-align:right}.wide td,.wide th{border-bottom:1px solid #e3e8ee}
      .matrix td{min-width:30px;border:1px solid #fff}.worst{display:flex;flex-wrap:wrap;gap:14px}
      figure{margin:0;width:150px}figure img{width:150px;height:150px;object-fit:contain;background:#000;border-radius:4px;image-rendering:pixelated}
      figcaption{font-size:12px;color:#4a5868;overflow-wrap:anywhere}
      @media(max-width:800px){.two{grid-template-columns:1fr}}
      """;

  private final StringBuilder page = new StringBuilder(1 << 16);
  private final Recipe recipe;
  private final LabelEvaluation evaluation;

  private TrainingReport(LabelEvaluation evaluation) {
    this.recipe = evaluation.recipe();
    this.evaluation = evaluation;
  }

  /**
   * Writes the page.
   *
   * @param epochs metrics by name, one row per epoch
   * @param split name of the split that was evaluated, such as {@code test}
   * @param evaluation the best checkpoint's answers on that split
   */
  public static void write(
      Path file, List<Map<String, Double>> epochs, String split, LabelEvaluation evaluation)
      throws IOException {
    TrainingReport report = new TrainingReport(evaluation);
    report.head(epochs, split);
    for (int h = 0; h < evaluation.recipe().heads().size(); h++) {
      report.section(h);
    }
    report.page.append("</body></html>\n");
    byte[] bytes = report.page.toString().getBytes(StandardCharsets.UTF_8);
    AtomicFiles.write(file, out -> out.write(bytes));
  }

  private void head(List<Map<String, Double>> epochs, String split) {
    page.append("<!DOCTYPE html><html lang=\"en\"><head><meta charset=\"utf-8\"><title>")
        .append(escape(recipe.modelVersion()))
        .append("</title><style>")
        .append(STYLE)
        .append("</style></head><body><h1>")
        .append(escape(recipe.modelVersion()))
        .append("</h1><p>")
        .append(escape(recipe.trainingSummary()))
        .append("</p><p>Measured on ")
        .append(evaluation.samples().size())
        .append(" series of the ")
        .append(split)
        .append(" split, against the labels of their headers. Unknown labels do not count.</p>");
    // Heads first, so that each has the colour that it has in the other plot.
    Map<String, String> losses = new LinkedHashMap<>();
    for (Head head : recipe.heads()) {
      if (epochs.stream().anyMatch(epoch -> epoch.containsKey(head.name() + ".loss"))) {
        losses.put(head.name() + ".loss", head.name());
      }
    }
    losses.put("loss", "sum");
    page.append("<div class=\"two\"><div><h3>Training loss</h3>")
        .append(Curves.svg("training loss", lines(epochs, losses), Double.NaN))
        .append("</div><div><h3>Validation</h3>");
    Map<String, String> names = new LinkedHashMap<>();
    for (Head head : recipe.heads()) {
      switch (head.activation()) {
        case SOFTMAX -> names.put(head.name() + ".accuracy", head.name());
        case SIGMOID -> names.put(head.name() + ".macro_f1", head.name() + " F1");
        case LINEAR -> {
          // an error, not a share of right answers: in the table
        }
      }
    }
    page.append(Curves.svg("validation scores", lines(epochs, names), 1)).append("</div></div>");
    table();
  }

  private static Map<String, double[]> lines(
      List<Map<String, Double>> epochs, Map<String, String> names) {
    Map<String, double[]> lines = new LinkedHashMap<>();
    names.forEach(
        (metric, name) ->
            lines.put(
                name,
                epochs.stream()
                    .mapToDouble(row -> row.getOrDefault(metric, Double.NaN))
                    .toArray()));
    return lines;
  }

  private void table() {
    HeadScores scores = evaluation.scores();
    page.append("<table class=\"wide\"><tr><th class=\"row\">head</th><th>series</th>")
        .append("<th>accuracy</th><th>macro F1</th><th>median error</th>")
        .append("<th>calibration error</th></tr>");
    for (Head head : recipe.heads()) {
      int h = recipe.heads().indexOf(head);
      boolean linear = head.activation() == Head.Activation.LINEAR;
      boolean any = scores.known(h) > 0;
      page.append("<tr><th class=\"row\">").append(escape(head.name())).append("</th><td>");
      page.append(scores.known(h)).append("</td>");
      cell(any && !linear, () -> scores.accuracy(h));
      cell(any && !linear, () -> scores.macroF1(h));
      cell(any && linear, () -> scores.medianRelativeError(h));
      cell(any && !linear, () -> Calibration.of(evaluation, head).error());
      page.append("</tr>");
    }
    page.append("</table>");
  }

  private void cell(boolean shown, java.util.function.DoubleSupplier value) {
    page.append("<td>").append(shown ? percent(value.getAsDouble()) : "–").append("</td>");
  }

  private static String percent(double share) {
    return String.format(Locale.ROOT, "%.1f %%", 100 * share);
  }

  private void section(int h) throws IOException {
    Head head = recipe.heads().get(h);
    if (head.activation() == Head.Activation.LINEAR || evaluation.answers(head.name()).isEmpty()) {
      return;
    }
    page.append("<h2>").append(escape(head.name())).append("</h2><div class=\"two\"><div>");
    if (head.activation() == Head.Activation.SOFTMAX) {
      matrix(head, evaluation.scores().confusion(h));
    } else {
      presence(head);
    }
    page.append("</div><div>");
    calibration(Calibration.of(evaluation, head));
    page.append("</div></div>");
    worst(head);
  }

  private void matrix(Head head, int[][] confusion) {
    page.append("<h3>Rows: header, columns: pixels</h3><table class=\"matrix\"><tr><th></th>");
    head.classes().forEach(name -> page.append("<th>").append(escape(name)).append("</th>"));
    page.append("</tr>");
    for (int row = 0; row < confusion.length; row++) {
      int sum = java.util.Arrays.stream(confusion[row]).sum();
      page.append("<tr><th class=\"row\">").append(escape(head.classes().get(row))).append("</th>");
      for (int column = 0; column < confusion.length; column++) {
        shaded(confusion[row][column], sum, row == column);
      }
      page.append("</tr>");
    }
    page.append("</table>");
  }

  private void presence(Head head) {
    page.append("<h3>Present or absent, by class</h3><table class=\"matrix\"><tr><th></th>")
        .append("<th>found</th><th>missed</th><th>too many</th><th>rightly absent</th></tr>");
    for (String name : head.classes()) {
      int[] cells = new int[4];
      for (Answer answer : evaluation.answers(head.name())) {
        boolean labelled = answer.label().equals(name);
        boolean absent = answer.label().equals("no " + name);
        if (labelled || absent) {
          cells[labelled ? (answer.right() ? 0 : 1) : (answer.right() ? 3 : 2)]++;
        }
      }
      page.append("<tr><th class=\"row\">").append(escape(name)).append("</th>");
      shaded(cells[0], cells[0] + cells[1], true);
      shaded(cells[1], cells[0] + cells[1], false);
      shaded(cells[2], cells[2] + cells[3], false);
      shaded(cells[3], cells[2] + cells[3], true);
      page.append("</tr>");
    }
    page.append("</table>");
  }

  private void shaded(int count, int of, boolean right) {
    double share = of == 0 ? 0 : (double) count / of;
    page.append(
        String.format(
            Locale.ROOT,
            "<td style=\"background:rgba(%s,%.2f)\">%s</td>",
            right ? "47,111,191" : "208,138,29",
            count == 0 ? 0 : 0.12 + 0.55 * share,
            count == 0 ? "·" : Integer.toString(count)));
  }

  private void calibration(Calibration calibration) {
    page.append("<h3>Calibration: of the answers with this probability, so many are right</h3>")
        .append("<table class=\"wide\"><tr><th>answers</th><th>mean probability</th>")
        .append("<th>right</th></tr>");
    for (Calibration.Bin bin : calibration.bins()) {
      page.append("<tr><td>")
          .append(bin.answers())
          .append("</td><td>")
          .append(percent(bin.probability()))
          .append("</td><td>")
          .append(percent(bin.right()))
          .append("</td></tr>");
    }
    page.append("</table>");
  }

  private void worst(Head head) throws IOException {
    List<Answer> wrong =
        evaluation.answers(head.name()).stream()
            .filter(answer -> !answer.right())
            .sorted(
                Comparator.comparingDouble(Answer::probability)
                    .reversed()
                    .thenComparing(Answer::sample))
            .limit(WORST)
            .toList();
    if (wrong.isEmpty()) {
      page.append("<p>No answer was wrong.</p>");
      return;
    }
    page.append("<h3>Wrong with the highest probability: the network's mistakes, or the headers'")
        .append("</h3><div class=\"worst\">");
    for (Answer answer : wrong) {
      page.append("<figure><img alt=\"middle slice\" src=\"data:image/png;base64,")
          .append(middleSlice(evaluation.samples().get(answer.sample()).input().read()))
          .append("\"><figcaption>header ")
          .append(escape(answer.label()))
          .append(", pixels ")
          .append(escape(answer.value()))
          .append(String.format(Locale.ROOT, " (%.2f)<br>", answer.probability()))
          .append(escape(name(evaluation.samples().get(answer.sample()))))
          .append("</figcaption></figure>");
    }
    page.append("</div>");
  }

  /** The path, and the series UID behind it where several series share the path. */
  private String name(Sample sample) {
    long sharing =
        evaluation.samples().stream().filter(each -> each.name().equals(sample.name())).count();
    return sharing > 1 ? sample.name() + " " + sample.seriesUid() : sample.name();
  }

  /** The middle slice of what the network saw, as a PNG in Base64. */
  private String middleSlice(float[] values) throws IOException {
    int depth = recipe.grid().get(0);
    int height = recipe.grid().get(1);
    int width = recipe.grid().get(2);
    BufferedImage image = new BufferedImage(width, height, BufferedImage.TYPE_BYTE_GRAY);
    int base = depth / 2 * height * width;
    for (int j = 0; j < height; j++) {
      for (int i = 0; i < width; i++) {
        float value = values[base + j * width + i];
        image.getRaster().setSample(i, j, 0, Math.round(255 * Math.min(1, Math.max(0, value))));
      }
    }
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    ImageIO.write(image, "png", bytes);
    return Base64.getEncoder().encodeToString(bytes.toByteArray());
  }

  private static String escape(String text) {
    return text.replace("&", "&amp;")
        .replace("<", "&lt;")
        .replace(">", "&gt;")
        .replace("\"", "&quot;");
  }
}
