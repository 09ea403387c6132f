/**
 * The web page on the HTTP port: its files, and the addresses that it asks. Start with {@link
 * io.radnet.server.web.WebService}.
 */
@NullMarked
package io.radnet.server.web;

import org.jspecify.annotations.NullMarked;
