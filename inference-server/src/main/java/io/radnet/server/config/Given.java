package io.radnet.server.config;

import java.nio.file.Path;
import java.util.List;

/**
 * The value of a setting and where it was given.
 *
 * @param values one, or several names
 * @param origin for an error message, such as {@code serve.yaml:7: grpc-port}
 * @param base what relative paths are relative to
 */
record Given(List<String> values, String origin, Path base) {
  Given {
    values = List.copyOf(values);
  }
}
