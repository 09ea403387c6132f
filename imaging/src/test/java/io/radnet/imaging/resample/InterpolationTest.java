package io.radnet.imaging.resample;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import io.radnet.imaging.volume.Affine;
import io.radnet.imaging.volume.Geometry;
import io.radnet.imaging.volume.LabelMap;
import io.radnet.imaging.volume.Voxels;
import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.FloatBuffer;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Random;
import java.util.Scanner;
import java.util.concurrent.ForkJoinPool;
import org.junit.jupiter.api.Test;

/** The interpolations beyond trilinear, against SciPy, PyTorch and analytic volumes. */
final class InterpolationTest {
  private static final Geometry SOURCE = Geometry.axisAligned(11, 9, 6, 1, 1, 1);

  /** One block of {@code golden.txt}, see {@code src/test/scripts/resample_golden.py}. */
  private record Golden(String name, Geometry target, float[] values) {
    static List<Golden> all() throws IOException {
      List<Golden> all = new ArrayList<>();
      try (InputStream file =
              Objects.requireNonNull(InterpolationTest.class.getResourceAsStream("golden.txt"));
          Scanner scanner = new Scanner(file, StandardCharsets.UTF_8)) {
        while (scanner.hasNextLine()) {
          String name = scanner.nextLine();
          double[] size = numbers(scanner.nextLine());
          double[][] rows = new double[3][];
          for (int r = 0; r < 3; r++) {
            rows[2 - r] = numbers(scanner.nextLine()); // from depth, height, width to i, j, k
          }
          double[] affine = new double[12];
          for (int r = 0; r < 3; r++) {
            for (int c = 0; c < 3; c++) {
              affine[r * 4 + c] = rows[r][2 - c];
            }
            affine[r * 4 + 3] = rows[r][3];
          }
          double[] values = numbers(scanner.nextLine());
          float[] floats = new float[values.length];
          for (int n = 0; n < values.length; n++) {
            floats[n] = (float) values[n];
          }
          Geometry target =
              new Geometry((int) size[2], (int) size[1], (int) size[0], Affine.of(affine));
          all.add(new Golden(name, target, floats));
        }
      }
      return all;
    }

    private static double[] numbers(String line) {
      return Arrays.stream(line.split(" ")).mapToDouble(Double::parseDouble).toArray();
    }

    Interpolation interpolation() {
      return switch (name.substring(0, name.concat(" ").indexOf(' '))) {
        case "cubic" -> Interpolation.CUBIC;
        case "linear" -> Interpolation.LINEAR;
        default -> Interpolation.ANTIALIASED;
      };
    }
  }

  /** The volume of the script. */
  private static short[] volume() {
    short[] values = new short[6 * 9 * 11];
    for (int z = 0, n = 0; z < 6; z++) {
      for (int y = 0; y < 9; y++) {
        for (int x = 0; x < 11; x++, n++) {
          values[n] = (short) ((z * 37 + y * 101 + x * 61 + z * y * x * 13) % 257 * 8 - 900);
        }
      }
    }
    return values;
  }

  private static float[] values(ResamplePlan plan, Voxels voxels, Geometry target) {
    float[] out = new float[(int) target.voxels()];
    plan.values(voxels, 1, 0, -7, out, 0, ForkJoinPool.commonPool(), 3);
    return out;
  }

  @Test
  void scipyAndPyTorchGiveTheSame() throws IOException {
    List<Golden> all = Golden.all();
    assertThat(all).hasSize(4);
    for (Golden golden : all) {
      for (Kernel kernel : new Kernel[] {Kernel.fastest(), new ScalarKernel()}) {
        ResamplePlan plan =
            ResamplePlan.of(SOURCE, golden.target(), golden.interpolation(), kernel);
        float[] out = values(plan, new Voxels.Int16(volume()), golden.target());
        for (int n = 0; n < out.length; n++) {
          assertThat(out[n])
              .as("%s, voxel %s", golden.name(), n)
              .isCloseTo(golden.values()[n], within(0.02f)); // of values up to 1,148
        }
      }
    }
  }

  @Test
  void kernelsAgreeToTheLastBitAndSplinesPassThroughTheSamples() {
    Random random = new Random(5);
    for (int round = 0; round < 40; round++) {
      Geometry source =
          Geometry.axisAligned(
              1 + random.nextInt(50), 1 + random.nextInt(30), 1 + random.nextInt(12), 1, 1, 1);
      short[] values = new short[(int) source.voxels()];
      for (int n = 0; n < values.length; n++) {
        values[n] = (short) (random.nextInt(4000) - 1000);
      }
      Voxels voxels = new Voxels.Int16(values);
      Geometry target =
          new Geometry(
              1 + random.nextInt(60),
              1 + random.nextInt(20),
              1 + random.nextInt(9),
              Affine.of(
                  0.3 + random.nextDouble(), 0, 0, -1, 0, 1.7, 0, 0.2, 0, 0, -0.9, source.depth()));
      for (Interpolation interpolation : Interpolation.values()) {
        float[] fastest = values(ResamplePlan.of(source, target, interpolation), voxels, target);
        float[] scalar =
            values(
                ResamplePlan.of(source, target, interpolation, new ScalarKernel()), voxels, target);
        assertThat(fastest).as("%s", interpolation).isEqualTo(scalar);
      }
      for (Interpolation interpolation : Interpolation.values()) {
        float[] same = values(ResamplePlan.of(source, source, interpolation), voxels, source);
        for (int n = 0; n < same.length; n++) {
          assertThat(same[n]).as("%s", interpolation).isCloseTo(values[n], within(0.02f));
        }
      }
    }
  }

  @Test
  void aRampComesBackExactAwayFromTheBorder() {
    Geometry source = Geometry.axisAligned(40, 40, 40, 1, 1, 1);
    float[] ramp = new float[64000];
    for (int n = 0; n < ramp.length; n++) {
      ramp[n] = n % 40 - 2 * (n / 40 % 40) + 3 * (n / 1600);
    }
    Geometry target =
        new Geometry(9, 8, 7, Affine.of(1.3, 0, 0, 13.1, 0, 0.7, 0, 14.2, 0, 0, 1.9, 13.4));
    for (Interpolation interpolation :
        new Interpolation[] {
          Interpolation.LINEAR, Interpolation.CUBIC, Interpolation.ANTIALIASED
        }) {
      float[] out =
          values(ResamplePlan.of(source, target, interpolation), new Voxels.Float32(ramp), target);
      for (int n = 0; n < out.length; n++) {
        double[] p = target.affine().apply(n % 9, n / 9 % 8, n / 72);
        // a discretised triangle is symmetric only around voxel centres: up to 0.05 voxel
        assertThat((double) out[n])
            .as("%s", interpolation)
            .isCloseTo(
                p[0] - 2 * p[1] + 3 * p[2],
                within(interpolation == Interpolation.ANTIALIASED ? 0.3 : 1e-3));
      }
    }
  }

  @Test
  void nearestIsTheReferenceForMasks() {
    Random random = new Random(9);
    byte[] labels = new byte[SOURCE.width() * SOURCE.height() * SOURCE.depth()];
    for (int n = 0; n < labels.length; n++) {
      labels[n] = (byte) random.nextInt(5);
    }
    Geometry straight =
        new Geometry(17, 5, 9, Affine.of(0.7, 0, 0, -0.413, 0, 2.1, 0, 0.317, 0, 0, 0.8, -0.457));
    Geometry turned =
        new Geometry(
            9, 9, 5, Affine.of(0.9, 0.31, 0, 0.713, -0.3, 0.9, 0.1, 2.117, 0, 0.1, 1.1, 0.219));
    for (Geometry target : List.of(straight, turned)) {
      byte[] expected = Resampler.resample(new LabelMap(SOURCE, labels, Map.of()), target).labels();
      float[] out = new float[expected.length];
      ResamplePlan.of(SOURCE, target, Interpolation.NEAREST)
          .values(new Voxels.UInt8(labels), 1, 0, 0, out, 0, Runnable::run, 1);
      for (int n = 0; n < out.length; n++) {
        assertThat(out[n]).isEqualTo(expected[n]);
      }
    }
  }

  @Test
  void everyOutputGetsTheSame() {
    Voxels voxels = new Voxels.Int16(volume());
    Geometry target =
        new Geometry(13, 7, 5, Affine.of(0.9, 0, 0, -0.8, 0, 1.2, 0, 0, 0, 0, 1.1, 0.3));
    Geometry turned =
        new Geometry(9, 9, 5, Affine.of(0.9, 0.3, 0, 0.7, -0.3, 0.9, 0.1, 2.1, 0, 0.1, 1.1, 0.2));
    for (Geometry grid : List.of(target, turned)) {
      for (Interpolation interpolation : List.of(Interpolation.LINEAR, Interpolation.CUBIC)) {
        ResamplePlan plan = ResamplePlan.of(SOURCE, grid, interpolation);
        int count = (int) grid.voxels();
        float[] floats = new float[count];
        plan.apply(voxels, 1, 0, -500, 700, floats, 0, Runnable::run, 1);
        FloatBuffer direct =
            ByteBuffer.allocateDirect(4 * (count + 2))
                .order(ByteOrder.nativeOrder())
                .asFloatBuffer();
        plan.apply(
            voxels,
            1,
            0,
            -500,
            700,
            new Output.FloatsBuffer(direct, 2),
            ForkJoinPool.commonPool(),
            2);
        byte[] bytes = new byte[count];
        plan.apply(voxels, 1, 0, -500, 700, new Output.Bytes(bytes, 0), Runnable::run, 1);
        ByteBuffer buffer = ByteBuffer.allocate(count);
        plan.apply(voxels, 1, 0, -500, 700, new Output.BytesBuffer(buffer, 0), Runnable::run, 1);
        assertThat(direct.get(0)).isZero();
        for (int n = 0; n < count; n++) {
          assertThat(direct.get(n + 2)).isEqualTo(floats[n]);
          assertThat(bytes[n] & 0xff).isEqualTo(Math.round(floats[n] * 255));
          assertThat(buffer.get(n)).isEqualTo(bytes[n]);
        }
        assertThatThrownBy(
                () -> plan.apply(voxels, 1, 0, 0, 1, new Output.Bytes(bytes, 1), Runnable::run, 1))
            .hasMessageContaining("room: " + (count - 1) + " (expected: >= " + count + ")");
      }
    }
  }

  @Test
  void antialiasedObliqueIsRefused() {
    Geometry turned =
        new Geometry(9, 9, 5, Affine.of(0.9, 0.3, 0, 0.7, -0.3, 0.9, 0.1, 2.1, 0, 0.1, 1.1, 0.2));
    assertThatThrownBy(() -> ResamplePlan.of(SOURCE, turned, Interpolation.ANTIALIASED))
        .hasMessageContaining("axes");
  }
}
