/** Tests of the server: real sessions, real calls. */
@NullMarked
package io.radnet.server;

import org.jspecify.annotations.NullMarked;
