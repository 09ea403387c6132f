package io.radnet.benchmarks.suite;

import java.lang.reflect.Field;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.runner.BenchmarkList;
import org.openjdk.jmh.runner.format.OutputFormatFactory;
import org.openjdk.jmh.runner.options.VerboseMode;

/**
 * A class of benchmarks, what it asks for in a quick run, and its peers.
 *
 * @param type the class that a developer wrote
 * @param methods full names of those of its benchmarks that were asked for, sorted
 */
public record BenchmarkClass(Class<?> type, List<String> methods) {
  /** The classes that have a benchmark whose full name matches, sorted by name. */
  public static List<BenchmarkClass> matching(String pattern) {
    Map<String, TreeSet<String>> classes = new TreeMap<>();
    BenchmarkList.defaultList()
        .find(
            OutputFormatFactory.createFormatInstance(System.out, VerboseMode.SILENT),
            List.of(pattern),
            List.of())
        .forEach(
            entry ->
                classes
                    .computeIfAbsent(entry.getUserClassQName(), name -> new TreeSet<>())
                    .add(entry.getUsername()));
    return classes.entrySet().stream()
        .map(entry -> new BenchmarkClass(load(entry.getKey()), List.copyOf(entry.getValue())))
        .toList();
  }

  private static Class<?> load(String name) {
    try {
      return Class.forName(name);
    } catch (ClassNotFoundException listed) {
      throw new IllegalStateException(
          "the list of benchmarks names a class that is absent", listed);
    }
  }

  /** A regular expression for exactly these benchmarks. */
  public String include() {
    return "^(" + String.join("|", methods.stream().map(Pattern::quote).toList()) + ")$";
  }

  /** Parameters and their values in a quick run. */
  public Map<String, String[]> quickParameters() {
    Map<String, String[]> values = new TreeMap<>();
    for (Class<?> c = type; c != null && c != Object.class; c = c.getSuperclass()) {
      for (Field field : c.getDeclaredFields()) {
        Param all = field.getAnnotation(Param.class);
        Quick few = field.getAnnotation(Quick.class);
        if (few != null) {
          values.putIfAbsent(field.getName(), few.value());
        } else if (all != null && all.value().length > 0) {
          values.putIfAbsent(field.getName(), new String[] {all.value()[0]});
        }
      }
    }
    return values;
  }

  /** Parameters of which only some values can be measured here, and these values. */
  public Map<String, List<String>> atHand() {
    Map<String, List<String>> values = new TreeMap<>();
    for (Field field : type.getDeclaredFields()) {
      Param all = field.getAnnotation(Param.class);
      AtHand some = field.getAnnotation(AtHand.class);
      if (all != null && some != null) {
        List<String> here = here(some);
        values.put(field.getName(), Stream.of(all.value()).filter(here::contains).toList());
      }
    }
    return values;
  }

  private static List<String> here(AtHand some) {
    try {
      return some.value().getDeclaredConstructor().newInstance().get();
    } catch (ReflectiveOperationException malformed) {
      throw new IllegalStateException(some.value() + " cannot be made", malformed);
    }
  }

  /** Programs that do the same work. */
  public List<Peer> peers() {
    return List.of(type.getAnnotationsByType(Peer.class));
  }
}
