package io.radnet.imaging.volume;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.radnet.imaging.InvalidInputException;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Map;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class NiftiTest {
  private static final Affine OBLIQUE =
      Affine.of(0.7, -0.1, 0.3, -12, 0.1, 0.8, -0.2, 30, -0.05, 0.1, 2.9, 45);
  private static final Geometry GRID = new Geometry(5, 4, 3, OBLIQUE);

  @TempDir private Path folder;

  @Test
  void volumesOfEveryKindComeBack() throws IOException {
    Random random = new Random(1);
    short[] shorts = new short[60];
    byte[] bytes = new byte[60];
    float[] floats = new float[60];
    for (int i = 0; i < 60; i++) {
      shorts[i] = (short) random.nextInt();
      bytes[i] = (byte) random.nextInt();
      floats[i] = random.nextFloat();
    }
    for (Voxels voxels :
        new Voxels[] {
          new Voxels.Int16(shorts), new Voxels.UInt8(bytes), new Voxels.Float32(floats)
        }) {
      for (String name : new String[] {"a.nii", "a.nii.gz"}) {
        Volume volume = new Volume(GRID, voxels, 0.5, -3);
        NiftiWriter.write(folder.resolve(name), volume);
        Volume read = NiftiReader.read(folder.resolve(name)).volumes().get(0);
        assertThat(read.geometry().matches(GRID, 1e-4)).isTrue();
        for (int i = 0; i < 60; i++) {
          assertThat(read.value(i)).isEqualTo(volume.value(i));
        }
      }
    }
  }

  @Test
  void theQuaternionGivesTheSameGridAsTheMatrix() throws IOException {
    double angle = 0.4;
    double cos = Math.cos(angle);
    double sin = Math.sin(angle);
    for (double flip : new double[] {1, -1}) {
      Geometry rotated =
          new Geometry(
              4,
              5,
              6,
              Affine.of(2 * cos, -3 * sin, 0, 1, 2 * sin, 3 * cos, 0, 2, 0, 0, flip * 4, 3));
      Path file = folder.resolve("q.nii");
      NiftiWriter.write(file, Volume.of(rotated, new float[120]));
      byte[] bytes = Files.readAllBytes(file);
      ByteBuffer.wrap(bytes).order(ByteOrder.LITTLE_ENDIAN).putShort(254, (short) 0);
      Volume read = NiftiReader.read(new ByteArrayInputStream(bytes), "q").volumes().get(0);
      assertThat(read.geometry().matches(rotated, 1e-4)).isTrue();
    }
  }

  @Test
  void theSameVolumeGivesTheSameBytes() throws IOException {
    Volume volume = Volume.of(GRID, new float[60]);
    NiftiWriter.write(folder.resolve("a.nii.gz"), volume);
    NiftiWriter.write(folder.resolve("b.nii.gz"), volume);
    assertThat(folder.resolve("a.nii.gz")).hasSameBinaryContentAs(folder.resolve("b.nii.gz"));
  }

  @Test
  void masksAreWholeNumbers() throws IOException {
    byte[] labels = new byte[60];
    labels[7] = (byte) 200;
    NiftiWriter.write(folder.resolve("m.nii.gz"), new LabelMap(GRID, labels, Map.of()));
    assertThat(NiftiReader.readLabels(folder.resolve("m.nii.gz")).labels()).isEqualTo(labels);
    NiftiWriter.write(folder.resolve("f.nii"), new Volume(GRID, new Voxels.UInt8(labels), 0.3, 0));
    assertThatThrownBy(() -> NiftiReader.readLabels(folder.resolve("f.nii")))
        .isInstanceOf(InvalidInputException.class)
        .hasMessageContaining("expected: whole numbers");
  }

  @Test
  void damagedFilesSayWhatIsWrong() throws IOException {
    NiftiWriter.write(folder.resolve("a.nii"), Volume.of(GRID, new float[60]));
    byte[] bytes = Files.readAllBytes(folder.resolve("a.nii"));
    assertThatThrownBy(
            () -> NiftiReader.read(new ByteArrayInputStream(Arrays.copyOf(bytes, 400)), "x.nii"))
        .isInstanceOf(InvalidInputException.class)
        .hasMessage("x.nii: NIfTI data are cut off or damaged");
    assertThatThrownBy(() -> NiftiReader.read(new ByteArrayInputStream(new byte[500]), "x.nii"))
        .isInstanceOf(InvalidInputException.class)
        .hasMessage("x.nii: no NIfTI-1 file");
    byte[] empty = bytes.clone();
    empty[42] = 0;
    assertThatThrownBy(() -> NiftiReader.read(new ByteArrayInputStream(empty), "x.nii"))
        .isInstanceOf(InvalidInputException.class)
        .hasMessageContaining("axis 1: 0");
  }
}
