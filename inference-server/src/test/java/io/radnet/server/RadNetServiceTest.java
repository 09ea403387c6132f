package io.radnet.server;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import com.google.protobuf.ByteString;
import io.grpc.ManagedChannel;
import io.grpc.Status;
import io.grpc.netty.shaded.io.grpc.netty.NettyChannelBuilder;
import io.grpc.stub.StreamObserver;
import io.radnet.imaging.dicom.InstanceSource;
import io.radnet.imaging.dicom.VR;
import io.radnet.imaging.volume.Affine;
import io.radnet.imaging.volume.Geometry;
import io.radnet.imaging.volume.NiftiImage;
import io.radnet.imaging.volume.NiftiReader;
import io.radnet.imaging.volume.NiftiWriter;
import io.radnet.imaging.volume.Volume;
import io.radnet.imaging.volume.Voxels;
import io.radnet.proto.inference.GRPCInferenceServiceGrpc;
import io.radnet.proto.inference.ModelStatistics;
import io.radnet.proto.inference.ModelStatisticsRequest;
import io.radnet.proto.v1.ClassifyResponse;
import io.radnet.proto.v1.DicomChunk;
import io.radnet.proto.v1.EmbedBatchResponse;
import io.radnet.proto.v1.EmbedResponse;
import io.radnet.proto.v1.EndOfScan;
import io.radnet.proto.v1.HeadResult;
import io.radnet.proto.v1.RadNetGrpc;
import io.radnet.proto.v1.RawHeader;
import io.radnet.proto.v1.ResultFormat;
import io.radnet.proto.v1.ScanOptions;
import io.radnet.proto.v1.ScanRequest;
import io.radnet.proto.v1.SegmentOptions;
import io.radnet.proto.v1.VoxelType;
import io.radnet.server.client.CallFailedException;
import io.radnet.server.client.RadNetClient;
import io.radnet.server.client.ScanSource;
import io.radnet.server.model.QueueLimits;
import io.radnet.server.scan.ScanLimits;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.zip.Deflater;
import java.util.zip.DeflaterOutputStream;
import java.util.zip.GZIPOutputStream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.io.TempDir;

/** Whole scans against a real server with real sessions. */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
final class RadNetServiceTest {
  private static final ScanOptions PLAIN = ScanOptions.getDefaultInstance();

  private RadNetServer server;
  private ManagedChannel channel;
  private RadNetClient client;

  @BeforeAll
  void start(@TempDir Path repository) throws IOException {
    TestModels.labels(repository, "labels", 1, 1);
    TestModels.threshold(repository, "bright", 4);
    ScanLimits limits = new ScanLimits(16 << 20, 64 << 20, 8, 100, Duration.ofSeconds(1));
    server =
        RadNetServer.start(
            ServerConfig.of(repository).withLimits(limits, new QueueLimits(64, 1 << 30)));
    channel = NettyChannelBuilder.forAddress("127.0.0.1", server.grpcPort()).usePlaintext().build();
    client = RadNetClient.connect("127.0.0.1:" + server.grpcPort(), Duration.ofSeconds(30), 1);
  }

  @AfterAll
  void stop() {
    client.close();
    channel.shutdownNow();
    server.close();
  }

  private static Volume uniform(float value) {
    Geometry grid = Geometry.axisAligned(10, 10, 10, 1, 1, 5);
    float[] values = new float[1000];
    java.util.Arrays.fill(values, value);
    return Volume.of(grid, values);
  }

  /** An oblique, anisotropic, tilted grid. */
  private static Geometry oblique() {
    double c = Math.cos(0.4);
    double s = Math.sin(0.4);
    return new Geometry(
        44,
        40,
        18,
        Affine.of(0.9 * c, -0.9 * s, 0.3, -20, 0.9 * s, 0.9 * c, 0.5, -30, 0, 0.1, 2.5, 7));
  }

  private static boolean inside(Geometry grid, double i, double j, double k) {
    double[] centre = grid.affine().apply(22, 20, 9);
    double[] point = grid.affine().apply(i, j, k);
    double x = point[0] - centre[0];
    double y = point[1] - centre[1];
    double z = point[2] - centre[2];
    return x * x + y * y + z * z < 11 * 11;
  }

  private static Volume ball(Geometry grid) {
    short[] values = new short[(int) grid.voxels()];
    int index = 0;
    for (int k = 0; k < grid.depth(); k++) {
      for (int j = 0; j < grid.height(); j++) {
        for (int i = 0; i < grid.width(); i++) {
          values[index++] = (short) (inside(grid, i, j, k) ? 400 : -100);
        }
      }
    }
    return new Volume(grid, new Voxels.Int16(values), 2, 200);
  }

  private CallFailedException embedFailure(ScanSource scan, ScanOptions options) {
    try {
      client.embed(scan, options);
    } catch (CallFailedException expected) {
      return expected;
    } catch (IOException other) {
      throw new AssertionError(other);
    }
    throw new AssertionError("the call succeeded");
  }

  private static ScanSource parts(ScanRequest... parts) {
    return sink -> {
      for (ScanRequest part : parts) {
        sink.send(part);
      }
    };
  }

  @Test
  void embedsRawVoxels() throws IOException {
    EmbedResponse answer =
        client.embed(
            new ScanSource.InMemory(uniform(500)),
            ScanOptions.newBuilder().setRequestId("r1").build());
    assertThat(answer.getEmbeddingList()).hasSize(3);
    assertThat(answer.getEmbedding(0)).isCloseTo(0.5f, within(1e-5f));
    assertThat(answer.getEmbedding(1)).isCloseTo(1f, within(1e-5f));
    assertThat(answer.getRequestId()).isEqualTo("r1");
    assertThat(answer.getModel().getName()).isEqualTo("labels");
    assertThat(answer.getModel().getProvider()).isEqualTo("cpu");
    assertThat(answer.getScan().getGeometry().getDepth()).isEqualTo(10);
    assertThat(answer.getTiming().getWindows()).isEqualTo(1);
  }

  @Test
  void classifiesByTheHeadsOfTheRecipe() throws IOException {
    ClassifyResponse answer = client.classify(new ScanSource.InMemory(uniform(900)), PLAIN);
    assertThat(answer.getHeadsList())
        .extracting(HeadResult::getName)
        .containsExactly("modality", "regions", "spacing");
    assertThat(answer.getHeads(0).getAnswersList()).containsExactly("MR");
    assertThat(answer.getHeads(1).getAnswersList()).containsExactly("liver");
    assertThat(answer.getHeads(2).getValue()).isCloseTo(5, within(1e-4));
    assertThat(answer.getHeads(2).getUnit()).isEqualTo("mm");
    assertThat(
            client
                .classify(new ScanSource.InMemory(uniform(10)), PLAIN)
                .getHeads(0)
                .getAnswersList())
        .containsExactly("CT");
  }

  private ModelStatistics segmenting() {
    return GRPCInferenceServiceGrpc.newBlockingStub(channel)
        .modelStatistics(ModelStatisticsRequest.newBuilder().setName("bright").build())
        .getModelStats(0);
  }

  /** Of windows that would take minutes. */
  @Test
  void aScanEndsBetweenTwoWindowsWhenItsTimeIsOver() throws Exception {
    ScanSource scan =
        new ScanSource.InMemory(
            Volume.of(Geometry.axisAligned(64, 64, 64, 1, 1, 1), new float[64 * 64 * 64]));
    ScanOptions options =
        ScanOptions.newBuilder()
            .setSegment(SegmentOptions.newBuilder().setOverlap(0.9).setMirror(true))
            .build();
    ModelStatistics before = segmenting();
    AtomicInteger windows = new AtomicInteger();
    AtomicInteger last = new AtomicInteger();
    try (RadNetClient hasty =
        RadNetClient.connect("127.0.0.1:" + server.grpcPort(), Duration.ofSeconds(2), 1)) {
      assertThatThrownBy(
              () ->
                  hasty.segment(
                      scan,
                      options,
                      (total, done) -> {
                        windows.set(total);
                        last.set(done);
                      }))
          .isInstanceOfSatisfying(
              CallFailedException.class,
              late -> assertThat(late.code()).isEqualTo(Status.Code.DEADLINE_EXCEEDED));
    }
    long failures = before.getInferenceStats().getFail().getCount();
    for (int tries = 0;
        tries < 300 && segmenting().getInferenceStats().getFail().getCount() == failures;
        tries++) {
      Thread.sleep(100);
    }
    ModelStatistics after = segmenting();
    assertThat(after.getInferenceStats().getFail().getCount()).isEqualTo(failures + 1);
    long computed = after.getInferenceCount() - before.getInferenceCount();
    assertThat(last.get()).isPositive();
    assertThat(computed).isBetween((long) last.get(), windows.get() - 1L);
  }

  @Test
  void segmentsAnObliqueTiltedScanInItsOwnGeometry(@TempDir Path folder) throws IOException {
    Geometry grid = oblique();
    assertThat(grid.sheared()).isTrue();
    List<Integer> progress = new CopyOnWriteArrayList<>();
    RadNetClient.Mask mask =
        client.segment(
            new ScanSource.InMemory(ball(grid)), PLAIN, (total, done) -> progress.add(done));
    Path file = folder.resolve("mask.nii.gz");
    Files.write(file, mask.data().toByteArray());
    NiftiImage image = NiftiReader.read(file);
    Volume volume = image.volumes().get(0);
    assertThat(volume.geometry().matches(grid, 1e-4)).isTrue();
    int wrong = 0;
    int bright = 0;
    for (int k = 0; k < grid.depth(); k++) {
      for (int j = 0; j < grid.height(); j++) {
        for (int i = 0; i < grid.width(); i++) {
          boolean found = volume.value(i, j, k) == 1;
          bright += found ? 1 : 0;
          if (found != inside(grid, i, j, k)) {
            wrong++;
            assertThat(border(grid, i, j, k)).as("%d %d %d", i, j, k).isTrue();
          }
        }
      }
    }
    assertThat(bright).isPositive();
    assertThat(wrong).isLessThan(bright / 10);
    assertThat(mask.result().getLabels(0).getName()).isEqualTo("bright");
    assertThat(mask.result().getLabels(0).getMillilitres())
        .isCloseTo(4.0 / 3 * Math.PI * 11 * 11 * 11 / 1000, within(0.3));
    assertThat(mask.result().getTiming().getWindows()).isGreaterThan(8);
    assertThat(progress).isNotEmpty().isSorted();
  }

  /** Whether a neighbour lies on the other side of the ball's surface. */
  private static boolean border(Geometry grid, int i, int j, int k) {
    boolean here = inside(grid, i, j, k);
    for (int n = 0; n < 27; n++) {
      if (inside(grid, i + n % 3 - 1, j + n / 3 % 3 - 1, k + n / 9 - 1) != here) {
        return true;
      }
    }
    return false;
  }

  @Test
  void mirroringAndRunLengthsGiveTheSameMask() throws IOException {
    Geometry grid = Geometry.axisAligned(20, 18, 17, 1, 1, 1);
    ScanOptions plain = options(SegmentOptions.newBuilder());
    ScanOptions mirrored =
        options(SegmentOptions.newBuilder().setMirror(true).setOverlap(0.5).setFillHoles(true));
    ByteString one =
        client.segment(new ScanSource.InMemory(ball(grid)), plain, (a, b) -> {}).data();
    RadNetClient.Mask other =
        client.segment(new ScanSource.InMemory(ball(grid)), mirrored, (a, b) -> {});
    assertThat(other.data()).isEqualTo(one);
    assertThat(other.result().getTiming().getWindows() % 8).isZero();
    var in = one.newCodedInput();
    long voxels = 0;
    while (!in.isAtEnd()) {
      assertThat(in.readUInt32()).isBetween(0, 1);
      voxels += in.readUInt32();
    }
    assertThat(voxels).isEqualTo(grid.voxels());
  }

  private static ScanOptions options(SegmentOptions.Builder segment) {
    return ScanOptions.newBuilder()
        .setModel("bright")
        .setSegment(segment.setFormat(ResultFormat.RESULT_FORMAT_RUN_LENGTH))
        .build();
  }

  @Test
  void takesNifti(@TempDir Path folder) throws IOException {
    Path file = folder.resolve("scan.nii.gz");
    NiftiWriter.write(file, uniform(250));
    assertThat(client.embed(new ScanSource.Nifti(file), PLAIN).getEmbedding(0))
        .isCloseTo(0.25f, within(1e-5f));
  }

  @Test
  void takesDicomAndRefusesAMixture() throws IOException {
    List<InstanceSource> one = TestScans.dicom("1.2.3", 8);
    EmbedResponse answer = client.embed(new ScanSource.Dicom(one), PLAIN);
    assertThat(answer.getScan().getInstances()).isEqualTo(8);
    assertThat(answer.getEmbedding(0)).isCloseTo(0.3f, within(1e-5f));
    List<InstanceSource> mixed = new java.util.ArrayList<>(one);
    mixed.addAll(TestScans.dicom("1.2.4", 2));
    assertThat(embedFailure(new ScanSource.Dicom(mixed), PLAIN))
        .hasMessageContaining("2 series (expected: one per call)");
  }

  @Test
  void refusesWhatIsNoScan() {
    assertThat(
            embedFailure(
                new ScanSource.Dicom(List.of(new InstanceSource.Memory("x", new byte[] {1, 2, 3}))),
                PLAIN))
        .hasMessageContaining("none of 1 instances is usable");
    assertThat(embedFailure(parts(), PLAIN)).hasMessageContaining("no scan in the call");
    assertThat(
            embedFailure(
                parts(
                    ScanRequest.newBuilder()
                        .setDicom(DicomChunk.newBuilder().setData(ByteString.copyFromUtf8("abc")))
                        .build()),
                PLAIN))
        .hasMessageContaining("not marked as complete");
    assertThat(
            embedFailure(
                parts(
                    ScanRequest.newBuilder().setNifti(ByteString.copyFromUtf8("no nifti")).build()),
                PLAIN))
        .hasMessageContaining("NIfTI: 8 bytes");
    assertThat(embedFailure(new ScanSource.InMemory(uniform(1)), named("bright")))
        .hasMessageContaining("is no labels model")
        .extracting(CallFailedException::code)
        .isEqualTo(Status.Code.INVALID_ARGUMENT);
    assertThat(embedFailure(new ScanSource.InMemory(uniform(1)), named("heart")))
        .hasMessageContaining("model heart: unknown")
        .extracting(CallFailedException::code)
        .isEqualTo(Status.Code.NOT_FOUND);
    assertThat(
            embedFailure(
                new ScanSource.InMemory(uniform(1)),
                ScanOptions.newBuilder().setVolumeIndex(3).build()))
        .hasMessageContaining("volume_index: 3 (expected: 0 to 0)");
  }

  private static ScanOptions named(String model) {
    return ScanOptions.newBuilder().setModel(model).build();
  }

  private static ScanRequest header(int width, int height, int depth, int affineValues) {
    io.radnet.proto.v1.Geometry.Builder grid =
        io.radnet.proto.v1.Geometry.newBuilder().setWidth(width).setHeight(height).setDepth(depth);
    double[] identity = {1, 0, 0, 0, 0, 1, 0, 0, 0, 0, 1, 0};
    for (int n = 0; n < affineValues; n++) {
      grid.addAffine(identity[n]);
    }
    return ScanRequest.newBuilder()
        .setRawHeader(RawHeader.newBuilder().setType(VoxelType.VOXEL_TYPE_UINT8).setGeometry(grid))
        .build();
  }

  private static ScanRequest voxels(int count) {
    return ScanRequest.newBuilder().setRawVoxels(ByteString.copyFrom(new byte[count])).build();
  }

  @Test
  void catchesLiesAboutSizes() {
    assertThat(embedFailure(parts(header(4, 4, 4, 12), voxels(63)), PLAIN))
        .hasMessageContaining("63 bytes (expected: 64)");
    assertThat(embedFailure(parts(header(4, 4, 4, 12), voxels(65)), PLAIN))
        .hasMessageContaining("more than 64 bytes");
    assertThat(embedFailure(parts(header(4, 4, 4, 11), voxels(64)), PLAIN))
        .hasMessageContaining("11 affine values (expected: 12)");
    assertThat(embedFailure(parts(header(1 << 20, 1 << 20, 1 << 20, 12)), PLAIN).code())
        .isEqualTo(Status.Code.RESOURCE_EXHAUSTED);
    assertThat(embedFailure(parts(header(0, 4, 4, 12)), PLAIN).code())
        .isEqualTo(Status.Code.INVALID_ARGUMENT);
    assertThat(embedFailure(parts(header(-1, 4, 4, 12)), PLAIN).code())
        .isEqualTo(Status.Code.INVALID_ARGUMENT);
  }

  /** The client knows the sizes of files and says them first. */
  @Test
  void refusesAFileThatIsTooLargeByItsAnnouncedSize(@TempDir Path folder) throws IOException {
    Path file = folder.resolve("scan.nii");
    Files.write(file, new byte[17 << 20]);
    InstanceSource more = new InstanceSource.Memory("more", new byte[1000]);
    ScanSource dicom = new ScanSource.Dicom(List.of(new InstanceSource.File(file), more));
    for (ScanSource scan : List.of(new ScanSource.Nifti(file), dicom)) {
      CallFailedException failure = embedFailure(scan, PLAIN);
      assertThat(failure.code()).isEqualTo(Status.Code.RESOURCE_EXHAUSTED);
      assertThat(failure)
          .hasMessageContaining(
              "scan: %d bytes (expected: <= 16777216", (17 << 20) + (scan == dicom ? 1000 : 0));
    }
  }

  @Test
  void stopsAZipBombAndTooManyInstances() throws IOException {
    ByteBuffer header = ByteBuffer.allocate(352).order(ByteOrder.LITTLE_ENDIAN);
    header.putInt(0, 348);
    short[] sizes = {3, 1200, 1200, 1200};
    for (int n = 0; n < sizes.length; n++) {
      header.putShort(40 + 2 * n, sizes[n]);
    }
    header.putShort(70, (short) 16).putShort(72, (short) 32).putFloat(108, 352);
    header.put(344, (byte) 'n').put(345, (byte) '+').put(346, (byte) '1');
    ByteArrayOutputStream bomb = new ByteArrayOutputStream();
    try (GZIPOutputStream zip = new GZIPOutputStream(bomb)) {
      zip.write(header.array());
      zip.write(new byte[4 << 20]);
    }
    CallFailedException failure =
        embedFailure(
            parts(
                ScanRequest.newBuilder().setNifti(ByteString.copyFrom(bomb.toByteArray())).build()),
            PLAIN);
    assertThat(failure.code()).isEqualTo(Status.Code.RESOURCE_EXHAUSTED);
    assertThat(failure).hasMessageContaining("6912000000 bytes of voxels");
    ScanRequest tiny =
        ScanRequest.newBuilder().setDicom(DicomChunk.newBuilder().setEndOfInstance(true)).build();
    ScanRequest[] many = new ScanRequest[101];
    java.util.Arrays.fill(many, tiny);
    assertThat(embedFailure(parts(many), PLAIN)).hasMessageContaining("more than 100 DICOM");
  }

  private static InstanceSource gzip(InstanceSource instance) throws IOException {
    ByteArrayOutputStream packed = new ByteArrayOutputStream();
    try (GZIPOutputStream zip = new GZIPOutputStream(packed)) {
      zip.write(instance.readAll());
    }
    return new InstanceSource.Memory(instance.name(), packed.toByteArray());
  }

  /** An instance in the deflated syntax: its meta information says so, and stays as it is. */
  private static InstanceSource deflate(InstanceSource instance) throws IOException {
    byte[] plain = instance.readAll();
    int end = 132 + 12 + ByteBuffer.wrap(plain).order(ByteOrder.LITTLE_ENDIAN).getInt(140);
    String meta = new String(plain, 0, end, StandardCharsets.ISO_8859_1);
    assertThat(meta).contains("1.2.840.10008.1.2.1\0");
    String deflated =
        meta.replace("\24\0001.2.840.10008.1.2.1\0", "\26\0001.2.840.10008.1.2.1.99")
            .replace(meta.substring(140, 144), Character.toString(meta.charAt(140) + 2) + "\0\0\0");
    ByteArrayOutputStream packed = new ByteArrayOutputStream();
    packed.write(deflated.getBytes(StandardCharsets.ISO_8859_1));
    try (DeflaterOutputStream zip =
        new DeflaterOutputStream(packed, new Deflater(Deflater.DEFAULT_COMPRESSION, true))) {
      zip.write(plain, end, plain.length - end);
    }
    return new InstanceSource.Memory(instance.name(), packed.toByteArray());
  }

  /** Slices with many zeros, behind the pixels or before them. */
  private static List<InstanceSource> bloated(int slices, int tag, int bytes) throws IOException {
    return TestScans.dicom(
        "1.2.5", slices, dataset -> dataset.put(tag, VR.OB, (Object) new byte[bytes]));
  }

  @Test
  void stopsDicomThatUnfoldsToMoreThanTheLimit() throws IOException {
    List<InstanceSource> one = bloated(1, 0x7FE1_1010, 64 << 20);
    List<InstanceSource> header = bloated(1, 0x0029_1010, 64 << 20);
    List<InstanceSource> together = bloated(5, 0x7FE1_1010, 4 << 20);
    for (List<InstanceSource> bomb :
        List.of(
            List.of(gzip(one.get(0))),
            List.of(deflate(one.get(0))),
            List.of(gzip(header.get(0))),
            List.of(gzip(deflate(header.get(0)))),
            packed(together))) {
      CallFailedException failure = embedFailure(new ScanSource.Dicom(bomb), PLAIN);
      assertThat(failure.code()).as(failure.getMessage()).isEqualTo(Status.Code.RESOURCE_EXHAUSTED);
      assertThat(failure).hasMessageContaining("DICOM: unfolds to more than 16777216 bytes");
    }
    List<InstanceSource> deflated =
        List.of(deflate(together.get(0)), deflate(together.get(1)), deflate(together.get(2)));
    for (List<InstanceSource> fits : List.of(packed(together.subList(0, 3)), deflated)) {
      EmbedResponse answer = client.embed(new ScanSource.Dicom(fits), PLAIN);
      assertThat(answer.getScan().getInstances()).isEqualTo(fits.size());
      // Of eight slices of the grid, three are the scan's.
      assertThat(answer.getEmbedding(0)).isCloseTo(0.3f * 3 / 8, within(1e-5f));
    }
  }

  private static List<InstanceSource> packed(List<InstanceSource> plain) throws IOException {
    List<InstanceSource> packed = new java.util.ArrayList<>();
    for (InstanceSource each : plain) {
      packed.add(gzip(each));
    }
    return packed;
  }

  /** 64 MiB of zeros behind the 1000 voxels that the header promises. */
  @Test
  void readsNoFurtherThanTheHeaderSays(@TempDir Path folder) throws IOException {
    Path file = folder.resolve("scan.nii");
    NiftiWriter.write(file, uniform(250));
    ByteArrayOutputStream bomb = new ByteArrayOutputStream();
    try (GZIPOutputStream zip = new GZIPOutputStream(bomb)) {
      zip.write(Files.readAllBytes(file));
      for (int n = 0; n < 64; n++) {
        zip.write(new byte[1 << 20]);
      }
    }
    ScanSource source =
        parts(ScanRequest.newBuilder().setNifti(ByteString.copyFrom(bomb.toByteArray())).build());
    assertThat(client.embed(source, PLAIN).getEmbedding(0)).isCloseTo(0.25f, within(1e-5f));
  }

  @Test
  void survivesVoxelsThatAreNoNumbers() throws IOException {
    float[] values = new float[1000];
    java.util.Arrays.fill(values, Float.NaN);
    Volume volume = Volume.of(Geometry.axisAligned(10, 10, 10, 1, 1, 1), values);
    assertThat(client.embed(new ScanSource.InMemory(volume), PLAIN).getEmbedding(0)).isZero();
    RadNetClient.Mask mask =
        client.segment(new ScanSource.InMemory(volume), PLAIN, (total, done) -> {});
    assertThat(mask.result().getLabels(0).getMillilitres()).isZero();
  }

  @Test
  void refusesAScanOfManyMetres() throws IOException {
    float[] values = new float[1000];
    for (double millimetres : new double[] {1e5, 1e7}) {
      Volume volume =
          Volume.of(
              Geometry.axisAligned(10, 10, 10, millimetres, millimetres, millimetres), values);
      assertThatThrownBy(
              () -> client.segment(new ScanSource.InMemory(volume), PLAIN, (total, done) -> {}))
          .isInstanceOfSatisfying(
              CallFailedException.class,
              failed -> {
                assertThat(failed.code()).isEqualTo(Status.Code.INVALID_ARGUMENT);
                assertThat(failed).hasMessageContaining("check the spacing");
              });
    }
    embedsRawVoxels();
  }

  @Test
  void endsACallThatStalls() throws Exception {
    CompletableFuture<Status> end = new CompletableFuture<>();
    StreamObserver<ScanRequest> requests = RadNetGrpc.newStub(channel).embed(new StatusOf<>(end));
    requests.onNext(header(4, 4, 4, 12));
    Status status = end.get();
    assertThat(status.getCode()).isEqualTo(Status.Code.DEADLINE_EXCEEDED);
    assertThat(status.getDescription()).contains("no part of the scan for 1 s");
    embedsRawVoxels();
  }

  @Test
  void endsABatchThatStallsWithinAScan() throws Exception {
    CompletableFuture<Status> end = new CompletableFuture<>();
    StreamObserver<ScanRequest> requests =
        RadNetGrpc.newStub(channel).embedBatch(new StatusOf<>(end));
    requests.onNext(header(4, 4, 4, 12));
    Status status = end.get(30, java.util.concurrent.TimeUnit.SECONDS);
    assertThat(status.getCode()).isEqualTo(Status.Code.DEADLINE_EXCEEDED);
    assertThat(status.getDescription()).contains("no part of the scan for 1 s");
  }

  @Test
  void refusesMoreScansThanItHolds() throws Exception {
    List<StreamObserver<ScanRequest>> held = new java.util.ArrayList<>();
    List<CompletableFuture<Status>> ends = new java.util.ArrayList<>();
    for (int n = 0; n < 9; n++) {
      CompletableFuture<Status> end = new CompletableFuture<>();
      ends.add(end);
      held.add(RadNetGrpc.newStub(channel).embed(new StatusOf<>(end)));
    }
    Status first = (Status) CompletableFuture.anyOf(ends.toArray(CompletableFuture[]::new)).get();
    assertThat(first.getCode()).isEqualTo(Status.Code.RESOURCE_EXHAUSTED);
    assertThat(first.getDescription()).contains("works on 8 scans; try again later");
    for (StreamObserver<ScanRequest> requests : held) {
      requests.onError(Status.CANCELLED.asException());
    }
    // The places come back once the server has seen the cancellations.
    try (RadNetClient patient =
        RadNetClient.connect("127.0.0.1:" + server.grpcPort(), Duration.ofSeconds(30), 8)) {
      assertThat(patient.embed(new ScanSource.InMemory(uniform(500)), PLAIN).getEmbeddingCount())
          .isEqualTo(3);
    }
  }

  @Test
  void embedsManyScansOnOneCall() throws Exception {
    List<EmbedBatchResponse> answers = new CopyOnWriteArrayList<>();
    CompletableFuture<Status> end = new CompletableFuture<>();
    StreamObserver<ScanRequest> requests =
        RadNetGrpc.newStub(channel)
            .embedBatch(
                new StatusOf<>(end) {
                  @Override
                  public void onNext(EmbedBatchResponse answer) {
                    answers.add(answer);
                  }
                });
    for (int n = 1; n <= 3; n++) {
      requests.onNext(
          ScanRequest.newBuilder()
              .setOptions(ScanOptions.newBuilder().setRequestId("scan " + n))
              .build());
      if (n == 2) {
        requests.onNext(header(4, 4, 4, 12));
      } else {
        new ScanSource.InMemory(uniform(n * 100f)).send(requests::onNext);
      }
      requests.onNext(
          ScanRequest.newBuilder().setEndOfScan(EndOfScan.getDefaultInstance()).build());
    }
    requests.onCompleted();
    assertThat(end.get().isOk()).isTrue();
    assertThat(answers)
        .extracting(EmbedBatchResponse::getRequestId)
        .containsExactly("scan 1", "scan 2", "scan 3");
    assertThat(answers.get(1).getError().getMessage()).contains("0 bytes (expected: 64)");
    assertThat(answers.get(2).getEmbedding().getEmbedding(0)).isCloseTo(0.3f, within(1e-5f));
  }

  @Test
  void saysWhenNoServerAnswers() {
    try (RadNetClient nobody = RadNetClient.connect("127.0.0.1:1", Duration.ofSeconds(5), 1)) {
      assertThatThrownBy(() -> nobody.embed(new ScanSource.InMemory(uniform(1)), PLAIN))
          .hasMessage("127.0.0.1:1: no server answers there (start one with 'radnet serve')");
    }
  }

  /** Keeps how a call ended. */
  private static class StatusOf<T> implements StreamObserver<T> {
    private final CompletableFuture<Status> end;

    StatusOf(CompletableFuture<Status> end) {
      this.end = end;
    }

    @Override
    public void onNext(T answer) {}

    @Override
    public void onError(Throwable failure) {
      end.complete(Status.fromThrowable(failure));
    }

    @Override
    public void onCompleted() {
      end.complete(Status.OK);
    }
  }
}
