package io.radnet.server;

import io.grpc.BindableService;
import io.grpc.InsecureServerCredentials;
import io.grpc.MethodDescriptor;
import io.grpc.Server;
import io.grpc.ServerCredentials;
import io.grpc.ServerInterceptor;
import io.grpc.ServerMethodDefinition;
import io.grpc.ServerServiceDefinition;
import io.grpc.ServiceDescriptor;
import io.grpc.TlsServerCredentials;
import io.grpc.netty.shaded.io.grpc.netty.NettyServerBuilder;
import io.radnet.imaging.InvalidInputException;
import io.radnet.proto.inference.ModelInferRequest;
import io.radnet.server.security.ServerTls;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;

/** The gRPC port: transport security, limits of the transport, and the threads of its calls. */
final class GrpcEndpoint implements AutoCloseable {
  private static final long GOODBYE_NANOS = TimeUnit.SECONDS.toNanos(1);

  /** A tensor arrives without waiting for the sender to be told that there is room for more. */
  private static final int WINDOW_BYTES = 8 << 20;

  /**
   * Calls of one connection at a time, the least that HTTP/2 recommends; a client keeps the next
   * ones back. Each can hold a request that is on its way, as large as one may be.
   */
  static final int MOST_CALLS = 100;

  private final Server server;
  private final ExecutorService calls;

  private GrpcEndpoint(Server server, ExecutorService calls) {
    this.server = server;
    this.calls = calls;
  }

  /**
   * Listens.
   *
   * @param arrival ends calls whose request does not arrive
   * @param interceptor sees each call before all others
   * @param memory where large requests are read to; whoever answers one releases it
   * @throws InvalidInputException where the port is in use
   */
  static GrpcEndpoint start(
      ServerConfig config,
      Optional<ServerTls> tls,
      ArrivalWatch arrival,
      ServerInterceptor interceptor,
      RequestMemory memory,
      List<? extends BindableService> services)
      throws IOException {
    ExecutorService calls =
        Executors.newFixedThreadPool(
            Math.max(4, 2 * Runtime.getRuntime().availableProcessors()),
            RadNetServer.named("grpc", new AtomicInteger()));
    NettyServerBuilder builder =
        NettyServerBuilder.forAddress(
                new InetSocketAddress(config.host(), config.grpcPort()), credentials(tls))
            // The one that is added last is the first to see a call.
            .intercept(arrival)
            .intercept(interceptor)
            .addStreamTracerFactory(arrival)
            .maxConcurrentCallsPerConnection(MOST_CALLS)
            .executor(calls)
            .maxInboundMessageSize(config.messageBytes())
            .flowControlWindow(WINDOW_BYTES)
            // A connection whose other side is gone without a word ends, and its calls with it.
            .keepAliveTime(1, TimeUnit.MINUTES)
            .permitKeepAliveTime(10, TimeUnit.SECONDS)
            .permitKeepAliveWithoutCalls(true);
    services.forEach(service -> builder.addService(tensorsInPlace(service.bindService(), memory)));
    try {
      return new GrpcEndpoint(builder.build().start(), calls);
    } catch (IOException busy) {
      calls.shutdownNow();
      throw HttpEndpoint.busy(config.host(), config.grpcPort(), "--grpc-port", busy);
    }
  }

  private static ServerCredentials credentials(Optional<ServerTls> tls) {
    if (tls.isEmpty()) {
      return InsecureServerCredentials.create();
    }
    TlsServerCredentials.Builder credentials =
        TlsServerCredentials.newBuilder().keyManager(tls.get().keyManager());
    // Optional, since a health check shows none; the interceptor asks all others for theirs.
    tls.get()
        .trustManager()
        .ifPresent(
            trust ->
                credentials
                    .trustManager(trust)
                    .clientAuth(TlsServerCredentials.ClientAuth.OPTIONAL));
    return credentials.build();
  }

  /** The same service, with {@link RequestMarshaller} wherever a method takes tensors. */
  private static ServerServiceDefinition tensorsInPlace(
      ServerServiceDefinition service, RequestMemory memory) {
    List<ServerMethodDefinition<?, ?>> methods =
        service.getMethods().stream()
            .<ServerMethodDefinition<?, ?>>map(method -> tensorsInPlace(method, memory))
            .toList();
    ServiceDescriptor.Builder descriptor =
        ServiceDescriptor.newBuilder(service.getServiceDescriptor().getName())
            .setSchemaDescriptor(service.getServiceDescriptor().getSchemaDescriptor());
    methods.forEach(method -> descriptor.addMethod(method.getMethodDescriptor()));
    ServerServiceDefinition.Builder definition =
        ServerServiceDefinition.builder(descriptor.build());
    methods.forEach(definition::addMethod);
    return definition.build();
  }

  private static <T, R> ServerMethodDefinition<T, R> tensorsInPlace(
      ServerMethodDefinition<T, R> method, RequestMemory memory) {
    MethodDescriptor<T, R> descriptor = method.getMethodDescriptor();
    if (!(descriptor.getRequestMarshaller() instanceof MethodDescriptor.ReflectableMarshaller<T> m)
        || m.getMessageClass() != ModelInferRequest.class) {
      return method;
    }
    @SuppressWarnings("unchecked") // T is ModelInferRequest
    MethodDescriptor.Marshaller<T> inPlace =
        (MethodDescriptor.Marshaller<T>) new RequestMarshaller(memory);
    return ServerMethodDefinition.create(
        descriptor.toBuilder(inPlace, descriptor.getResponseMarshaller()).build(),
        method.getServerCallHandler());
  }

  /** The port that is listened on. */
  int port() {
    return server.getPort();
  }

  /** Refuses new calls. */
  void refuseMore() {
    server.shutdown();
  }

  /** Waits a moment for the last answers to leave; a health check that watches may stay. */
  void sayGoodbye() throws InterruptedException {
    server.awaitTermination(GOODBYE_NANOS, TimeUnit.NANOSECONDS);
  }

  /** Waits until the endpoint is closed. */
  void awaitTermination() throws InterruptedException {
    server.awaitTermination();
  }

  /** Breaks off what is under way. */
  @Override
  public void close() {
    server.shutdownNow();
    try {
      sayGoodbye();
    } catch (InterruptedException interrupted) {
      Thread.currentThread().interrupt();
    } finally {
      calls.shutdownNow();
    }
  }
}
