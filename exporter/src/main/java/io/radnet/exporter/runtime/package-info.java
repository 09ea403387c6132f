/**
 * Running an exported file in ONNX Runtime; start with {@link
 * io.radnet.exporter.runtime.OnnxSession}.
 */
@NullMarked
package io.radnet.exporter.runtime;

import org.jspecify.annotations.NullMarked;
