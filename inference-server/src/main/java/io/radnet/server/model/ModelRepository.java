package io.radnet.server.model;

import io.radnet.imaging.InvalidInputException;
import io.radnet.server.model.RequestException.Reason;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.NavigableMap;
import java.util.Objects;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentSkipListMap;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.BiConsumer;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The models that are served, out of a folder of models. Loading opens the new versions beside the
 * old, warms them up, and swaps in one step: requests in flight finish on the old ones, whose
 * memory is then freed. A load that fails leaves the old ones in place.
 */
public final class ModelRepository implements AutoCloseable {
  private static final Logger LOG = LoggerFactory.getLogger(ModelRepository.class);
  private static final int CLOSE_SECONDS = 30;

  /**
   * A model of the repository.
   *
   * @param versions that are ready, by number
   * @param reason why the last load failed, or empty
   * @param fingerprint of the folder when it was last looked at
   */
  private record Entry(
      NavigableMap<Long, ServedModel> versions, String reason, String fingerprint) {}

  /**
   * One line of the index.
   *
   * @param name of the model
   * @param version that is ready, or empty
   * @param ready whether it answers
   * @param reason why not, or why the last load failed
   */
  public record IndexEntry(String name, String version, boolean ready, String reason) {}

  private final Path root;
  private final SessionFactory sessions;
  private final QueueLimits limits;
  private final BiConsumer<String, Boolean> listener;
  private final Map<String, Entry> entries = new ConcurrentSkipListMap<>();
  private final Object loading = new Object();

  /**
   * Whether what is loaded at start has been; until then nothing is ready, after that maybe all.
   */
  private volatile boolean started;

  /**
   * @param root the folder of models
   * @param sessions opens the files
   * @param limits of each model's queue
   * @param listener told a model's name and whether it is ready, at each change
   * @throws InvalidInputException where the folder does not exist
   */
  public ModelRepository(
      Path root,
      SessionFactory sessions,
      QueueLimits limits,
      BiConsumer<String, Boolean> listener) {
    if (!Files.isDirectory(root)) {
      throw new InvalidInputException(root, "no such model repository");
    }
    this.root = root;
    this.sessions = sessions;
    this.limits = limits;
    this.listener = listener;
  }

  /**
   * Loads every model of the folder.
   *
   * @throws InvalidInputException where there is none, or one cannot be loaded
   */
  public void loadAll() throws IOException {
    List<String> names = names();
    if (names.isEmpty()) {
      throw new InvalidInputException(
          root, "holds no model (expected: NAME/config.pbtxt and NAME/1/model.onnx)");
    }
    loadAtStart(names);
  }

  /**
   * Loads the models with which a server starts, which may be none.
   *
   * @throws RequestException where the repository has no such model
   * @throws InvalidInputException where one cannot be loaded
   */
  public void loadAtStart(List<String> names) throws IOException {
    for (String name : names) {
      load(name);
    }
    started = true;
  }

  private List<String> names() throws IOException {
    List<String> names = new ArrayList<>();
    try (Stream<Path> folders = Files.list(root)) {
      for (Path folder : folders.sorted().toList()) {
        String name = String.valueOf(folder.getFileName());
        if (!name.startsWith(".") && ModelFolder.looksLikeModel(folder)) {
          names.add(name);
        }
      }
    }
    return names;
  }

  /**
   * Loads or reloads one model.
   *
   * @throws RequestException where the repository has no such model
   * @throws InvalidInputException where it cannot be loaded; an older load stays in place
   */
  public void load(String name) throws IOException {
    Path folder = folder(name);
    synchronized (loading) {
      String fingerprint = Fingerprint.of(folder);
      NavigableMap<Long, ServedModel> fresh = new TreeMap<>();
      try {
        ModelFolder read = ModelFolder.read(folder);
        if (!read.ignored().isEmpty()) {
          LOG.warn(
              "model {}: this server does not follow these fields of its config.pbtxt: {}",
              name,
              String.join(", ", read.ignored()));
        }
        for (long version : read.served()) {
          fresh.put(version, ServedModel.open(read, version, sessions, limits));
        }
      } catch (IOException | RuntimeException | OutOfMemoryError failure) {
        fresh.values().forEach(ServedModel::release);
        Entry old = entries.get(name);
        entries.put(
            name,
            new Entry(
                old == null ? new TreeMap<>() : old.versions(), reason(failure), fingerprint));
        throw failure;
      }
      Entry old = entries.put(name, new Entry(fresh, "", fingerprint));
      listener.accept(name, true);
      if (old != null) {
        old.versions().values().forEach(ServedModel::release);
      }
    }
  }

  /**
   * Why a model was not loaded, in one line that callers may see: files are named as they lie in
   * the repository, not where that lies on the server.
   */
  public String reason(Throwable failure) {
    String reason = String.valueOf(failure.getMessage()).lines().findFirst().orElse("");
    for (Path each : List.of(root.toAbsolutePath(), root.toAbsolutePath().normalize(), root)) {
      String folder = each + root.getFileSystem().getSeparator();
      // A repository that is named "." begins no path that could tell anything.
      reason = folder.length() > 2 ? reason.replace(folder, "") : reason;
    }
    return reason;
  }

  /**
   * Stops serving one model; requests in flight finish.
   *
   * @throws RequestException where it is not loaded
   */
  public void unload(String name) {
    synchronized (loading) {
      Entry old = entries.get(name);
      if (old == null || old.versions().isEmpty()) {
        throw notFound(name);
      }
      entries.put(name, new Entry(new TreeMap<>(), "unloaded", old.fingerprint()));
      listener.accept(name, false);
      old.versions().values().forEach(ServedModel::release);
    }
  }

  /** Loads what is new or changed on disk and forgets what is gone; failures are only logged. */
  public void poll() {
    try {
      List<String> present = names();
      present.forEach(this::refresh);
      for (String name : List.copyOf(entries.keySet())) {
        if (!present.contains(name)) {
          forget(name);
        }
      }
    } catch (IOException | RuntimeException failure) {
      LOG.warn("the model repository cannot be read: {}", failure.getMessage());
    }
  }

  private void refresh(String name) {
    try {
      Entry entry = entries.get(name);
      if (entry == null || !entry.fingerprint().equals(Fingerprint.of(root.resolve(name)))) {
        load(name);
      }
    } catch (IOException | RuntimeException | OutOfMemoryError failure) {
      LOG.warn("model {} was not loaded: {}", name, failure.getMessage());
    }
  }

  /** A model whose folder is gone is as if it had never been there. */
  private void forget(String name) {
    try {
      synchronized (loading) {
        Entry old = entries.remove(name);
        if (old != null) {
          old.versions().values().forEach(ServedModel::release);
          listener.accept(name, false);
        }
      }
    } catch (RuntimeException failure) {
      LOG.warn("model {} was not unloaded: {}", name, failure.getMessage());
    }
  }

  private Path folder(String name) throws IOException {
    // A name is one path element: nothing outside the repository can be named.
    boolean plain = !name.isEmpty() && !name.startsWith(".") && name.matches("[\\w. -]+");
    if (!plain || !ModelFolder.looksLikeModel(root.resolve(name))) {
      throw new RequestException(
          Reason.NOT_FOUND,
          "model " + name + ": not in the repository (there are: " + names() + ")");
    }
    return root.resolve(name);
  }

  /**
   * Borrows a model.
   *
   * @param name of the model
   * @param version a number, or empty for the newest that is ready
   * @throws RequestException where it is unknown or not ready
   */
  public ModelLease acquire(String name, String version) {
    while (true) {
      ServedModel model = find(name, version);
      if (model == null) {
        throw version.isEmpty() || !ready(name)
            ? notFound(name)
            : new RequestException(
                Reason.NOT_FOUND,
                "model "
                    + name
                    + " version "
                    + version
                    + ": not served (ready: "
                    + versions(name)
                    + ")");
      }
      if (model.retain()) {
        return new ModelLease(model);
      }
    }
  }

  private boolean ready(String name) {
    return !versions(name).isEmpty();
  }

  private @Nullable ServedModel find(String name, String version) {
    Entry entry = entries.get(name);
    if (entry == null || entry.versions().isEmpty()) {
      return null;
    }
    if (version.isEmpty()) {
      return entry.versions().lastEntry().getValue();
    }
    return entry.versions().values().stream()
        .filter(model -> model.version().equals(version))
        .findFirst()
        .orElse(null);
  }

  /** The versions of a model that are ready. */
  public List<String> versions(String name) {
    Entry entry = entries.get(name);
    return entry == null
        ? List.of()
        : entry.versions().keySet().stream().map(String::valueOf).toList();
  }

  private RequestException notFound(String name) {
    Entry entry = entries.get(name);
    String ready =
        entries.entrySet().stream()
            .filter(each -> !each.getValue().versions().isEmpty())
            .map(Map.Entry::getKey)
            .toList()
            .toString();
    if (entry != null) {
      return new RequestException(
          Reason.UNAVAILABLE, "model " + name + ": not ready: " + entry.reason());
    }
    return new RequestException(
        Reason.NOT_FOUND, "model " + name + ": unknown (ready: " + ready + ")");
  }

  /** All models that are ready, all versions. */
  public List<ServedModel> ready() {
    return entries.values().stream()
        .map(Entry::versions)
        .map(NavigableMap::values)
        .flatMap(Collection::stream)
        .toList();
  }

  /** Whether the models of the start have been loaded and none has failed to load since. */
  public boolean allReady() {
    return started
        && entries.values().stream()
            .allMatch(entry -> !entry.versions().isEmpty() || entry.reason().equals("unloaded"));
  }

  /** Every model of the folder and every version that is ready. */
  public List<IndexEntry> index() throws IOException {
    List<IndexEntry> index = new ArrayList<>();
    TreeMap<String, String> all = new TreeMap<>();
    names().forEach(name -> all.put(name, ""));
    entries.keySet().forEach(name -> all.put(name, ""));
    for (String name : all.keySet()) {
      Entry entry = entries.get(name);
      if (entry == null || entry.versions().isEmpty()) {
        String reason = entry == null ? "not loaded" : entry.reason();
        index.add(new IndexEntry(name, "", false, reason));
      } else {
        entry
            .versions()
            .keySet()
            .forEach(
                version ->
                    index.add(new IndexEntry(name, Long.toString(version), true, entry.reason())));
      }
    }
    return index;
  }

  /** Stops serving all models and waits until their memory is free. */
  @Override
  public void close() {
    List<ServedModel> retired = new ArrayList<>();
    synchronized (loading) {
      for (String name : List.copyOf(entries.keySet())) {
        Entry old = Objects.requireNonNull(entries.remove(name));
        listener.accept(name, false);
        retired.addAll(old.versions().values());
      }
    }
    retired.forEach(ServedModel::release);
    for (ServedModel model : retired) {
      try {
        model.closed().get(CLOSE_SECONDS, TimeUnit.SECONDS);
      } catch (InterruptedException interrupted) {
        Thread.currentThread().interrupt();
        return;
      } catch (ExecutionException | TimeoutException late) {
        LOG.warn("model {} is still in use after {} s", model.name(), CLOSE_SECONDS);
      }
    }
  }
}
