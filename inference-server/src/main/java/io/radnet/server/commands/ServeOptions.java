package io.radnet.server.commands;

import io.radnet.server.config.Setting;
import io.radnet.server.config.SettingKind;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import picocli.CommandLine.IModelTransformer;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Model.OptionSpec;

/** Makes an option of every {@link Setting}, so that there is one table of them. */
final class ServeOptions implements IModelTransformer {
  @Override
  public CommandSpec transform(CommandSpec command) {
    for (Setting setting : Setting.values()) {
      // As text: values of all origins are checked by one piece of code, with the same messages.
      OptionSpec.Builder option =
          OptionSpec.builder(setting.flag())
              .paramLabel(setting.kind().placeholder())
              .description(description(setting));
      if (setting.kind() instanceof SettingKind.Switch) {
        option.type(String.class).arity("0..1").fallbackValue("true");
      } else if (setting.kind() instanceof SettingKind.Names) {
        option.type(List.class).auxiliaryTypes(String.class).arity("1");
      } else {
        option.type(String.class).arity("1");
      }
      command.addOption(option.build());
    }
    return command;
  }

  private static String description(Setting setting) {
    // Percent signs and dollars would be format instructions of the usage message.
    return setting.description()
        + setting.standard().map(value -> " Default: " + value + ".").orElse("");
  }

  /** What the command line gives. */
  static Map<Setting, List<String>> given(CommandSpec command) {
    Map<Setting, List<String>> given = new EnumMap<>(Setting.class);
    for (Setting setting : Setting.values()) {
      OptionSpec option = command.findOption(setting.flag());
      Object value = option == null ? null : option.getValue();
      if (value instanceof List<?> several) {
        given.put(setting, several.stream().map(String::valueOf).toList());
      } else if (value != null) {
        given.put(setting, List.of(value.toString()));
      }
    }
    return given;
  }
}
