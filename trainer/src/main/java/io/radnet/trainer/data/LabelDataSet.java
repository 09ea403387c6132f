package io.radnet.trainer.data;

import java.util.List;

/**
 * Labelled series, split by patient.
 *
 * @param train to learn from
 * @param validation to choose the best epoch by
 * @param test for the final figures
 * @param patients number of patients
 * @param skipped series that could not be read, with the reason
 */
public record LabelDataSet(
    List<Sample> train,
    List<Sample> validation,
    List<Sample> test,
    int patients,
    List<String> skipped) {
  /** Copies the lists. */
  public LabelDataSet {
    train = List.copyOf(train);
    validation = List.copyOf(validation);
    test = List.copyOf(test);
    skipped = List.copyOf(skipped);
  }

  /** The series of a split. */
  public List<Sample> samples(Split split) {
    return switch (split) {
      case TRAIN -> train;
      case VALIDATION -> validation;
      case TEST -> test;
    };
  }
}
