/**
 * The road of a scan through the server: received in parts, read, prepared as the model's recipe
 * says, run through the network, and answered. Start with {@link
 * io.radnet.server.scan.ScanReceiver}.
 */
@NullMarked
package io.radnet.server.scan;

import org.jspecify.annotations.NullMarked;
