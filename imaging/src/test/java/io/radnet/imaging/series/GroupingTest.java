package io.radnet.imaging.series;

import static org.assertj.core.api.Assertions.assertThat;

import io.radnet.imaging.dicom.InstanceSource;
import io.radnet.imaging.dicom.Tag;
import io.radnet.imaging.dicom.VR;
import io.radnet.imaging.dicom.WritableDataset;
import java.io.IOException;
import java.util.List;
import org.junit.jupiter.api.Test;

/** Which files are one series. */
class GroupingTest extends MrFiles {
  @Test
  void aStoreOfOneFilePerFolderIsOneSeriesEvenWhereNumbersRepeat() throws IOException {
    for (int echo = 0; echo < 2; echo++) {
      for (int k = 0; k < 5; k++) {
        WritableDataset image = slice(k, 5.0 * k).put(Tag.ECHO_TIME, VR.DS, 10.0 + echo);
        image.put(Tag.SOP_INSTANCE_UID, VR.UI, "1.9." + echo + "." + k);
        String name = String.format("%02x/object", 37 * sources.size());
        sources.add(new InstanceSource.Memory(name, bytes(image, pixels(1, echo))));
      }
    }
    assertThat(firstValues(assemble())).containsExactly(0, 1);
  }

  @Test
  void withoutUidsTheNumbersTellSeriesApart() throws IOException {
    for (int number = 1; number <= 2; number++) {
      for (int k = 0; k < 2; k++) {
        WritableDataset image = slice(k, k).put(Tag.SERIES_NUMBER, VR.IS, number);
        add(image.remove(Tag.SERIES_INSTANCE_UID).remove(Tag.SOP_INSTANCE_UID), number);
      }
    }
    assertThat(SeriesScanner.group(sources, 1).series()).hasSize(2);
  }

  @Test
  void patientsAndStudiesUnderOneUidOrNoneAreSeries() throws IOException {
    for (boolean uids : new boolean[] {true, false}) {
      sources.clear();
      for (int k = 0; k < 6; k++) {
        WritableDataset image = slice(k, k).put(Tag.PATIENT_ID, VR.LO, "P" + k % 3 / 2);
        image.put(Tag.STUDY_INSTANCE_UID, VR.UI, "1.7." + k % 3);
        add(uids ? image : image.remove(Tag.SERIES_INSTANCE_UID), k);
      }
      List<Series> found = SeriesScanner.group(sources, 1).series();
      assertThat(found).hasSize(3);
      assertThat(found.get(2).instances())
          .extracting(Instance::instanceNumber)
          .containsExactly(3, 6);
    }
  }
}
