package io.radnet.server.security;

import java.util.EnumSet;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;

/** What a token lets its bearer do. */
public enum Role {
  /** Reads metrics and descriptions. */
  MONITOR(EnumSet.of(Permission.NONE, Permission.SCRAPE, Permission.INSPECT)),
  /** Sends scans. */
  CLIENT(EnumSet.of(Permission.NONE, Permission.INSPECT, Permission.INFER)),
  /** Does everything. */
  ADMIN(EnumSet.allOf(Permission.class));

  private final Set<Permission> permissions;

  Role(Set<Permission> permissions) {
    this.permissions = permissions;
  }

  /** Whether the role may do it. */
  public boolean may(Permission permission) {
    return permissions.contains(permission);
  }

  /** The role of a name in lower case. */
  static Optional<Role> named(String name) {
    for (Role role : values()) {
      if (role.label().equals(name)) {
        return Optional.of(role);
      }
    }
    return Optional.empty();
  }

  /** The name in a token file. */
  public String label() {
    return name().toLowerCase(Locale.ROOT);
  }
}
