/**
 * An ONNX graph in memory, the passes that rewrite it, and its file; start with {@link
 * io.radnet.exporter.graph.GraphBuilder}.
 */
@NullMarked
package io.radnet.exporter.graph;

import org.jspecify.annotations.NullMarked;
