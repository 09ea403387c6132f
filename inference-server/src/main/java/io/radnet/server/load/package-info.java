/**
 * Many callers at once, and what they and the server measured; start with {@link
 * io.radnet.server.load.LoadTest}.
 */
@NullMarked
package io.radnet.server.load;

import org.jspecify.annotations.NullMarked;
