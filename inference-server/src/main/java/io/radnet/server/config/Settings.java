package io.radnet.server.config;

import io.radnet.imaging.InvalidInputException;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * The settings of one server, each from the first place that gives it: command line, environment,
 * file, default. Every value was checked against its kind.
 */
public final class Settings {
  private static final Path WORKING_FOLDER = Path.of("");

  private final Map<Setting, Given> given;

  private Settings(Map<Setting, Given> given) {
    this.given = given;
  }

  /**
   * @param commandLine values by setting; empty lists count as not given
   * @param environment of the process; an empty variable counts as not given
   * @throws InvalidInputException naming the option, the variable, or the line of the file
   * @throws IOException where the file cannot be read
   */
  public static Settings resolve(
      Map<Setting, List<String>> commandLine, Map<String, String> environment, Optional<Path> file)
      throws IOException {
    Map<Setting, Given> given = new EnumMap<>(Setting.class);
    if (file.isPresent()) {
      given.putAll(SettingsFile.read(file.get()));
    }
    for (Setting setting : Setting.values()) {
      String value = environment.getOrDefault(setting.variable(), "");
      if (!value.isEmpty()) {
        List<String> values =
            setting.kind() instanceof SettingKind.Names
                ? Arrays.asList(value.split(",", -1))
                : List.of(value);
        given.put(setting, new Given(values, setting.variable(), WORKING_FOLDER));
      }
      List<String> options = commandLine.getOrDefault(setting, List.of());
      if (!options.isEmpty()) {
        given.put(setting, new Given(options, setting.flag(), WORKING_FOLDER));
      }
    }
    given.forEach(
        (setting, each) ->
            each.values()
                .forEach(
                    value ->
                        setting
                            .kind()
                            .complaint(value)
                            .ifPresent(
                                complaint -> {
                                  throw new InvalidInputException(each.origin(), complaint);
                                })));
    return new Settings(given);
  }

  /** Whether it was given anywhere. */
  public boolean has(Setting setting) {
    return given.containsKey(setting);
  }

  /** Where it was given, for an error message; its option where it was not. */
  public String origin(Setting setting) {
    Given each = given.get(setting);
    return each == null ? setting.flag() : each.origin();
  }

  /** An error that names where the setting was given. */
  public InvalidInputException wrong(Setting setting, String what) {
    return new InvalidInputException(origin(setting), what);
  }

  /** The value, or the default; empty where there is neither. */
  public Optional<String> text(Setting setting) {
    Given each = given.get(setting);
    return each == null ? setting.standard() : Optional.of(each.values().get(0));
  }

  /** All names that were given. */
  public List<String> names(Setting setting) {
    Given each = given.get(setting);
    return each == null ? List.of() : each.values();
  }

  /** A path; one of a file is relative to the file's folder. */
  public Optional<Path> path(Setting setting) {
    Given each = given.get(setting);
    return each == null ? Optional.empty() : Optional.of(each.base().resolve(each.values().get(0)));
  }

  /** An integer of a setting that has a default. */
  public int whole(Setting setting) {
    return Integer.parseInt(text(setting).orElseThrow());
  }

  /** An integer, or {@code otherwise}. */
  public long whole(Setting setting, long otherwise) {
    return text(setting).map(Long::parseLong).orElse(otherwise);
  }

  /** A number of a setting that has a default. */
  public double fraction(Setting setting) {
    return Double.parseDouble(text(setting).orElseThrow());
  }

  /** Whether a switch is on. */
  public boolean on(Setting setting) {
    return text(setting).map("true"::equals).orElse(false);
  }
}
