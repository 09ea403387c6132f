/** Does a backbone help? Start at {@link io.radnet.trainer.study.TransferStudy}. */
@NullMarked
package io.radnet.trainer.study;

import org.jspecify.annotations.NullMarked;
