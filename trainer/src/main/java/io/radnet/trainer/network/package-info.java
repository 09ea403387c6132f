/**
 * The networks as trees of readable blocks, one class per kind; start with {@link
 * io.radnet.trainer.network.Preset} and {@link io.radnet.trainer.network.LabelNetwork}. Arrays have
 * the layout [N, C, D, H, W].
 */
@NullMarked
package io.radnet.trainer.network;

import org.jspecify.annotations.NullMarked;
