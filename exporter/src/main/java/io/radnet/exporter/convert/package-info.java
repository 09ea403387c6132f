/**
 * DJL blocks to ONNX operators, one class per kind of block; start with {@link
 * io.radnet.exporter.convert.Converters}.
 */
@NullMarked
package io.radnet.exporter.convert;

import org.jspecify.annotations.NullMarked;
