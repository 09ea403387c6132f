package io.radnet.benchmarks.suite;

import java.lang.annotation.Documented;
import java.lang.annotation.ElementType;
import java.lang.annotation.Repeatable;
import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import java.lang.annotation.Target;

/**
 * A Python program in {@code benchmarks/peers} that measures the same work with another library. It
 * prints one JSON object per line, see {@code benchmarks/peers/README.md}.
 */
@Documented
@Target(ElementType.TYPE)
@Retention(RetentionPolicy.RUNTIME)
@Repeatable(Peer.List.class)
public @interface Peer {
  /** File name inside {@code benchmarks/peers}. */
  String script();

  /** Debian packages that it imports. */
  String[] packages();

  /** Whether it takes {@code --scans FOLDER}, the files that the benchmark reads. */
  boolean scans() default false;

  /** Several peers of one benchmark. */
  @Documented
  @Target(ElementType.TYPE)
  @Retention(RetentionPolicy.RUNTIME)
  @interface List {
    /** The peers. */
    Peer[] value();
  }
}
