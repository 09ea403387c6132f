/**
 * Whole networks on ONNX Runtime and on PyTorch; start with {@link
 * io.radnet.benchmarks.backbone.Backbone}.
 */
@NullMarked
package io.radnet.benchmarks.backbone;

import org.jspecify.annotations.NullMarked;
