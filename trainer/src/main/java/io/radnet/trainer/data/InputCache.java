package io.radnet.trainer.data;

import io.radnet.imaging.AtomicFiles;
import io.radnet.imaging.InvalidInputException;
import io.radnet.imaging.transform.ModelInput;
import io.radnet.imaging.volume.Affine;
import io.radnet.imaging.volume.Geometry;
import java.io.DataOutputStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.Optional;

/**
 * Preprocessed volumes on disk, one file per key, with 8 bits per voxel as in the paper. The key is
 * a checksum of the series' bytes and of the recipe, so a changed scan or recipe misses. Files
 * appear by renaming and are read by mapping: the folder may be deleted at any time, and two
 * processes may share it.
 */
public final class InputCache {
  private static final int MAGIC = 0x52414433;
  private static final int HEADER_BYTES = 4 + 3 * 4 + 8 + 12 * 8;

  private static final int LEVELS = 255;

  /** The value of each byte. */
  private static final float[] VALUES = values();

  private final Path folder;

  /**
   * @param folder made where absent, at the first write
   */
  public InputCache(Path folder) {
    this.folder = folder;
  }

  private static float[] values() {
    float[] values = new float[LEVELS + 1];
    for (int level = 0; level <= LEVELS; level++) {
      values[level] = (float) level / LEVELS;
    }
    return values;
  }

  private Path file(String key) {
    return folder.resolve(key.substring(0, 2)).resolve(key + ".volume");
  }

  /** The volume under {@code key}; empty where there is none, or where its file is cut short. */
  public Optional<ModelInput> read(String key) throws IOException {
    Path file = file(key);
    if (!Files.isRegularFile(file)) {
      return Optional.empty();
    }
    ByteBuffer content;
    try (FileChannel channel = FileChannel.open(file)) {
      content = channel.map(FileChannel.MapMode.READ_ONLY, 0, channel.size());
    } catch (NoSuchFileException deletedMeanwhile) {
      return Optional.empty();
    }
    if (content.remaining() < HEADER_BYTES || content.getInt() != MAGIC) {
      return Optional.empty();
    }
    int depth = content.getInt();
    int height = content.getInt();
    int width = content.getInt();
    double spacingFactor = content.getDouble();
    double[] affine = new double[12];
    for (int i = 0; i < affine.length; i++) {
      affine[i] = content.getDouble();
    }
    if (content.remaining() != (long) depth * height * width) {
      return Optional.empty();
    }
    byte[] bytes = new byte[content.remaining()];
    content.get(bytes);
    float[] values = new float[bytes.length];
    for (int i = 0; i < values.length; i++) {
      values[i] = VALUES[bytes[i] & 0xff];
    }
    return Optional.of(
        new ModelInput(
            new Geometry(width, height, depth, Affine.of(affine)), values, spacingFactor));
  }

  /**
   * Keeps a volume under {@code key}.
   *
   * @return the volume rounded to 8 bits, as {@link #read} gives it back
   * @throws InvalidInputException where a file is in the folder's place
   */
  public ModelInput write(String key, ModelInput input) throws IOException {
    byte[] bytes = new byte[input.values().length];
    float[] rounded = new float[bytes.length];
    for (int i = 0; i < bytes.length; i++) {
      bytes[i] = (byte) Math.round(LEVELS * Math.min(1, Math.max(0, input.values()[i])));
      rounded[i] = VALUES[bytes[i] & 0xff];
    }
    try {
      AtomicFiles.write(
          file(key),
          out -> {
            DataOutputStream data = new DataOutputStream(out);
            data.writeInt(MAGIC);
            data.writeInt(input.geometry().depth());
            data.writeInt(input.geometry().height());
            data.writeInt(input.geometry().width());
            data.writeDouble(input.spacingFactor());
            for (double value : input.geometry().affine().toArray()) {
              data.writeDouble(value);
            }
            data.write(bytes);
            data.flush();
          });
    } catch (NoSuchFileException | FileAlreadyExistsException absent) {
      // The folder went away between two steps of the write: this volume is made again next time.
      if (Files.isRegularFile(folder)) {
        throw new InvalidInputException(
            folder, "is a file (expected: a folder for the cache)", absent);
      }
    }
    return new ModelInput(input.geometry(), rounded, input.spacingFactor());
  }
}
