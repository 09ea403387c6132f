/**
 * What a training run came to, for people. Start at {@link
 * io.radnet.trainer.report.TrainingReport}.
 */
@NullMarked
package io.radnet.trainer.report;

import org.jspecify.annotations.NullMarked;
