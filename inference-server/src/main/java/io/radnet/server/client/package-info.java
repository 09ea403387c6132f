/**
 * A client of the server for Java programs and for the commands; start with {@link
 * io.radnet.server.client.RadNetClient}.
 */
@NullMarked
package io.radnet.server.client;

import org.jspecify.annotations.NullMarked;
