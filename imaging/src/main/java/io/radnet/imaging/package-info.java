/**
 * What a scan is: shared by the trainer, the exporter and the server. Start with {@code volume}.
 */
@NullMarked
package io.radnet.imaging;

import org.jspecify.annotations.NullMarked;
