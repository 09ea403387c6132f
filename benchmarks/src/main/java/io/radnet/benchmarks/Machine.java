package io.radnet.benchmarks;

import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;

/**
 * The machine that a figure was measured on.
 *
 * @param processor model name
 * @param cores processors that the JVM may use
 * @param memoryGib physical memory
 * @param os system and kernel
 * @param jvm name and version
 * @param jvmFlags flags of this JVM; forks add those of their benchmark
 * @param commit of the source tree, or "unknown" outside a checkout
 */
public record Machine(
    String processor,
    int cores,
    long memoryGib,
    String os,
    String jvm,
    List<String> jvmFlags,
    String commit) {

  /** Describes this machine. */
  public static Machine describe() {
    long memory =
        ManagementFactory.getOperatingSystemMXBean()
                instanceof com.sun.management.OperatingSystemMXBean system
            ? system.getTotalMemorySize()
            : 0;
    return new Machine(
        processorName(),
        Runtime.getRuntime().availableProcessors(),
        Math.round(memory / (double) (1 << 30)),
        System.getProperty("os.name")
            + " "
            + System.getProperty("os.version")
            + " "
            + System.getProperty("os.arch"),
        System.getProperty("java.vm.name") + " " + System.getProperty("java.version"),
        ManagementFactory.getRuntimeMXBean().getInputArguments().stream()
            .filter(flag -> flag.startsWith("-X") || flag.startsWith("--add-modules"))
            .toList(),
        commit(Path.of(System.getProperty("radnet.home", "."))));
  }

  private static String processorName() {
    try {
      return Files.readAllLines(Path.of("/proc/cpuinfo")).stream()
          .filter(line -> line.startsWith("model name"))
          .map(line -> line.substring(line.indexOf(':') + 1).strip())
          .findFirst()
          .orElse("unknown");
    } catch (IOException noProcFileSystem) {
      return "unknown";
    }
  }

  private static String commit(Path home) {
    try {
      Process git =
          new ProcessBuilder("git", "-C", home.toString(), "describe", "--always", "--dirty")
              .redirectError(ProcessBuilder.Redirect.DISCARD)
              .start();
      String line = new String(git.getInputStream().readAllBytes(), StandardCharsets.UTF_8).strip();
      return git.waitFor() == 0 && !line.isEmpty() ? line : "unknown";
    } catch (IOException noGit) {
      return "unknown";
    } catch (InterruptedException interrupted) {
      Thread.currentThread().interrupt();
      return "unknown";
    }
  }

  @Override
  public String toString() {
    return String.format(
        "%s, %d cores, %d GiB; %s; %s %s; commit %s",
        processor, cores, memoryGib, os, jvm, String.join(" ", jvmFlags), commit);
  }
}
