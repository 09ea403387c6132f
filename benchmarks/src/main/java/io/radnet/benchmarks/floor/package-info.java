/**
 * What the machine can do at best: multiply-adds per second and bytes copied per second; the floors
 * of the other results.
 */
@NullMarked
package io.radnet.benchmarks.floor;

import org.jspecify.annotations.NullMarked;
