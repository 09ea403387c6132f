package io.radnet.imaging.cli;

import java.util.Locale;
import me.tongfei.progressbar.ProgressBar;
import me.tongfei.progressbar.ProgressBarBuilder;
import me.tongfei.progressbar.ProgressBarStyle;
import org.jspecify.annotations.Nullable;

/**
 * A progress bar on stderr where stderr is a terminal, and nothing elsewhere. Safe for several
 * threads.
 */
public final class Progress implements AutoCloseable {
  private final @Nullable ProgressBar bar;

  private Progress(@Nullable ProgressBar bar) {
    this.bar = bar;
  }

  /**
   * @param task what is under way, such as "train"
   * @param unit what is counted, such as " files"
   * @param total steps, or -1 where unknown
   */
  public static Progress start(String task, String unit, long total) {
    if (!"on".equals(System.getProperty("radnet.progress"))) {
      return new Progress(null);
    }
    return new Progress(
        new ProgressBarBuilder()
            .setTaskName(task)
            .setUnit(unit, 1)
            .setInitialMax(total)
            .setUpdateIntervalMillis(200)
            .setStyle(
                Locale.getDefault().getCountry().isEmpty() && System.getenv("LANG") == null
                    ? ProgressBarStyle.ASCII
                    : ProgressBarStyle.COLORFUL_UNICODE_BLOCK)
            .build());
  }

  /** One step more. */
  public void step() {
    advance(1);
  }

  /** {@code steps} more. */
  public void advance(long steps) {
    if (bar != null) {
      bar.stepBy(steps);
    }
  }

  /** Text behind the bar, such as the loss. */
  public void message(String text) {
    if (bar != null) {
      bar.setExtraMessage(text);
    }
  }

  @Override
  public void close() {
    if (bar != null) {
      bar.close();
    }
  }
}
