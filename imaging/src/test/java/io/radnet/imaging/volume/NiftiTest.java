package io.radnet.imaging.volume;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

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
  void gridsAreInMillimetresWhateverTheUnit() throws IOException {
    byte[] bytes = nifti();
    for (double[] unit : new double[][] {{0, 1}, {1, 1000}, {2, 1}, {3, 1e-3}}) {
      bytes[123] = (byte) (8 | (int) unit[0]); // seconds beside it
      Geometry read =
          NiftiReader.read(new ByteArrayInputStream(bytes), "u").volumes().get(0).geometry();
      assertThat(read.spacing(2)).isCloseTo(GRID.spacing(2) * unit[1], within(1e-4 * unit[1]));
    }
  }

  @Test
  void anEmptyMatrixLeavesTheQuaternionAndAnEmptyPixelSizeIsOne() throws IOException {
    Geometry upright = Geometry.axisAligned(5, 4, 3, 2, 3, 4);
    NiftiWriter.write(folder.resolve("q.nii"), Volume.of(upright, new float[60]));
    byte[] bytes = Files.readAllBytes(folder.resolve("q.nii"));
    ByteBuffer header = ByteBuffer.wrap(bytes).order(ByteOrder.LITTLE_ENDIAN);
    for (int i = 0; i < 12; i++) {
      header.putFloat(280 + 4 * i, 0);
    }
    Volume read = NiftiReader.read(new ByteArrayInputStream(bytes), "q").volumes().get(0);
    assertThat(read.geometry().matches(upright, 1e-4)).isTrue();
    header.putShort(252, (short) 0).putShort(254, (short) 0).putFloat(88, 0);
    read = NiftiReader.read(new ByteArrayInputStream(bytes), "q").volumes().get(0);
    assertThat(read.geometry().spacing(2)).isEqualTo(1);
  }

  private byte[] nifti() throws IOException {
    NiftiWriter.write(folder.resolve("u.nii"), Volume.of(GRID, new float[60]));
    return Files.readAllBytes(folder.resolve("u.nii"));
  }

  @Test
  void aMaskOfSeveralVolumesIsRefused() throws IOException {
    byte[] one = new byte[60];
    NiftiWriter.write(folder.resolve("m.nii"), new LabelMap(GRID, one, Map.of()));
    byte[] bytes = Arrays.copyOf(Files.readAllBytes(folder.resolve("m.nii")), 352 + 120);
    ByteBuffer header = ByteBuffer.wrap(bytes).order(ByteOrder.LITTLE_ENDIAN);
    header.putShort(40, (short) 4).putShort(48, (short) 2);
    Path file = Files.write(folder.resolve("m4.nii"), bytes);
    assertThatThrownBy(() -> NiftiReader.readLabels(file))
        .isInstanceOf(InvalidInputException.class)
        .hasMessageContaining("volumes in a mask: 2 (expected: 1");
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
