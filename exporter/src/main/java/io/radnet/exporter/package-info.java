/**
 * From a trained network to a checked ONNX model in a model repository; start with {@link
 * io.radnet.exporter.Exporter}.
 */
@NullMarked
package io.radnet.exporter;

import org.jspecify.annotations.NullMarked;
