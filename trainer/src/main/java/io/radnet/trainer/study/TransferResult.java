package io.radnet.trainer.study;

import io.radnet.imaging.AtomicFiles;
import java.awt.BasicStroke;
import java.awt.Color;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.TreeSet;
import java.util.function.IntFunction;
import org.knowm.xchart.BitmapEncoder;
import org.knowm.xchart.XYChart;
import org.knowm.xchart.XYChartBuilder;
import org.knowm.xchart.XYSeries;
import org.knowm.xchart.style.Styler;
import org.knowm.xchart.style.markers.SeriesMarkers;

/**
 * What a study found.
 *
 * @param rows one per run
 * @param testScans that each run was measured on
 */
public record TransferResult(List<TransferRow> rows, int testScans) {
  private static final int WITH = 0x2F6FBF;
  private static final int WITHOUT = 0xD08A1D;

  /** Copies the list. */
  public TransferResult {
    rows = List.copyOf(rows);
  }

  /** Mean and sample standard deviation over seeds; the deviation of one seed is NaN. */
  record Spread(double mean, double deviation, int seeds) {
    static Spread of(double[] values) {
      double mean = java.util.Arrays.stream(values).average().orElse(Double.NaN);
      double squares = 0;
      for (double value : values) {
        squares += (value - mean) * (value - mean);
      }
      return new Spread(
          mean,
          values.length < 2 ? Double.NaN : Math.sqrt(squares / (values.length - 1)),
          values.length);
    }

    @Override
    public String toString() {
      return Double.isNaN(deviation)
          ? String.format(Locale.ROOT, "%.3f", mean)
          : String.format(Locale.ROOT, "%.3f ± %.3f", mean, deviation);
    }
  }

  private Spread dice(int labelled, int steps, boolean backbone) {
    return Spread.of(
        rows.stream()
            .filter(
                row ->
                    row.labelled() == labelled
                        && row.steps() == steps
                        && row.backbone() == backbone)
            .mapToDouble(TransferRow::dice)
            .toArray());
  }

  /** Backbone less scratch, seed by seed. */
  private Spread gain(int labelled, int steps) {
    List<Double> gains = new ArrayList<>();
    for (TransferRow with : rows) {
      if (with.backbone() && with.labelled() == labelled && with.steps() == steps) {
        rows.stream()
            .filter(
                row -> row.key().equals(new TransferRow.Key(with.seed(), labelled, steps, false)))
            .forEach(without -> gains.add(with.dice() - without.dice()));
      }
    }
    return Spread.of(gains.stream().mapToDouble(Double::doubleValue).toArray());
  }

  private List<Integer> labelled() {
    return List.copyOf(new TreeSet<>(rows.stream().map(TransferRow::labelled).toList()));
  }

  private List<Integer> steps() {
    return List.copyOf(new TreeSet<>(rows.stream().map(TransferRow::steps).toList()));
  }

  /** A Markdown table that also reads well on a terminal. */
  public String table() {
    StringBuilder table =
        new StringBuilder(
            String.format(
                "Dice on %d test scans, mean ± standard deviation over seeds%n%n", testScans));
    table.append(
        String.format(
            "| %5s | %8s | %15s | %15s | %15s |%n",
            "steps", "labelled", "backbone", "scratch", "gain"));
    table.append("|------:|---------:|----------------:|----------------:|----------------:|\n");
    for (int steps : steps()) {
      for (int labelled : labelled()) {
        Spread with = dice(labelled, steps, true);
        if (with.seeds() > 0) {
          table.append(
              String.format(
                  Locale.ROOT,
                  "| %5d | %8d | %15s | %15s | %15s |%n",
                  steps,
                  labelled,
                  with,
                  dice(labelled, steps, false),
                  gain(labelled, steps)));
        }
      }
    }
    return table.toString();
  }

  /** Writes {@code table.md} and {@code transfer.png}. */
  void write(Path folder) throws IOException {
    String table = table();
    AtomicFiles.write(
        folder.resolve("table.md"), out -> out.write(table.getBytes(StandardCharsets.UTF_8)));
    AtomicFiles.write(
        folder.resolve("transfer.png"),
        out -> BitmapEncoder.saveBitmap(plot(), out, BitmapEncoder.BitmapFormat.PNG));
  }

  /**
   * Dice against the labelled scans, a line per budget; of one number of scans against the budget.
   */
  private XYChart plot() {
    boolean bySteps = labelled().size() == 1 && steps().size() > 1;
    List<Integer> across = bySteps ? steps() : labelled();
    XYChart chart =
        new XYChartBuilder()
            .width(900)
            .height(520)
            .title("Dice of the segmentation, with the backbone and from scratch")
            .xAxisTitle(bySteps ? "steps, from " + labelled().get(0) + " scans" : "labelled scans")
            .yAxisTitle("Dice on held-out patients")
            .build();
    chart.getStyler().setChartBackgroundColor(Color.WHITE);
    chart.getStyler().setPlotGridLinesColor(new Color(0xE3E8EE));
    chart.getStyler().setLegendPosition(Styler.LegendPosition.OutsideE);
    chart.getStyler().setYAxisMin(0.0).setYAxisMax(1.0);
    chart.getStyler().setXAxisMin(0.0).setXAxisMax(1.05 * across.get(across.size() - 1));
    for (boolean backbone : List.of(true, false)) {
      int colour = backbone ? WITH : WITHOUT;
      String name = backbone ? "backbone" : "scratch";
      if (bySteps) {
        line(chart, name, across, n -> dice(labelled().get(0), n, backbone), new Color(colour));
        continue;
      }
      List<Integer> budgets = steps();
      for (int b = 0; b < budgets.size(); b++) {
        int steps = budgets.get(b);
        line(
            chart,
            name + ", " + steps + " steps",
            across,
            n -> dice(n, steps, backbone),
            shade(colour, b, budgets.size()));
      }
    }
    return chart;
  }

  /** Later budgets are darker. */
  private static Color shade(int colour, int index, int count) {
    double light = count == 1 ? 0 : 0.6 * (count - 1 - index) / (count - 1);
    Color base = new Color(colour);
    return new Color(
        (int) (base.getRed() + (255 - base.getRed()) * light),
        (int) (base.getGreen() + (255 - base.getGreen()) * light),
        (int) (base.getBlue() + (255 - base.getBlue()) * light));
  }

  private static void line(
      XYChart chart, String name, List<Integer> across, IntFunction<Spread> dice, Color colour) {
    List<Integer> x = new ArrayList<>();
    List<Double> y = new ArrayList<>();
    List<Double> error = new ArrayList<>();
    for (int n : across) {
      Spread spread = dice.apply(n);
      if (spread.seeds() > 0) {
        x.add(n);
        y.add(spread.mean());
        error.add(Double.isNaN(spread.deviation()) ? 0 : spread.deviation());
      }
    }
    if (x.isEmpty()) {
      return;
    }
    XYSeries series = chart.addSeries(name, x, y, error);
    series.setLineColor(colour);
    series.setMarkerColor(colour);
    series.setMarker(SeriesMarkers.CIRCLE);
    series.setLineStyle(new BasicStroke(2));
  }
}
