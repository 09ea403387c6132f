package io.radnet.trainer.study;

import io.radnet.imaging.InvalidInputException;
import java.util.Locale;

/**
 * One training run of the study.
 *
 * @param seed of weights, windows and the choice of scans
 * @param labelled training scans
 * @param steps optimiser steps
 * @param backbone whether the encoder came from the backbone
 * @param dice mean over test scans and classes, on the scans' own grids
 * @param leastDice of one test scan and class
 * @param surfaceDice mean, at 3 mm
 * @param hausdorff95 mean, mm; where truth or answer is empty the diagonal of the scan's grid
 * @param seconds of training
 */
record TransferRow(
    long seed,
    int labelled,
    int steps,
    boolean backbone,
    double dice,
    double leastDice,
    double surfaceDice,
    double hausdorff95,
    double seconds) {
  static final String HEADER =
      "seed,labelled,steps,start,dice,least_dice,surface_dice,hausdorff95_mm,seconds";

  /** What was run; the figures are left out. */
  record Key(long seed, int labelled, int steps, boolean backbone) {
    String folder() {
      return String.format(
          Locale.ROOT,
          "seed%d-labelled%d-steps%d-%s",
          seed,
          labelled,
          steps,
          backbone ? "backbone" : "scratch");
    }
  }

  Key key() {
    return new Key(seed, labelled, steps, backbone);
  }

  String csv() {
    return String.format(
        Locale.ROOT,
        "%d,%d,%d,%s,%.4f,%.4f,%.4f,%.2f,%.1f",
        seed,
        labelled,
        steps,
        backbone ? "backbone" : "scratch",
        dice,
        leastDice,
        surfaceDice,
        hausdorff95,
        seconds);
  }

  /** Reads a line of {@link #csv}. */
  static TransferRow parse(Object file, int line, String text) {
    String[] cells = text.split(",", -1);
    try {
      if (cells.length != 9) {
        throw new NumberFormatException();
      }
      return new TransferRow(
          Long.parseLong(cells[0]),
          Integer.parseInt(cells[1]),
          Integer.parseInt(cells[2]),
          cells[3].equals("backbone"),
          Double.parseDouble(cells[4]),
          Double.parseDouble(cells[5]),
          Double.parseDouble(cells[6]),
          Double.parseDouble(cells[7]),
          Double.parseDouble(cells[8]));
    } catch (NumberFormatException malformed) {
      throw new InvalidInputException(
          file + " line " + line, "is no row of this study (expected: " + HEADER + ")", malformed);
    }
  }
}
