package io.radnet.server.security;

import io.grpc.Context;

/**
 * Who makes a call.
 *
 * @param name of the token, subject of the certificate, or address: a program or a site, never a
 *     patient
 * @param role what it may do
 */
public record Client(String name, Role role) {
  /** The client of the call under way. */
  public static final Context.Key<Client> CURRENT =
      Context.keyWithDefault("radnet-client", new Client("-", Role.MONITOR));
}
