package io.radnet.imaging.labels;

import java.util.LinkedHashSet;
import java.util.Locale;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.Set;

/**
 * The MR weighting that the timing gives: TR, TE, TI in ms and the flip angle. Says nothing where
 * the rules leave a gap, or where two echoes of the series are weighted differently.
 */
final class SequenceTiming {
  private final Rules rules;

  SequenceTiming(Rules rules) {
    this.rules = rules;
  }

  Optional<Vote> vote(SeriesHeader header, PulseKind kind) {
    Set<Double> echoes = new LinkedHashSet<>(header.numbers(Attribute.EFFECTIVE_ECHO_TIME));
    echoes.removeIf(te -> te <= 0);
    if (echoes.isEmpty()) {
      echoes.addAll(header.numbers(Attribute.ECHO_TIME));
      echoes.removeIf(te -> te <= 0);
    }
    OptionalDouble tr = header.positive(Attribute.REPETITION_TIME);
    if (echoes.isEmpty() || tr.isEmpty() || kind.research()) {
      return Optional.empty();
    }
    Vote first = null;
    for (double te : echoes) {
      Optional<Vote> vote = vote(header, kind, tr.getAsDouble(), te);
      if (vote.isEmpty() || (first != null && !first.value().equals(vote.get().value()))) {
        return Optional.empty();
      }
      first = vote.get();
    }
    return Optional.ofNullable(first);
  }

  private Optional<Vote> vote(SeriesHeader header, PulseKind kind, double tr, double te) {
    if (kind.echoPlanar()) {
      boolean bold =
          te >= rules.threshold("bold_min_te_ms") && te <= rules.threshold("bold_max_te_ms");
      return kind.gradient() && !kind.spinEcho() && bold
          ? says("fMRI", "timing_weak", "gradient echo planar, TE " + te)
          : Optional.empty();
    }
    if (kind.inversion() && (kind.spinEcho() || !kind.gradient())) {
      return inversion(header, te);
    }
    if (kind.spinEcho() && !kind.gradient()) {
      return spinEcho(kind, tr, te);
    }
    if (kind.gradient() && !kind.spinEcho()) {
      return gradient(header, tr, te);
    }
    return Optional.empty();
  }

  private Optional<Vote> inversion(SeriesHeader header, double te) {
    OptionalDouble inversion = header.positive(Attribute.INVERSION_TIME);
    double ti = inversion.orElse(header.positive(Attribute.INVERSION_TIMES).orElse(0));
    if (ti == 0) {
      return Optional.empty();
    }
    if (ti < rules.threshold("stir_max_ti_ms")) {
      return says("STIR", "timing", "TI " + ti);
    }
    if (ti >= rules.threshold("flair_min_ti_ms")
        && ti <= rules.threshold("flair_max_ti_ms")
        && te > rules.threshold("flair_min_te_ms")) {
      return says("T2-FLAIR", "timing", "TI " + ti + ", TE " + te);
    }
    if (ti >= rules.threshold("t1_flair_min_ti_ms")
        && ti <= rules.threshold("t1_flair_max_ti_ms")
        && te < rules.threshold("t1_flair_max_te_ms")) {
      return says("T1-FLAIR", "timing", "TI " + ti + ", TE " + te);
    }
    return Optional.empty();
  }

  private Optional<Vote> spinEcho(PulseKind kind, double tr, double te) {
    if (tr < rules.threshold("t1_se_max_tr_ms") && te < rules.threshold("t1_se_max_te_ms")) {
      return says("T1w", "timing", "SE, TR " + tr + ", TE " + te);
    }
    if (tr <= rules.threshold("t2_se_min_tr_ms")) {
      return Optional.empty();
    }
    String limit =
        kind.vendor() == PulseKind.Vendor.SIEMENS ? "pd_siemens_max_te_ms" : "pd_se_max_te_ms";
    if (te < rules.threshold(limit)) {
      return says("PDw", "timing", "SE, TR " + tr + ", TE " + te);
    }
    return te > rules.threshold("t2_se_min_te_ms")
        ? says("T2w", "timing", "SE, TR " + tr + ", TE " + te)
        : Optional.empty();
  }

  private Optional<Vote> gradient(SeriesHeader header, double tr, double te) {
    double flip = header.positive(Attribute.FLIP_ANGLE).orElse(0);
    // GE names the steady state of a spoiled echo too; a balanced one is not spoiled.
    boolean spoiled = header.is(Attribute.SEQUENCE_VARIANT, "SP");
    if (header.is(Attribute.SEQUENCE_VARIANT, "MP")) {
      return says("T1w", "timing", "magnetisation prepared gradient echo");
    }
    boolean shortEcho = te <= rules.threshold("t1_gr_max_te_ms");
    boolean steep =
        flip >= rules.threshold("t1_gr_min_flip_degrees")
            || (tr <= rules.threshold("t1_gr_3d_max_tr_ms")
                && flip >= rules.threshold("t1_gr_3d_min_flip_degrees"));
    if (spoiled && shortEcho && steep) {
      return says("T1w", "timing_weak", "spoiled GR, TE " + te + ", flip " + flip);
    }
    if (te >= rules.threshold("t2star_min_te_ms")
        && tr >= rules.threshold("t2star_min_tr_ms")
        && flip > 0
        && flip <= rules.threshold("t2star_max_flip_degrees")) {
      return says("T2star", "timing_weak", "GR, TE " + te + ", flip " + flip);
    }
    return Optional.empty();
  }

  private Optional<Vote> says(String value, String weight, String detail) {
    return Optional.of(
        new Vote(value, rules.weight(weight), "timing", String.format(Locale.ROOT, "%s", detail)));
  }
}
