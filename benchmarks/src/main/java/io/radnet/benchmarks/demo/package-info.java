/**
 * The whole road on synthetic scans, command by command; start with {@link
 * io.radnet.benchmarks.demo.Demo}.
 */
@NullMarked
package io.radnet.benchmarks.demo;

import org.jspecify.annotations.NullMarked;
