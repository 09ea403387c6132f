package io.radnet.server;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.grpc.ChannelCredentials;
import io.grpc.InsecureChannelCredentials;
import io.grpc.ManagedChannel;
import io.grpc.Metadata;
import io.grpc.MethodDescriptor;
import io.grpc.ServerServiceDefinition;
import io.grpc.Status;
import io.grpc.StatusRuntimeException;
import io.grpc.TlsChannelCredentials;
import io.grpc.health.v1.HealthCheckRequest;
import io.grpc.health.v1.HealthCheckResponse.ServingStatus;
import io.grpc.health.v1.HealthGrpc;
import io.grpc.netty.shaded.io.grpc.netty.NettyChannelBuilder;
import io.grpc.protobuf.services.HealthStatusManager;
import io.grpc.protobuf.services.ProtoReflectionServiceV1;
import io.grpc.stub.MetadataUtils;
import io.radnet.imaging.InvalidInputException;
import io.radnet.proto.inference.GRPCInferenceServiceGrpc;
import io.radnet.proto.inference.RepositoryModelUnloadRequest;
import io.radnet.proto.inference.ServerMetadataRequest;
import io.radnet.proto.v1.RadNetGrpc;
import io.radnet.server.model.LoadControl;
import io.radnet.server.security.ClientLimits;
import io.radnet.server.security.MethodPermissions;
import io.radnet.server.security.SecuritySettings;
import io.radnet.server.security.TestPki;
import io.radnet.server.security.TlsFiles;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.security.MessageDigest;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Certificates, tokens, permissions and limits against a real server. */
final class SecurityTest {
  @TempDir private Path folder;
  private TestPki pki;
  private TestPki stranger;
  private TestPki.Identity own;
  private final List<RadNetServer> servers = new ArrayList<>();
  private final List<ManagedChannel> channels = new ArrayList<>();

  @BeforeEach
  void authorities() throws IOException {
    Files.createDirectories(folder.resolve("models"));
    TestModels.labels(folder.resolve("models"), "labels", 1, 1);
    pki = new TestPki(folder, "ours");
    stranger = new TestPki(folder, "stranger");
    own = pki.identity("server");
  }

  @AfterEach
  void stop() {
    channels.forEach(ManagedChannel::shutdownNow);
    servers.forEach(RadNetServer::close);
  }

  private void start(boolean tls, boolean mutual, Optional<Path> tokens, ClientLimits limits)
      throws IOException {
    Optional<TlsFiles> files =
        tls
            ? Optional.of(
                new TlsFiles(
                    own.certificate(),
                    own.key(),
                    mutual ? Optional.of(pki.authority()) : Optional.empty()))
            : Optional.empty();
    servers.add(
        RadNetServer.start(
            ServerConfig.of(folder.resolve("models"))
                .withLoadControl(LoadControl.EXPLICIT, List.of("labels"))
                .withSecurity(new SecuritySettings(files, tokens, false, limits))));
  }

  private RadNetServer server() {
    return servers.get(0);
  }

  private Path tokens(String... lines) throws IOException {
    return Files.writeString(folder.resolve("tokens"), String.join("\n", lines) + "\n");
  }

  private static String token(String name, String role, String token) {
    try {
      return name
          + " "
          + role
          + " "
          + HexFormat.of()
              .formatHex(MessageDigest.getInstance("SHA-256").digest(token.getBytes("UTF-8")));
    } catch (IOException | java.security.NoSuchAlgorithmException impossible) {
      throw new IllegalStateException(impossible);
    }
  }

  private ManagedChannel channel(ChannelCredentials credentials) {
    ManagedChannel channel =
        NettyChannelBuilder.forAddress("127.0.0.1", server().grpcPort(), credentials).build();
    channels.add(channel);
    return channel;
  }

  private ChannelCredentials tls(Path authority, TestPki.Identity... client) throws IOException {
    TlsChannelCredentials.Builder builder =
        TlsChannelCredentials.newBuilder().trustManager(authority.toFile());
    if (client.length > 0) {
      builder.keyManager(client[0].certificate().toFile(), client[0].key().toFile());
    }
    return builder.build();
  }

  private GRPCInferenceServiceGrpc.GRPCInferenceServiceBlockingStub stub(
      ManagedChannel channel, String... token) {
    Metadata headers = new Metadata();
    if (token.length > 0) {
      headers.put(
          Metadata.Key.of("authorization", Metadata.ASCII_STRING_MARSHALLER), "Bearer " + token[0]);
    }
    return GRPCInferenceServiceGrpc.newBlockingStub(channel)
        .withInterceptors(MetadataUtils.newAttachHeadersInterceptor(headers))
        .withDeadlineAfter(20, java.util.concurrent.TimeUnit.SECONDS);
  }

  private Status.Code metadata(ManagedChannel channel, String... token) {
    try {
      stub(channel, token).serverMetadata(ServerMetadataRequest.getDefaultInstance());
      return Status.Code.OK;
    } catch (StatusRuntimeException failure) {
      return failure.getStatus().getCode();
    }
  }

  private static ServingStatus health(ManagedChannel channel) {
    return HealthGrpc.newBlockingStub(channel)
        .check(HealthCheckRequest.getDefaultInstance())
        .getStatus();
  }

  @Test
  void encrypts() throws IOException {
    start(true, false, Optional.empty(), ClientLimits.NONE);
    assertThat(metadata(channel(tls(pki.authority())))).isEqualTo(Status.Code.OK);
    assertThat(metadata(channel(tls(stranger.authority())))).isEqualTo(Status.Code.UNAVAILABLE);
    assertThat(metadata(channel(InsecureChannelCredentials.create())))
        .isEqualTo(Status.Code.UNAVAILABLE);
  }

  @Test
  void asksClientsForTheirCertificate() throws IOException {
    start(true, true, Optional.empty(), ClientLimits.NONE);
    ManagedChannel good = channel(tls(pki.authority(), pki.identity("good")));
    assertThat(metadata(good)).isEqualTo(Status.Code.OK);
    ManagedChannel missing = channel(tls(pki.authority()));
    assertThat(metadata(missing)).isEqualTo(Status.Code.UNAUTHENTICATED);
    assertThat(health(missing)).isEqualTo(ServingStatus.SERVING);
    TestPki.Identity old = pki.identity("old", Duration.ofDays(-9), Duration.ofDays(-1));
    assertThat(metadata(channel(tls(pki.authority(), old)))).isEqualTo(Status.Code.UNAVAILABLE);
    TestPki.Identity foreign = stranger.identity("foreign");
    // The server names its authorities, and a client with a certificate of none of them shows none.
    assertThat(metadata(channel(tls(pki.authority(), foreign))))
        .isIn(Status.Code.UNAUTHENTICATED, Status.Code.UNAVAILABLE);
    assertThatThrownBy(
            () ->
                stub(good)
                    .repositoryModelUnload(
                        RepositoryModelUnloadRequest.newBuilder().setModelName("labels").build()))
        .satisfies(
            failure ->
                assertThat(Status.fromThrowable(failure).getCode())
                    .isEqualTo(Status.Code.PERMISSION_DENIED));
  }

  @Test
  void usesARenewedCertificateForNewConnections() throws IOException {
    start(true, false, Optional.empty(), ClientLimits.NONE);
    assertThat(metadata(channel(tls(stranger.authority())))).isEqualTo(Status.Code.UNAVAILABLE);
    TestPki.Identity renewed = stranger.identity("renewed");
    Files.copy(renewed.certificate(), own.certificate(), StandardCopyOption.REPLACE_EXISTING);
    // Half of a renewal: the certificate without its key. The old pair stays in force.
    server().reloadCertificates();
    assertThat(metadata(channel(tls(pki.authority())))).isEqualTo(Status.Code.OK);
    Files.copy(renewed.key(), own.key(), StandardCopyOption.REPLACE_EXISTING);
    server().reloadCertificates();
    assertThat(metadata(channel(tls(stranger.authority())))).isEqualTo(Status.Code.OK);
  }

  @Test
  void startsWithNoCertificateThatClientsWouldRefuse() {
    own = pki.identity("expired", Duration.ofDays(-9), Duration.ofDays(-1));
    assertThatThrownBy(() -> start(true, false, Optional.empty(), ClientLimits.NONE))
        .isInstanceOf(InvalidInputException.class)
        .hasMessageContaining("expired.pem: the certificate expired at");
    TestPki.Identity other = pki.identity("other");
    own = new TestPki.Identity(other.certificate(), pki.identity("third").key());
    assertThatThrownBy(() -> start(true, false, Optional.empty(), ClientLimits.NONE))
        .hasMessageContaining("third.key: is not the key of");
    own = new TestPki.Identity(other.key(), other.key());
    assertThatThrownBy(() -> start(true, false, Optional.empty(), ClientLimits.NONE))
        .hasMessageContaining("other.key: holds no certificate");
    own = new TestPki.Identity(other.certificate(), other.certificate());
    assertThatThrownBy(() -> start(true, false, Optional.empty(), ClientLimits.NONE))
        .hasMessageContaining("other.pem: holds no private key");
  }

  @Test
  void asksForATokenAndItsRole() throws IOException {
    Path file =
        tokens(
            token("site", "client", "s3"),
            token("chief", "admin", "a1"),
            token("prometheus", "monitor", "m1"),
            token("past", "client", "p1") + " 2020-01-01");
    start(false, false, Optional.of(file), ClientLimits.NONE);
    ManagedChannel channel = channel(InsecureChannelCredentials.create());
    assertThat(health(channel)).isEqualTo(ServingStatus.SERVING);
    assertThat(metadata(channel)).isEqualTo(Status.Code.UNAUTHENTICATED);
    assertThat(metadata(channel, "wrong")).isEqualTo(Status.Code.UNAUTHENTICATED);
    assertThat(metadata(channel, "p1")).isEqualTo(Status.Code.UNAUTHENTICATED);
    assertThat(metadata(channel, "s3")).isEqualTo(Status.Code.OK);
    RepositoryModelUnloadRequest unload =
        RepositoryModelUnloadRequest.newBuilder().setModelName("labels").build();
    assertThatThrownBy(() -> stub(channel, "s3").repositoryModelUnload(unload))
        .hasMessageContaining("PERMISSION_DENIED: the role client may not do this");
    // Rotation: the old token stops, the new one works, no restart.
    tokens(token("site", "client", "s4"), token("chief", "admin", "a1"));
    assertThat(metadata(channel, "s3")).isEqualTo(Status.Code.UNAUTHENTICATED);
    assertThat(metadata(channel, "s4")).isEqualTo(Status.Code.OK);
    stub(channel, "a1").repositoryModelUnload(unload);
  }

  @Test
  void limitsEachClient() throws IOException {
    Path file = tokens(token("one", "client", "o"), token("two", "client", "t"));
    // A burst of one call, and the next a thousand seconds later.
    start(false, false, Optional.of(file), new ClientLimits(0, 0.001));
    ManagedChannel channel = channel(InsecureChannelCredentials.create());
    assertThat(metadata(channel, "o")).isEqualTo(Status.Code.OK);
    assertThat(metadata(channel, "o")).isEqualTo(Status.Code.RESOURCE_EXHAUSTED);
    assertThat(metadata(channel, "t")).isEqualTo(Status.Code.OK);
    assertThat(health(channel)).isEqualTo(ServingStatus.SERVING);
  }

  private int get(int port, String path, String... headers) throws Exception {
    HttpRequest.Builder request =
        HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + port + path));
    if (headers.length > 0) {
      request.headers(headers);
    }
    return HttpClient.newHttpClient()
        .send(request.build(), HttpResponse.BodyHandlers.discarding())
        .statusCode();
  }

  @Test
  void protectsHttpAndMetricsToo() throws Exception {
    Path file = tokens(token("site", "client", "s"), token("prometheus", "monitor", "m"));
    start(false, false, Optional.of(file), ClientLimits.NONE);
    int http = server().httpPort();
    assertThat(get(http, "/v2/health/ready")).isEqualTo(200);
    assertThat(get(http, "/v2/models/labels/ready")).isEqualTo(200);
    assertThat(get(http, "/v2")).isEqualTo(401);
    assertThat(get(http, "/v2", "Authorization", "Bearer s")).isEqualTo(200);
    assertThat(get(http, "/v2", "Authorization", "Basic s")).isEqualTo(401);
    assertThat(get(http, "/v2", "Authorization", "Bearer s", "Origin", "http://elsewhere.example"))
        .isEqualTo(400);
    int metrics = server().metricsPort();
    assertThat(get(metrics, "/metrics")).isEqualTo(401);
    assertThat(get(metrics, "/metrics", "Authorization", "Bearer s")).isEqualTo(403);
    assertThat(get(metrics, "/metrics", "Authorization", "Bearer m")).isEqualTo(200);
  }

  @Test
  void speaksHttps() throws Exception {
    start(true, true, Optional.empty(), ClientLimits.NONE);
    String address = "https://127.0.0.1:" + server().httpPort() + "/v2";
    assertThat(https(address, pki.identity("caller"))).isEqualTo("200");
    assertThat(https(address)).isEqualTo("401");
    assertThat(https("https://127.0.0.1:" + server().metricsPort() + "/metrics")).isEqualTo("401");
    assertThat(https(address + "/health/live")).isEqualTo("200");
  }

  private String https(String address, TestPki.Identity... client) throws Exception {
    javax.net.ssl.SSLContext context = javax.net.ssl.SSLContext.getInstance("TLS");
    var trust = io.grpc.util.AdvancedTlsX509TrustManager.newBuilder().build();
    trust.updateTrustCredentials(pki.authority().toFile());
    var keys = new io.grpc.util.AdvancedTlsX509KeyManager();
    if (client.length > 0) {
      keys.updateIdentityCredentials(client[0].certificate().toFile(), client[0].key().toFile());
    }
    context.init(
        client.length > 0 ? new javax.net.ssl.KeyManager[] {keys} : null,
        new javax.net.ssl.TrustManager[] {trust},
        null);
    return Integer.toString(
        HttpClient.newBuilder()
            .sslContext(context)
            .build()
            .send(
                HttpRequest.newBuilder(URI.create(address)).build(),
                HttpResponse.BodyHandlers.discarding())
            .statusCode());
  }

  @Test
  void everyMethodHasAPermissionOfItsOwn() {
    List<ServerServiceDefinition> services =
        List.of(
            new GRPCInferenceServiceGrpc.GRPCInferenceServiceImplBase() {}.bindService(),
            new RadNetGrpc.RadNetImplBase() {}.bindService(),
            new HealthStatusManager().getHealthService().bindService(),
            ProtoReflectionServiceV1.newInstance().bindService());
    for (ServerServiceDefinition service : services) {
      for (MethodDescriptor<?, ?> method : service.getServiceDescriptor().getMethods()) {
        assertThat(MethodPermissions.listed(method.getFullMethodName()))
            .as(method.getFullMethodName())
            .isTrue();
      }
    }
  }

  @Test
  void refusesAnOpenAddress() {
    ServerConfig open = ServerConfig.of(folder.resolve("models")).withHost("0.0.0.0");
    assertThatThrownBy(() -> RadNetServer.start(open))
        .isInstanceOf(InvalidInputException.class)
        .hasMessageContaining("0.0.0.0 is reached by other machines");
  }
}
