package io.radnet.exporter.repository;

import io.radnet.imaging.AtomicFiles;
import io.radnet.imaging.InvalidInputException;
import java.io.IOException;
import java.nio.file.AccessDeniedException;
import java.nio.file.AtomicMoveNotSupportedException;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Objects;
import java.util.Set;
import java.util.stream.Stream;

/**
 * A folder of models: {@code NAME/config.pbtxt} and {@code NAME/VERSION/model.onnx}. A version
 * appears whole or not at all: it is built in a folder whose name begins with a dot, which servers
 * pass over, and renamed last. A version that exists is never touched.
 */
public final class ModelRepository {
  /** The file that says how a model is served. */
  public static final String CONFIGURATION = "config.pbtxt";

  private static final int ATTEMPTS = 100;

  private final Path root;

  private ModelRepository(Path root) {
    this.root = root;
  }

  /**
   * Opens a repository, creating the folder where absent.
   *
   * @throws InvalidInputException where it cannot be written
   */
  public static ModelRepository open(Path root) {
    try {
      Files.createDirectories(root);
    } catch (FileAlreadyExistsException file) {
      throw new InvalidInputException(
          root, "the repository cannot be a file (expected: a folder)", file);
    } catch (IOException failure) {
      throw new InvalidInputException(
          root, "the repository cannot be created: " + reason(failure), failure);
    }
    if (!Files.isWritable(root)) {
      throw new InvalidInputException(root, "the repository cannot be written");
    }
    return new ModelRepository(root);
  }

  /**
   * What fills a version's folder before it is published.
   *
   * @param <T> what the caller wants to know of it
   */
  @FunctionalInterface
  public interface Content<T> {
    /**
     * Writes all files of a version.
     *
     * @param folder empty
     * @param version the number it will have, unless another export takes it first
     */
    Written<T> writeTo(Path folder, int version) throws IOException;
  }

  /**
   * A version that is ready.
   *
   * @param configuration the text of config.pbtxt
   * @param details for the caller
   * @param <T> what the caller wants to know of it
   */
  public record Written<T>(String configuration, T details) {}

  /**
   * A version that is there.
   *
   * @param folder of the version; its name is the version's number
   * @param details from the content
   * @param <T> what the caller wants to know of it
   */
  public record Published<T>(Path folder, T details) {}

  /**
   * Adds the next version of a model. Nothing stays behind where {@code content} fails.
   *
   * @throws InvalidInputException where the model exists with other inputs, outputs or precision,
   *     or the disk does not take the version
   */
  public <T> Published<T> add(String name, Content<T> content) {
    Path model = root.resolve(name);
    try {
      Staging.removeAbandoned(root);
      try (Staging staging = Staging.in(root)) {
        Path version = Files.createDirectory(staging.folder().resolve("version"));
        Written<T> written = content.writeTo(version, nextVersion(model));
        checkCompatible(model.resolve(CONFIGURATION), written.configuration());
        Path published = publish(staging.folder(), version, model, written.configuration());
        AtomicFiles.forceFolder(model);
        return new Published<>(published, written.details());
      }
    } catch (IOException failure) {
      throw new InvalidInputException(
          root, "the version cannot be written, nothing was exported: " + reason(failure), failure);
    }
  }

  private static String reason(IOException failure) {
    if (failure instanceof AccessDeniedException) {
      return "permission denied";
    }
    if (failure instanceof NoSuchFileException) {
      return "no such folder";
    }
    return failure instanceof FileSystemException system && system.getReason() != null
        ? system.getReason()
        : Objects.requireNonNullElse(failure.getMessage(), failure.getClass().getSimpleName());
  }

  private Path publish(Path staging, Path version, Path model, String configuration)
      throws IOException {
    if (!Files.exists(model)) {
      // The first version and its configuration appear in one step.
      Path whole = Files.createDirectory(staging.resolve("model"));
      Path first = Files.move(version, whole.resolve("1"));
      write(whole.resolve(CONFIGURATION), configuration);
      openToReaders(whole, first);
      try {
        Files.move(whole, model, StandardCopyOption.ATOMIC_MOVE);
        return model.resolve("1");
      } catch (FileSystemException raced) {
        if (!Files.exists(model)) {
          throw raced;
        }
        Files.move(first, version); // another export was first
      }
    }
    if (!Files.exists(model.resolve(CONFIGURATION))) {
      write(model.resolve(CONFIGURATION), configuration);
    }
    checkCompatible(model.resolve(CONFIGURATION), configuration); // one that came meanwhile
    openToReaders(version);
    for (int attempt = 0; attempt < ATTEMPTS; attempt++) {
      Path target = model.resolve(Integer.toString(nextVersion(model)));
      try {
        return Files.move(version, target, StandardCopyOption.ATOMIC_MOVE);
      } catch (AtomicMoveNotSupportedException mounted) {
        throw new InvalidInputException(
            model, "another file system than the repository's, so no atomic rename", mounted);
      } catch (FileSystemException raced) {
        if (!Files.exists(target)) {
          throw raced;
        } // else another export took the number; what Linux says then has no class of its own
      }
    }
    throw new InvalidInputException(model, "no free version number in " + ATTEMPTS + " attempts");
  }

  /** The number after the highest that is there, 1 for a new model. */
  public static int nextVersion(Path model) throws IOException {
    if (!Files.isDirectory(model)) {
      return 1;
    }
    try (Stream<Path> entries = Files.list(model)) {
      return entries
              .map(entry -> entry.getFileName().toString())
              .filter(name -> name.matches("[0-9]{1,9}"))
              .mapToInt(Integer::parseInt)
              .max()
              .orElse(0)
          + 1;
    }
  }

  private static void checkCompatible(Path existing, String wanted) throws IOException {
    if (!Files.exists(existing)) {
      return;
    }
    List<String> there = TritonConfiguration.contract(Files.readString(existing));
    List<String> here = TritonConfiguration.contract(wanted);
    Set<String> differing = new LinkedHashSet<>(here);
    there.forEach(line -> differing.remove(line));
    if (differing.isEmpty()) {
      differing.addAll(there);
      here.forEach(line -> differing.remove(line));
    }
    if (!differing.isEmpty()) {
      throw new InvalidInputException(
          existing,
          "all versions of a model share inputs, outputs, precision and shapes, and these differ: "
              + differing.iterator().next()
              + " is "
              + (there.containsAll(differing) ? "there only" : "not there")
              + "; choose another --name");
    }
  }

  private static void write(Path file, String text) throws IOException {
    AtomicFiles.write(
        file, out -> out.write(text.getBytes(java.nio.charset.StandardCharsets.UTF_8)));
  }

  /** Temporary folders and files are private to their owner; a server may be another user. */
  private static void openToReaders(Path... folders) throws IOException {
    for (Path folder : folders) {
      if (!Files.getFileStore(folder).supportsFileAttributeView("posix")) {
        continue;
      }
      Files.setPosixFilePermissions(
          folder, java.nio.file.attribute.PosixFilePermissions.fromString("rwxr-xr-x"));
      try (Stream<Path> entries = Files.list(folder)) {
        for (Path file : (Iterable<Path>) entries.filter(Files::isRegularFile)::iterator) {
          Files.setPosixFilePermissions(
              file, java.nio.file.attribute.PosixFilePermissions.fromString("rw-r--r--"));
        }
      }
    }
  }
}
