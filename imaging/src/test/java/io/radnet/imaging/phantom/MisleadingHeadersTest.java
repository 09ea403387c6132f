package io.radnet.imaging.phantom;

import static org.assertj.core.api.Assertions.assertThat;

import io.radnet.imaging.dicom.DicomWriter;
import io.radnet.imaging.dicom.InstanceSource;
import io.radnet.imaging.dicom.WritableDataset;
import io.radnet.imaging.labels.Rules;
import io.radnet.imaging.labels.SeriesLabeler;
import io.radnet.imaging.labels.SeriesLabels;
import io.radnet.imaging.series.Series;
import io.radnet.imaging.series.SeriesScanner;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Labels of headers of which one description belongs to another scan. */
final class MisleadingHeadersTest {
  private static final double SURE = 0.8;

  @ParameterizedTest
  @ValueSource(longs = {101, 102, 103})
  void noLabelIsWrongAndSure(long seed) throws IOException {
    PhantomDataset dataset =
        new PhantomDataset(new PhantomDataset.Options(150, seed, false, false, true, 0, 1, 1));
    Map<String, SeriesLabels> truth = new HashMap<>();
    List<InstanceSource> files = new ArrayList<>();
    for (int n = 0; n < dataset.size(); n++) {
      SeriesPlan plan = dataset.plans().get(n);
      truth.put(plan.uid(0), Truth.of(plan));
      Headers headers = dataset.headers(n);
      for (int k = 0; k < plan.geometry().depth(); k++) {
        files.add(new InstanceSource.Memory(plan.path() + "/" + k, bytes(headers.slice(k))));
      }
    }
    SeriesLabeler labeler = new SeriesLabeler(Rules.builtIn());
    List<String> wrong = new ArrayList<>();
    int right = 0;
    for (Series series : SeriesScanner.group(files, 2).series()) {
      SeriesLabels labels = labeler.label(series);
      SeriesLabels expected = Objects.requireNonNull(truth.get(series.uid()), series.uid());
      right += compare("modality", labels.modality(), expected.modality(), labels, wrong);
      right += compare("sequence", labels.sequence(), expected.sequence(), labels, wrong);
      right += compare("view", labels.view(), expected.view(), labels, wrong);
      right += compare("contrast", labels.contrast(), expected.contrast(), labels, wrong);
      for (String region : labels.regions()) {
        right +=
            compare(
                "regions",
                region,
                expected.regions().contains(region) ? region : "no " + region,
                labels,
                wrong);
      }
    }
    assertThat(wrong).isEmpty();
    assertThat(right).isGreaterThan(4 * dataset.size()); // nor is everything left unknown
  }

  private static int compare(
      String family, String value, String expected, SeriesLabels labels, List<String> wrong) {
    if (value.equals(expected)) {
      return 1;
    }
    var evidence = labels.evidence().get(family);
    if (!value.equals("unknown") && evidence != null && evidence.confidence() > SURE) {
      wrong.add(labels.path() + " " + family + " " + value + ", is " + expected + ": " + evidence);
    }
    return 0;
  }

  private static byte[] bytes(WritableDataset header) throws IOException {
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    DicomWriter.write(out, header, DicomWriter.EXPLICIT_LITTLE_ENDIAN);
    return out.toByteArray();
  }
}
