package io.radnet.imaging.phantom;

import io.radnet.imaging.volume.Affine;
import io.radnet.imaging.volume.Geometry;
import io.radnet.imaging.volume.LabelMap;
import java.util.Map;

/** Turns a plan into an image as a scanner would: signal, texture, coil shading, blur and noise. */
final class Scanner {
  /** Becquerel per millilitre of one SUV: the order of a usual dose. */
  private static final double BECQUEREL = 5000;

  /**
   * An image.
   *
   * @param values HU, arbitrary MR units from 0, or Bq/ml, on the plan's grid
   * @param liver label 1 where the liver is
   */
  record Image(float[] values, LabelMap liver) {}

  private Scanner() {}

  static Image scan(SeriesPlan plan) {
    Patient patient = plan.patient();
    Geometry grid = plan.geometry();
    Body body = patient.body(plan.target() == Target.BREAST);
    double share = plan.thickness() / plan.spacing();
    Renderer.Rendering rendering =
        new Renderer(body, patient.toBody(), grid, share, plan.samples())
            .render(Signal.of(plan.acquisition(), patient));
    float[] values = rendering.values();
    Draw draw = plan.source().fork(3);
    texture(plan, rendering, values);
    switch (plan.acquisition().modality()) {
      case "CT" -> tomography(plan, values, draw);
      case "MR" -> resonance(plan, values, draw);
      default -> emission(plan, values, draw);
    }
    return new Image(values, new LabelMap(grid, rendering.liver(), Map.of(1, "liver")));
  }

  private static void texture(SeriesPlan plan, Renderer.Rendering rendering, float[] values) {
    Geometry grid = plan.geometry();
    Affine affine = grid.affine();
    boolean ct = plan.acquisition().ct();
    double[] amount = new double[Tissue.values().length];
    for (Tissue tissue : Tissue.values()) {
      amount[tissue.ordinal()] = tissue.texture();
    }
    long seed = plan.patient().source().fork(30).next();
    int index = 0;
    for (int k = 0; k < grid.depth(); k++) {
      for (int j = 0; j < grid.height(); j++) {
        double[] p = affine.apply(0, j, k);
        for (int i = 0; i < grid.width(); i++, index++) {
          double share = amount[rendering.tissues()[index]];
          if (share > 0.01) {
            double wave =
                Renderer.texture(
                    seed,
                    p[0] + i * affine.get(0, 0),
                    p[1] + i * affine.get(1, 0),
                    p[2] + i * affine.get(2, 0));
            values[index] += (float) (share * wave * (ct ? 110 : values[index]));
          }
        }
      }
    }
  }

  private static void tomography(SeriesPlan plan, float[] values, Draw draw) {
    double deviation =
        Math.min(38, draw.uniform(7, 18) * Math.sqrt(5 / Math.max(1, plan.thickness())));
    for (int n = 0; n < values.length; n++) {
      values[n] += (float) (deviation * draw.gaussian());
    }
    blur(plan.geometry(), values, 0.15f, 1);
    for (int n = 0; n < values.length; n++) {
      values[n] = Math.max(-1024, Math.min(3071, values[n]));
    }
  }

  private static void resonance(SeriesPlan plan, float[] values, Draw draw) {
    float most = 0;
    for (float value : values) {
      most = Math.max(most, value);
    }
    if (plan.acquisition().sequence() == Sequence.ADC) {
      apparentDiffusion(plan, values, draw);
      return;
    }
    double scale = draw.uniform(350, 2200) / Math.max(1e-6, most);
    shade(plan, values, draw, scale);
    boolean planar = plan.acquisition().technique() == Acquisition.Technique.ECHO_PLANAR;
    double noise = most * scale / draw.normal(planar ? 38 : 60, 8);
    for (int n = 0; n < values.length; n++) {
      double real = values[n] + noise * draw.gaussian();
      double imaginary = noise * draw.gaussian();
      values[n] = (float) Math.min(4095, Math.sqrt(real * real + imaginary * imaginary));
    }
    blur(plan.geometry(), values, planar ? 0.25f : 0.08f, 1);
  }

  /** Maps are masked where there is no signal, but not perfectly. */
  private static void apparentDiffusion(SeriesPlan plan, float[] values, Draw draw) {
    blur(plan.geometry(), values, 0.22f, 1);
    for (int n = 0; n < values.length; n++) {
      double noise =
          values[n] < 80 ? Math.max(0, draw.gaussian() - 1.8) * 700 : 45 * draw.gaussian();
      values[n] = (float) Math.max(0, Math.min(4095, values[n] + noise));
    }
  }

  /** A smooth polynomial over the field of view: the coil hears nearby parts better. */
  private static void shade(SeriesPlan plan, float[] values, Draw draw, double scale) {
    Geometry grid = plan.geometry();
    double strength = draw.uniform(0.03, 0.28);
    double[] c = new double[6];
    for (int n = 0; n < 6; n++) {
      c[n] = draw.normal(0, strength);
    }
    int index = 0;
    for (int k = 0; k < grid.depth(); k++) {
      double z = 2.0 * k / grid.depth() - 1;
      for (int j = 0; j < grid.height(); j++) {
        double y = 2.0 * j / grid.height() - 1;
        for (int i = 0; i < grid.width(); i++, index++) {
          double x = 2.0 * i / grid.width() - 1;
          double field =
              1
                  + c[0] * x
                  + c[1] * y
                  + c[2] * z * 0.5
                  + c[3] * x * y
                  + c[4] * (x * x + y * y)
                  + c[5] * z * z * 0.5;
          values[index] *= (float) (scale * Math.max(0.25, field));
        }
      }
    }
  }

  private static void emission(SeriesPlan plan, float[] values, Draw draw) {
    double spacing = plan.geometry().spacing(0);
    int passes = Math.max(1, Math.min(6, (int) Math.rint(14 / (spacing * spacing))));
    blur(plan.geometry(), values, 0.25f, passes);
    double noise = draw.uniform(0.06, 0.16);
    for (int n = 0; n < values.length; n++) {
      double counts = values[n] + Math.sqrt(Math.max(0, values[n])) * noise * draw.gaussian();
      values[n] = (float) (BECQUEREL * Math.max(0, counts + 0.01 * draw.gaussian()));
    }
    blur(plan.geometry(), values, 0.2f, 1);
  }

  /** A small in-plane blur: each neighbour along i and then j gets {@code share}. */
  private static void blur(Geometry grid, float[] values, float share, int passes) {
    int width = grid.width();
    int height = grid.height();
    float[] line = new float[Math.max(width, height)];
    for (int pass = 0; pass < passes; pass++) {
      for (int k = 0; k < grid.depth(); k++) {
        int base = k * width * height;
        for (int j = 0; j < height; j++) {
          blur(values, base + j * width, 1, width, share, line);
        }
        for (int i = 0; i < width; i++) {
          blur(values, base + i, width, height, share, line);
        }
      }
    }
  }

  private static void blur(
      float[] values, int start, int step, int count, float share, float[] line) {
    for (int n = 0; n < count; n++) {
      line[n] = values[start + n * step];
    }
    float own = 1 - 2 * share;
    for (int n = 0; n < count; n++) {
      float before = line[Math.max(0, n - 1)];
      float after = line[Math.min(count - 1, n + 1)];
      values[start + n * step] = own * line[n] + share * (before + after);
    }
  }
}
