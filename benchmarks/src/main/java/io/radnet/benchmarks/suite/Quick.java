package io.radnet.benchmarks.suite;

import java.lang.annotation.Documented;
import java.lang.annotation.ElementType;
import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import java.lang.annotation.Target;

/**
 * The values of a benchmark's {@code @Param} field in a quick run and in the test that runs every
 * benchmark once: the smallest that still mean something.
 */
@Documented
@Target(ElementType.FIELD)
@Retention(RetentionPolicy.RUNTIME)
public @interface Quick {
  /** Values, as in {@code @Param}. */
  String[] value();
}
