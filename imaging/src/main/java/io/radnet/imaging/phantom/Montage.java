package io.radnet.imaging.phantom;

import io.radnet.imaging.AtomicFiles;
import io.radnet.imaging.volume.Geometry;
import java.awt.Color;
import java.awt.Font;
import java.awt.Graphics2D;
import java.awt.RenderingHints;
import java.awt.image.BufferedImage;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Arrays;
import javax.imageio.ImageIO;

/** A picture of the middle slice of every series with its labels, for people who check. */
final class Montage {
  private static final int SIDE = 150;
  private static final int TEXT = 44;
  private static final int COLUMNS = 8;
  private static final int MOST = 96;

  private final BufferedImage canvas;

  Montage(int series) {
    int shown = Math.min(series, MOST);
    int rows = (shown + COLUMNS - 1) / COLUMNS;
    canvas = new BufferedImage(COLUMNS * SIDE, rows * (SIDE + TEXT), BufferedImage.TYPE_INT_RGB);
  }

  synchronized void add(int number, SeriesPlan plan, Scanner.Image image) {
    if (number >= MOST) {
      return;
    }
    int left = number % COLUMNS * SIDE;
    int top = number / COLUMNS * (SIDE + TEXT);
    Geometry grid = plan.geometry();
    BufferedImage slice = slice(plan, image);
    double scale = (SIDE - 4.0) / Math.max(grid.width(), grid.height());
    int width = (int) (grid.width() * scale);
    int height = (int) (grid.height() * scale);
    Graphics2D graphics = canvas.createGraphics();
    graphics.setRenderingHint(
        RenderingHints.KEY_INTERPOLATION, RenderingHints.VALUE_INTERPOLATION_BILINEAR);
    graphics.drawImage(
        slice, left + (SIDE - width) / 2, top + (SIDE - height) / 2, width, height, null);
    graphics.setColor(Color.WHITE);
    graphics.setFont(new Font(Font.SANS_SERIF, Font.PLAIN, 11));
    Acquisition a = plan.acquisition();
    graphics.drawString(
        plan.patient().id() + " " + plan.name() + " " + plan.patient().split(),
        left + 3,
        top + SIDE + 11);
    graphics.drawString(
        (a.mr() ? a.sequence().label : a.modality())
            + " "
            + plan.view().substring(0, 3)
            + (a.enhanced() ? " iv " : " ")
            + "%.1f mm".formatted(plan.spacing()),
        left + 3,
        top + SIDE + 24);
    graphics.drawString(String.join(",", plan.regions()), left + 3, top + SIDE + 37);
    graphics.dispose();
  }

  private static BufferedImage slice(SeriesPlan plan, Scanner.Image image) {
    Geometry grid = plan.geometry();
    int plane = grid.width() * grid.height();
    int base = grid.depth() / 2 * plane;
    float[] sorted = Arrays.copyOfRange(image.values(), base, base + plane);
    Arrays.sort(sorted);
    boolean ct = plan.acquisition().ct();
    double low = ct ? -160 : sorted[plane / 100];
    double high = ct ? 260 : sorted[plane - 1 - plane / 200];
    if (ct && plan.target() == Target.HEAD) {
      low = -20;
      high = 90;
    }
    BufferedImage picture =
        new BufferedImage(grid.width(), grid.height(), BufferedImage.TYPE_INT_RGB);
    boolean pet = !ct && !plan.acquisition().mr();
    for (int n = 0; n < plane; n++) {
      double share =
          Math.max(0, Math.min(1, (image.values()[base + n] - low) / Math.max(1e-6, high - low)));
      int grey = (int) (255 * (pet ? 1 - share : share));
      picture.setRGB(n % grid.width(), n / grid.width(), grey << 16 | grey << 8 | grey);
    }
    return picture;
  }

  void write(Path file) throws IOException {
    AtomicFiles.write(
        file,
        out -> {
          if (!ImageIO.write(canvas, "png", out)) {
            throw new IOException("no PNG writer");
          }
        });
  }
}
