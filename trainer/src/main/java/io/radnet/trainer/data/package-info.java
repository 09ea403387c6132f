/**
 * From label rows and scans to batches: start with {@link io.radnet.trainer.data.LabelDataSet} and
 * {@link io.radnet.trainer.data.Batches}.
 */
@NullMarked
package io.radnet.trainer.data;

import org.jspecify.annotations.NullMarked;
