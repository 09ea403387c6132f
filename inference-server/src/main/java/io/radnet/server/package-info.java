/**
 * The inference server: whole scans or tensors in; embeddings, labels and masks out. Start with
 * {@link io.radnet.server.RadNetServer}.
 */
@NullMarked
package io.radnet.server;

import org.jspecify.annotations.NullMarked;
