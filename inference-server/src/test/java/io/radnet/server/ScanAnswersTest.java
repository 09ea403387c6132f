package io.radnet.server;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import io.grpc.Status;
import io.radnet.imaging.dicom.DicomFile;
import io.radnet.imaging.dicom.DicomReader;
import io.radnet.imaging.dicom.InstanceSource;
import io.radnet.imaging.dicom.Tag;
import io.radnet.imaging.segmentation.SegmentationReader;
import io.radnet.imaging.volume.Geometry;
import io.radnet.imaging.volume.LabelMap;
import io.radnet.imaging.volume.Volume;
import io.radnet.proto.v1.ClassifyResponse;
import io.radnet.proto.v1.Disagreement;
import io.radnet.proto.v1.HeaderLabel;
import io.radnet.proto.v1.ResultFormat;
import io.radnet.proto.v1.ScanOptions;
import io.radnet.proto.v1.SegmentOptions;
import io.radnet.server.client.CallFailedException;
import io.radnet.server.client.RadNetClient;
import io.radnet.server.client.ScanSource;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.io.TempDir;

/** What a DICOM scan is answered with beyond pixels: header labels, and masks as DICOM SEG. */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class ScanAnswersTest {
  private RadNetServer server;
  private RadNetClient client;

  @BeforeAll
  void start(@TempDir Path repository) throws IOException {
    TestModels.labels(repository, "labels", 1, 1);
    TestModels.threshold(repository, "bright", 4);
    server = RadNetServer.start(ServerConfig.of(repository));
    client = RadNetClient.connect("127.0.0.1:" + server.grpcPort(), Duration.ofSeconds(30), 1);
  }

  @AfterAll
  void stop() {
    client.close();
    server.close();
  }

  private static ScanOptions seg(boolean keepPatient) {
    return ScanOptions.newBuilder()
        .setSegment(
            SegmentOptions.newBuilder()
                .setFormat(ResultFormat.RESULT_FORMAT_DICOM_SEG)
                .setKeepPatient(keepPatient))
        .build();
  }

  @Test
  void headerLabelsStandBesidePixelLabelsAndContradictionsAreNamed() throws IOException {
    // the headers say CT, the test's network says MR for everything bright
    ClassifyResponse answer =
        client.classify(
            new ScanSource.Dicom(TestScans.dicom("1.2.840.1", 8)),
            ScanOptions.newBuilder().build());
    assertThat(answer.getHeaderLabelsList())
        .extracting(HeaderLabel::getFamily)
        .contains("modality", "view", "spacing");
    HeaderLabel modality =
        answer.getHeaderLabelsList().stream()
            .filter(label -> label.getFamily().equals("modality"))
            .findFirst()
            .orElseThrow();
    assertThat(modality.getValuesList()).containsExactly("CT");
    assertThat(modality.getConfidence()).isGreaterThan(0.5);
    assertThat(answer.getDisagreementsList()).hasSize(1);
    Disagreement found = answer.getDisagreements(0);
    assertThat(found.getFamily()).isEqualTo("modality");
    assertThat(found.getHeader()).isEqualTo("CT");
    assertThat(found.getPixels()).isEqualTo("MR");
    assertThat(found.getHeaderConfidence()).isEqualTo(modality.getConfidence());
    assertThat(found.getPixelsConfidence()).isGreaterThan(0.9);
  }

  @Test
  void aScanWithoutHeadersHasNoHeaderLabels() throws IOException {
    Geometry grid = Geometry.axisAligned(8, 8, 8, 1, 1, 5);
    ClassifyResponse answer =
        client.classify(
            new ScanSource.InMemory(Volume.of(grid, new float[512])),
            ScanOptions.newBuilder().build());
    assertThat(answer.getHeaderLabelsList()).isEmpty();
    assertThat(answer.getDisagreementsList()).isEmpty();
  }

  @Test
  void aMaskComesBackAsDicomSeg() throws IOException {
    List<InstanceSource> scan = TestScans.dicom("1.2.840.2", 6);
    RadNetClient.Mask mask = client.segment(new ScanSource.Dicom(scan), seg(false), (a, b) -> {});
    byte[] bytes = mask.data().toByteArray();
    assertThat(new String(bytes, StandardCharsets.ISO_8859_1)).doesNotContain("Secret");
    DicomFile file = DicomReader.read(new InstanceSource.Memory("seg", bytes));
    assertThat(file.dataset().string(Tag.STUDY_INSTANCE_UID)).contains("1.2.840.99");
    LabelMap read = SegmentationReader.read(file, Geometry.axisAligned(12, 12, 6, 1, 1, 5));
    double stated = mask.result().getLabels(0).getMillilitres();
    assertThat(read.millilitres(1)).isCloseTo(stated, within(1e-9));
    assertThat(read.names()).containsEntry(1, mask.result().getLabels(0).getName());
    byte[] kept =
        client.segment(new ScanSource.Dicom(scan), seg(true), (a, b) -> {}).data().toByteArray();
    assertThat(new String(kept, StandardCharsets.ISO_8859_1)).contains("Secret^Person");
  }

  @Test
  void dicomSegOfSomethingElseIsRefusedBeforeAnyWindow() {
    Geometry grid = Geometry.axisAligned(8, 8, 8, 1, 1, 5);
    assertThatThrownBy(
            () ->
                client.segment(
                    new ScanSource.InMemory(Volume.of(grid, new float[512])),
                    seg(false),
                    (total, done) -> {
                      throw new AssertionError("a window was computed");
                    }))
        .isInstanceOfSatisfying(
            CallFailedException.class,
            failure -> assertThat(failure.code()).isEqualTo(Status.Code.INVALID_ARGUMENT))
        .hasMessageContaining("no DICOM (ask for NIfTI)");
  }
}
