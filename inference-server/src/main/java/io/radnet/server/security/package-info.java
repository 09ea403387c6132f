/**
 * Who may do what, and over which connection. Start with {@link
 * io.radnet.server.security.SecuritySettings}.
 */
@NullMarked
package io.radnet.server.security;

import org.jspecify.annotations.NullMarked;
