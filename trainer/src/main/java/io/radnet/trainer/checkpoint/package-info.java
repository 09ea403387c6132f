/**
 * Networks on disk: weights, sizes and recipe with their checksum; start with {@link
 * io.radnet.trainer.checkpoint.Checkpoint}.
 */
@NullMarked
package io.radnet.trainer.checkpoint;

import org.jspecify.annotations.NullMarked;
