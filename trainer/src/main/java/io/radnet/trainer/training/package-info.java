/**
 * Losses, the optimiser and the loop; start with {@link io.radnet.trainer.training.LabelTraining}.
 */
@NullMarked
package io.radnet.trainer.training;

import org.jspecify.annotations.NullMarked;
