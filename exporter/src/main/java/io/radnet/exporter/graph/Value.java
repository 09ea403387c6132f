package io.radnet.exporter.graph;

/**
 * An array in a graph: an input, a constant, or what a node makes.
 *
 * @param name unique within the graph
 */
public record Value(String name) {}
