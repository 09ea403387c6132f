package io.radnet.benchmarks.suite;

import java.lang.annotation.Documented;
import java.lang.annotation.ElementType;
import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import java.lang.annotation.Target;
import java.util.List;
import java.util.function.Supplier;

/**
 * Of the values of a benchmark's {@code @Param} field those that can be measured here, for
 * parameters that name files which another machine may lack. The others are left out, with a note.
 */
@Documented
@Target(ElementType.FIELD)
@Retention(RetentionPolicy.RUNTIME)
public @interface AtHand {
  /** Names the values; has a constructor without parameters. */
  Class<? extends Supplier<List<String>>> value();
}
