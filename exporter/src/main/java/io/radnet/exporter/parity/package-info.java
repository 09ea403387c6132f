/**
 * How far an exported model is from the network it came from; start with {@link
 * io.radnet.exporter.parity.OutputParity}.
 */
@NullMarked
package io.radnet.exporter.parity;

import org.jspecify.annotations.NullMarked;
