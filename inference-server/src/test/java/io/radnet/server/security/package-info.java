/** Tests of who may do what; start with {@link io.radnet.server.security.TestPki}. */
@NullMarked
package io.radnet.server.security;

import org.jspecify.annotations.NullMarked;
