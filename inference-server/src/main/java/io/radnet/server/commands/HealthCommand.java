package io.radnet.server.commands;

import io.grpc.ManagedChannel;
import io.grpc.StatusRuntimeException;
import io.grpc.health.v1.HealthCheckRequest;
import io.grpc.health.v1.HealthCheckResponse.ServingStatus;
import io.grpc.health.v1.HealthGrpc;
import io.grpc.netty.shaded.io.grpc.netty.NettyChannelBuilder;
import io.radnet.imaging.InvalidInputException;
import io.radnet.imaging.cli.VerboseOption;
import io.radnet.server.client.ConnectionSecurity;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Optional;
import java.util.concurrent.Callable;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** {@code radnet health}: exit code 0 where a server is ready to answer, for container checks. */
@Command(name = "health", description = "Ask a server whether it is ready; exit code 0 if so.")
final class HealthCommand implements Callable<Integer> {
  private static final int SECONDS = 4;

  @Spec private CommandSpec spec;
  @Mixin private VerboseOption verbose;

  @Option(
      names = "--server",
      paramLabel = "HOST:PORT",
      defaultValue = "127.0.0.1:8001",
      description = "The server (default: ${DEFAULT-VALUE}).")
  private String server;

  @Option(
      names = "--tls-ca",
      paramLabel = "FILE",
      description = "Authorities of the server's certificate (PEM); the connection uses TLS then.")
  private @Nullable Path authorities;

  @Override
  public Integer call() throws Exception {
    if (!server.matches(".+:[0-9]{1,5}")) {
      throw new InvalidInputException("--server", server + " (expected: HOST:PORT)");
    }
    ConnectionSecurity security =
        ConnectionSecurity.of(
            Optional.ofNullable(authorities), Optional.empty(), Optional.empty(), Optional.empty());
    ManagedChannel channel = NettyChannelBuilder.forTarget(server, security.channel()).build();
    try {
      ServingStatus status =
          HealthGrpc.newBlockingStub(channel)
              .withDeadlineAfter(SECONDS, TimeUnit.SECONDS)
              .check(HealthCheckRequest.getDefaultInstance())
              .getStatus();
      spec.commandLine().getOut().println(status);
      spec.commandLine().getOut().flush();
      return status == ServingStatus.SERVING ? 0 : 1;
    } catch (StatusRuntimeException failure) {
      throw new IOException(server + ": " + failure.getStatus().getCode(), failure);
    } finally {
      channel.shutdownNow();
    }
  }
}
