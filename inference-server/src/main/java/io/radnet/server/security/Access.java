package io.radnet.server.security;

import io.radnet.server.model.RequestException;
import java.io.IOException;
import java.security.Principal;
import java.time.InstantSource;
import java.util.Locale;
import java.util.Optional;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * Decides about every call, over gRPC and over HTTP: who makes it, whether it may, whether it is
 * within its client's limits.
 */
public final class Access {
  private static final String BEARER = "bearer ";

  /** What a call shows of its maker. */
  public record Credentials(
      Optional<String> authorization, Optional<Principal> certificate, String address) {}

  /** A call that was let in; close it when the call is over. */
  public static final class Pass implements AutoCloseable {
    private final Client client;
    private @Nullable ClientLimiter limiter;

    private Pass(Client client, @Nullable ClientLimiter limiter) {
      this.client = client;
      this.limiter = limiter;
    }

    /** Who makes the call. */
    public Client client() {
      return client;
    }

    @Override
    public synchronized void close() {
      if (limiter != null) {
        limiter.end(client.name());
        limiter = null;
      }
    }
  }

  private final Optional<TokenFile> tokens;
  private final boolean certificates;
  private final Role others;
  private final ClientLimiter limiter;
  private final Consumer<String> refusals;

  private Access(
      Optional<TokenFile> tokens,
      boolean certificates,
      Role others,
      ClientLimiter limiter,
      Consumer<String> refusals) {
    this.tokens = tokens;
    this.certificates = certificates;
    this.others = others;
    this.limiter = limiter;
    this.refusals = refusals;
  }

  /**
   * @param host that is listened on: where it is loopback and nothing identifies a client, every
   *     process of the machine may do everything, as it could by the files themselves
   * @param refusals told {@code unauthenticated}, {@code forbidden} or {@code limit} at each
   *     refusal
   * @throws io.radnet.imaging.InvalidInputException where the token file has a mistake
   */
  public static Access open(SecuritySettings settings, String host, Consumer<String> refusals)
      throws IOException {
    Optional<TokenFile> tokens =
        settings.tokenFile().isPresent()
            ? Optional.of(new TokenFile(settings.tokenFile().get(), InstantSource.system()))
            : Optional.empty();
    boolean certificates = settings.tls().flatMap(TlsFiles::clientAuthorities).isPresent();
    Role others = SecuritySettings.loopback(host) && !certificates ? Role.ADMIN : Role.CLIENT;
    return new Access(
        tokens,
        certificates,
        others,
        new ClientLimiter(settings.limits(), System::nanoTime),
        refusals);
  }

  /** Whether the page must ask for a token. */
  public boolean asksForToken() {
    return tokens.isPresent();
  }

  /** Whether everybody who reaches this server may do everything. */
  public boolean trusting() {
    return tokens.isEmpty() && others == Role.ADMIN;
  }

  /**
   * Lets a call in.
   *
   * @throws AccessException where its maker is unknown or may not
   * @throws RequestException where its maker is over a limit
   */
  public Pass enter(Credentials credentials, Permission permission) {
    if (permission == Permission.NONE) {
      return new Pass(new Client(credentials.address(), Role.MONITOR), null);
    }
    Client client;
    try {
      client = client(credentials);
    } catch (AccessException unknown) {
      refusals.accept("unauthenticated");
      throw unknown;
    }
    if (!client.role().may(permission)) {
      refusals.accept("forbidden");
      throw new AccessException(
          "the role "
              + client.role().label()
              + " may not do this (needed: "
              + permission.name().toLowerCase(Locale.ROOT)
              + ")",
          true);
    }
    if (permission == Permission.SCRAPE) {
      return new Pass(client, null);
    }
    try {
      limiter.begin(client.name());
    } catch (RequestException over) {
      refusals.accept("limit");
      throw over;
    }
    return new Pass(client, limiter);
  }

  private Client client(Credentials credentials) {
    if (certificates && credentials.certificate().isEmpty()) {
      throw new AccessException("a client certificate is needed", false);
    }
    if (tokens.isEmpty()) {
      String name = credentials.certificate().map(Principal::getName).orElse(credentials.address());
      return new Client(name, certificates ? Role.CLIENT : others);
    }
    String header = credentials.authorization().orElse("");
    if (!header.toLowerCase(Locale.ROOT).startsWith(BEARER)) {
      throw new AccessException("a token is needed (authorization: Bearer TOKEN)", false);
    }
    return tokens
        .get()
        .find(header.substring(BEARER.length()).strip())
        .orElseThrow(() -> new AccessException("the token is unknown or has expired", false));
  }
}
