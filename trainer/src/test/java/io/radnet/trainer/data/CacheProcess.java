package io.radnet.trainer.data;

import io.radnet.imaging.transform.ModelInput;
import io.radnet.imaging.volume.Affine;
import io.radnet.imaging.volume.Geometry;
import java.nio.file.Path;
import java.util.Locale;
import java.util.Optional;

/**
 * Reads or makes the same volumes of a shared cache again and again, as a process of its own; ends
 * with exit code 1 at the first answer that is wrong.
 */
final class CacheProcess {
  private static final int VOLUMES = 24;
  private static final Geometry GRID =
      new Geometry(32, 32, 16, Affine.of(1, 0, 0, 0, 0, 1, 0, 0, 0, 0, 2, 0));

  private CacheProcess() {}

  public static void main(String[] args) throws Exception {
    int found = work(new InputCache(Path.of(args[0])), Integer.parseInt(args[1]));
    System.out.println("found " + found);
  }

  /** How often a volume was there already. */
  static int work(InputCache cache, int rounds) throws Exception {
    int found = 0;
    for (int round = 0; round < rounds; round++) {
      for (int volume = 0; volume < VOLUMES; volume++) {
        String key = String.format(Locale.ROOT, "%02x-volume", volume);
        Optional<ModelInput> cached = cache.read(key);
        found += cached.isPresent() ? 1 : 0;
        check(cached.isPresent() ? cached.get() : cache.write(key, input(volume)), volume);
      }
    }
    return found;
  }

  private static ModelInput input(int volume) {
    float[] values = new float[Math.toIntExact(GRID.voxels())];
    for (int v = 0; v < values.length; v++) {
      values[v] = (v + 7 * volume) % 256 / 255f;
    }
    return new ModelInput(GRID, values, 1 + volume % 3);
  }

  private static void check(ModelInput actual, int volume) {
    ModelInput expected = input(volume);
    if (actual.spacingFactor() != expected.spacingFactor()
        || !actual.geometry().matches(GRID, 1e-9)
        || !java.util.Arrays.equals(actual.values(), expected.values())) {
      throw new IllegalStateException("volume " + volume + " is not what was kept");
    }
  }
}
