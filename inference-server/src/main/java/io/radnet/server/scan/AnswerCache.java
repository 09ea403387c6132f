package io.radnet.server.scan;

import com.github.benmanes.caffeine.cache.Cache;
import com.github.benmanes.caffeine.cache.Caffeine;
import com.google.protobuf.ByteString;
import io.radnet.imaging.volume.Geometry;
import io.radnet.imaging.volume.LabelMap;
import io.radnet.imaging.volume.Volume;
import io.radnet.imaging.volume.Voxels;
import io.radnet.proto.v1.SegmentOptions;
import io.radnet.server.model.Tensor;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.function.Supplier;

/**
 * Answers of the networks for scans that come again, in memory. An answer is found by the SHA-256
 * of the voxels with their geometry and scale, of the model's file, and of the options; what is
 * made from headers is never kept. Safe for several threads; two equal scans at the same time are
 * both computed.
 */
public final class AnswerCache {
  private static final int CHUNK = 1 << 16;

  private sealed interface Answer {
    long bytes();

    record Labels(Map<String, Tensor> outputs) implements Answer {
      @Override
      public long bytes() {
        return outputs.values().stream().mapToLong(each -> each.data().remaining()).sum();
      }
    }

    record Mask(LabelMap mask) implements Answer {
      @Override
      public long bytes() {
        return mask.labels().length;
      }
    }
  }

  private final Optional<Cache<ByteString, Answer>> kept;

  /**
   * @param bytes of the answers together; 0 keeps none
   */
  AnswerCache(long bytes) {
    kept =
        bytes == 0
            ? Optional.empty()
            : Optional.of(
                Caffeine.newBuilder()
                    .maximumWeight(bytes)
                    .weigher(
                        (ByteString key, Answer answer) ->
                            (int) Math.min(Integer.MAX_VALUE, key.size() + answer.bytes()))
                    .recordStats()
                    .build());
  }

  /** Scans whose answer was here. */
  public long hits() {
    return kept.map(cache -> cache.stats().hitCount()).orElse(0L);
  }

  /** Scans whose answer was not here. */
  public long misses() {
    return kept.map(cache -> cache.stats().missCount()).orElse(0L);
  }

  /** The outputs of a labels model. */
  Map<String, Tensor> labels(
      ScanJob job, ReadyScan scan, Supplier<Map<String, Tensor>> computation) {
    if (kept.isEmpty()) {
      return computation.get();
    }
    ByteString key = key(job, scan, ByteString.EMPTY);
    if (kept.get().getIfPresent(key) instanceof Answer.Labels found) {
      found(job);
      return found.outputs();
    }
    Map<String, Tensor> outputs = new HashMap<>();
    computation.get().forEach((name, tensor) -> outputs.put(name, copy(tensor)));
    kept.get().put(key, new Answer.Labels(Map.copyOf(outputs)));
    return outputs;
  }

  /** The mask of a segmentation model; the caller must not change it. */
  LabelMap mask(
      ScanJob job, ReadyScan scan, SegmentOptions options, Supplier<LabelMap> computation) {
    if (kept.isEmpty()) {
      return computation.get();
    }
    // The format and the patient's part come after the network.
    SegmentOptions decisive = options.toBuilder().clearFormat().clearKeepPatient().build();
    ByteString key = key(job, scan, decisive.toByteString());
    if (kept.get().getIfPresent(key) instanceof Answer.Mask found) {
      found(job);
      return found.mask();
    }
    LabelMap mask = computation.get();
    kept.get().put(key, new Answer.Mask(mask));
    return mask;
  }

  private static void found(ScanJob job) {
    job.prepared();
    job.inferred();
  }

  /** Outside the memory of a session, which is used again. */
  private static Tensor copy(Tensor tensor) {
    ByteBuffer values = ByteBuffer.allocate(tensor.data().remaining());
    values.put(tensor.data().duplicate()).flip();
    return new Tensor(tensor.name(), tensor.type(), tensor.shape(), values);
  }

  private static ByteString key(ScanJob job, ReadyScan scan, ByteString options) {
    MessageDigest digest = sha256();
    String model = job.model().name() + "/" + job.model().version() + "/" + job.model().sha256();
    digest.update(model.getBytes(StandardCharsets.UTF_8));
    digest.update((byte) 0);
    digest.update(options.toByteArray());
    Volume volume = scan.volume();
    Geometry grid = volume.geometry();
    double[] affine = grid.affine().toArray();
    ByteBuffer numbers = ByteBuffer.allocate((5 + affine.length) * Double.BYTES);
    numbers.putDouble(grid.width()).putDouble(grid.height()).putDouble(grid.depth());
    numbers.putDouble(volume.slope()).putDouble(volume.intercept());
    for (double each : affine) {
      numbers.putDouble(each);
    }
    digest.update(numbers.flip());
    update(digest, volume.voxels());
    return ByteString.copyFrom(digest.digest());
  }

  private static void update(MessageDigest digest, Voxels voxels) {
    if (voxels instanceof Voxels.UInt8 bytes) {
      digest.update(bytes.values());
      return;
    }
    boolean shorts = voxels instanceof Voxels.Int16;
    int size = shorts ? Short.BYTES : Float.BYTES;
    ByteBuffer chunk = ByteBuffer.allocate(CHUNK);
    for (int from = 0; from < voxels.length(); from += CHUNK / size) {
      int count = Math.min(CHUNK / size, voxels.length() - from);
      chunk.clear();
      if (voxels instanceof Voxels.Int16 stored) {
        chunk.asShortBuffer().put(stored.values(), from, count);
      } else if (voxels instanceof Voxels.Float32 stored) {
        chunk.asFloatBuffer().put(stored.values(), from, count);
      }
      digest.update(chunk.limit(count * size));
    }
  }

  private static MessageDigest sha256() {
    try {
      return MessageDigest.getInstance("SHA-256");
    } catch (NoSuchAlgorithmException impossible) {
      throw new IllegalStateException("every Java runtime has SHA-256", impossible);
    }
  }
}
