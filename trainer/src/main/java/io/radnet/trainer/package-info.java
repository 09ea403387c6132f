/**
 * From labels to a network: start with {@link io.radnet.trainer.network.Preset} for the networks
 * and {@link io.radnet.trainer.checkpoint.Checkpoint} for what a training leaves behind.
 */
@NullMarked
package io.radnet.trainer;

import org.jspecify.annotations.NullMarked;
