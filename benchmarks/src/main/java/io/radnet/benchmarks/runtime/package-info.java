/**
 * One model on ONNX Runtime, directly and through DJL, with equal options and equal answers. Start
 * at {@link io.radnet.benchmarks.runtime.BareRuntime}.
 */
@NullMarked
package io.radnet.benchmarks.runtime;

import org.jspecify.annotations.NullMarked;
