/**
 * The commands train, finetune and evaluate; start with {@link io.radnet.trainer.commands.Main}.
 */
@NullMarked
package io.radnet.trainer.commands;

import org.jspecify.annotations.NullMarked;
