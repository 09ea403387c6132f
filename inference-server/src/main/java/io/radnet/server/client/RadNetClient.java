package io.radnet.server.client;

import com.google.protobuf.ByteString;
import io.grpc.ManagedChannel;
import io.grpc.Metadata;
import io.grpc.Status;
import io.grpc.StatusException;
import io.grpc.StatusRuntimeException;
import io.grpc.netty.shaded.io.grpc.netty.NettyChannelBuilder;
import io.grpc.stub.StreamObserver;
import io.radnet.proto.v1.ClassifyResponse;
import io.radnet.proto.v1.EmbedResponse;
import io.radnet.proto.v1.RadNetGrpc;
import io.radnet.proto.v1.ScanOptions;
import io.radnet.proto.v1.ScanRequest;
import io.radnet.proto.v1.SegmentResponse;
import io.radnet.proto.v1.SegmentResult;
import java.io.IOException;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.time.Duration;
import java.util.OptionalLong;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.TimeUnit;
import java.util.function.BiFunction;
import java.util.function.ObjIntConsumer;
import org.jspecify.annotations.Nullable;

/**
 * Sends whole scans to a server and waits for the answer. A server that is overloaded or not there
 * yet is asked again, with growing pauses. Safe for several threads.
 */
public final class RadNetClient implements AutoCloseable {
  /** The server names a pause in milliseconds here where asking again makes sense. */
  private static final Metadata.Key<String> PUSHBACK =
      Metadata.Key.of("grpc-retry-pushback-ms", Metadata.ASCII_STRING_MARSHALLER);

  private static final int MESSAGE_BYTES = 64 << 20;

  /**
   * Sent but not yet on the connection: a few parts. With gRPC's own 32 KiB the sender would wait
   * for each slice to leave before it reads the next.
   */
  private static final int UNSENT_BYTES = 2 << 20;

  private static final long FIRST_PAUSE_MILLIS = 200;

  private final String server;
  private final ManagedChannel channel;
  private final Duration deadline;
  private final int attempts;

  private RadNetClient(String server, ManagedChannel channel, Duration deadline, int attempts) {
    this.server = server;
    this.channel = channel;
    this.deadline = deadline;
    this.attempts = attempts;
  }

  /**
   * A client without encryption; nothing is sent yet.
   *
   * @param server {@code HOST:PORT}
   * @param deadline of one call, from its first part to the answer
   * @param attempts at least 1
   */
  public static RadNetClient connect(String server, Duration deadline, int attempts) {
    return connect(server, deadline, attempts, ConnectionSecurity.NONE);
  }

  /**
   * A client with encryption or a token; nothing is sent yet.
   *
   * @param server {@code HOST:PORT}
   * @param deadline of one call, from its first part to the answer
   * @param attempts at least 1
   * @param security how the connection is protected
   */
  public static RadNetClient connect(
      String server, Duration deadline, int attempts, ConnectionSecurity security) {
    if (attempts < 1) {
      throw new IllegalArgumentException("attempts: " + attempts + " (expected: >= 1)");
    }
    NettyChannelBuilder channel =
        NettyChannelBuilder.forTarget(server, security.channel())
            .maxInboundMessageSize(MESSAGE_BYTES);
    security.token().ifPresent(channel::intercept);
    return new RadNetClient(server, channel.build(), deadline, attempts);
  }

  /** The embedding of a scan. */
  public EmbedResponse embed(ScanSource scan, ScanOptions options) throws IOException {
    return retried(() -> single(scan, options, RadNetGrpc.RadNetStub::embed));
  }

  /** What the network sees in a scan. */
  public ClassifyResponse classify(ScanSource scan, ScanOptions options) throws IOException {
    return retried(() -> single(scan, options, RadNetGrpc.RadNetStub::classify));
  }

  /**
   * A mask.
   *
   * @param result what the server says of it
   * @param data in the format that was asked for
   */
  public record Mask(SegmentResult result, ByteString data) {}

  /**
   * The mask of a scan in its own geometry.
   *
   * @param progress told the number of all windows and of those done
   */
  public Mask segment(ScanSource scan, ScanOptions options, ObjIntConsumer<Integer> progress)
      throws IOException {
    return retried(
        () -> {
          MaskReceiver receiver = new MaskReceiver(progress);
          SentCall<SegmentResponse> call = new SentCall<>(receiver::accept);
          call.send(stub()::segment, scan, options);
          return receiver.mask();
        });
  }

  private <T> T single(
      ScanSource scan,
      ScanOptions options,
      BiFunction<RadNetGrpc.RadNetStub, StreamObserver<T>, StreamObserver<ScanRequest>> method)
      throws IOException, StatusException {
    Object[] answer = new Object[1];
    SentCall<T> call = new SentCall<>(response -> answer[0] = response);
    RadNetGrpc.RadNetStub stub = stub();
    call.send(responses -> method.apply(stub, responses), scan, options);
    if (answer[0] == null) {
      throw Status.INTERNAL.withDescription("the server sent no answer").asException();
    }
    @SuppressWarnings("unchecked")
    T response = (T) answer[0];
    return response;
  }

  private RadNetGrpc.RadNetStub stub() {
    return RadNetGrpc.newStub(channel)
        .withOnReadyThreshold(UNSENT_BYTES)
        .withDeadlineAfter(deadline.toMillis(), TimeUnit.MILLISECONDS);
  }

  @FunctionalInterface
  private interface Attempt<T> {
    T run() throws IOException, StatusException;
  }

  private <T> T retried(Attempt<T> attempt) throws IOException {
    long pause = FIRST_PAUSE_MILLIS;
    for (int tried = 1; ; tried++) {
      Status status;
      Metadata trailers;
      try {
        return attempt.run();
      } catch (StatusException failure) {
        status = failure.getStatus();
        trailers = failure.getTrailers();
      } catch (StatusRuntimeException failure) {
        status = failure.getStatus();
        trailers = failure.getTrailers();
      }
      OptionalLong wish = pushback(trailers);
      boolean again = wish.isPresent() || status.getCode() == Status.Code.UNAVAILABLE;
      if (tried >= attempts || !again || wish.orElse(0) < 0) {
        throw new CallFailedException(server, status);
      }
      try {
        // Half of the pause is random, so that clients that were refused together come back apart.
        long own = pause / 2 + ThreadLocalRandom.current().nextLong(pause / 2);
        TimeUnit.MILLISECONDS.sleep(Math.max(own, wish.orElse(0)));
      } catch (InterruptedException interrupted) {
        Thread.currentThread().interrupt();
        throw new CallFailedException(server, Status.CANCELLED.withDescription("interrupted"));
      }
      pause *= 2;
    }
  }

  /** The pause that the server wants; negative where asking again makes no sense. */
  private static OptionalLong pushback(@Nullable Metadata trailers) {
    String text = trailers == null ? null : trailers.get(PUSHBACK);
    try {
      return text == null ? OptionalLong.empty() : OptionalLong.of(Long.parseLong(text));
    } catch (NumberFormatException nonsense) {
      return OptionalLong.empty();
    }
  }

  /** Puts the parts of a result together and checks them. */
  private static final class MaskReceiver {
    private final ObjIntConsumer<Integer> progress;
    private SegmentResult result = SegmentResult.getDefaultInstance();
    private ByteString data = ByteString.EMPTY;

    MaskReceiver(ObjIntConsumer<Integer> progress) {
      this.progress = progress;
    }

    void accept(SegmentResponse response) {
      switch (response.getPartCase()) {
        case PROGRESS ->
            progress.accept(
                response.getProgress().getWindows(), response.getProgress().getWindowsDone());
        case RESULT -> result = response.getResult();
        case DATA -> data = data.concat(response.getData());
        case PART_NOT_SET -> {
          // A part of a later version of the service.
        }
      }
    }

    Mask mask() throws StatusException {
      try {
        MessageDigest digest = MessageDigest.getInstance("SHA-256");
        data.asReadOnlyByteBufferList().forEach(digest::update);
        if (result.getSize() != data.size()
            || !ByteString.copyFrom(digest.digest()).equals(result.getSha256())) {
          throw Status.DATA_LOSS.withDescription("the mask arrived damaged").asException();
        }
      } catch (NoSuchAlgorithmException impossible) {
        throw new IllegalStateException("every Java runtime has SHA-256", impossible);
      }
      return new Mask(result, data);
    }
  }

  @Override
  public void close() {
    channel.shutdownNow();
    try {
      channel.awaitTermination(5, TimeUnit.SECONDS);
    } catch (InterruptedException interrupted) {
      Thread.currentThread().interrupt();
    }
  }
}
