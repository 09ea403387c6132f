package io.radnet.exporter;

import io.radnet.exporter.runtime.OnnxSession;
import io.radnet.exporter.runtime.OnnxSession.Input;
import io.radnet.imaging.transform.Recipe;
import io.radnet.imaging.transform.Recipe.Intensity;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.FloatBuffer;
import java.nio.ShortBuffer;
import java.util.List;

/**
 * Samples as an exported model takes them: values in [0, 1], or stored values of 16 bits.
 *
 * @param raw whether the model takes stored values
 * @param withRange whether it takes the range of those as well
 * @param lower the stored value that becomes 0
 * @param upper the stored value that becomes 1
 */
record ModelInputs(boolean raw, boolean withRange, double lower, double upper) {
  // Any range does where the recipe leaves it to the scan: that of 12 bits.
  private static final double OTHERWISE = 4095;

  static ModelInputs of(Recipe recipe, boolean raw) {
    Intensity intensity = recipe.intensity();
    return intensity.kind() == Intensity.Kind.WINDOW
        ? new ModelInputs(raw, false, intensity.lower(), intensity.upper())
        : new ModelInputs(raw, raw, 0, OTHERWISE);
  }

  /** The sample with values that a stored value stands for, where the model takes those. */
  Sample storable(Sample sample) {
    if (!raw) {
      return sample;
    }
    float[] values = new float[sample.values().length];
    for (int i = 0; i < values.length; i++) {
      double share = (stored(sample.values()[i]) - lower) / (upper - lower);
      values[i] = (float) Math.min(1, Math.max(0, share));
    }
    return new Sample(sample.source(), sample.grid(), values);
  }

  private short stored(float share) {
    double value = Math.rint(lower + share * (upper - lower));
    return (short) Math.min(Short.MAX_VALUE, Math.max(Short.MIN_VALUE, value));
  }

  /** One batch of samples of the same grid. */
  List<Input> batch(List<Sample> samples) {
    List<Integer> grid = samples.get(0).grid();
    long[] shape = {samples.size(), 1, grid.get(0), grid.get(1), grid.get(2)};
    if (!raw) {
      return List.of(new Input(NetworkGraph.INPUT, direct(samples), shape));
    }
    Input volume = new Input(NetworkGraph.INPUT, stored(samples), shape);
    if (!withRange) {
      return List.of(volume);
    }
    FloatBuffer range = OnnxSession.directBuffer(2 * samples.size());
    samples.forEach(sample -> range.put((float) lower).put((float) upper));
    return List.of(volume, new Input(ClientStages.RANGE, range.rewind(), samples.size(), 2));
  }

  private ShortBuffer stored(List<Sample> samples) {
    int each = samples.get(0).values().length;
    ShortBuffer buffer =
        ByteBuffer.allocateDirect(Math.multiplyExact(each * Short.BYTES, samples.size()))
            .order(ByteOrder.nativeOrder())
            .asShortBuffer();
    for (Sample sample : samples) {
      for (float value : sample.values()) {
        buffer.put(stored(value));
      }
    }
    return buffer.rewind();
  }

  /** The values of samples one after the other. */
  static FloatBuffer direct(List<Sample> samples) {
    int each = samples.get(0).values().length;
    FloatBuffer buffer = OnnxSession.directBuffer(Math.multiplyExact(each, samples.size()));
    samples.forEach(sample -> buffer.put(sample.values()));
    return buffer.rewind();
  }
}
