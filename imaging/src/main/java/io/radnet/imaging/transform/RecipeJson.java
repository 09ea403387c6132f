package io.radnet.imaging.transform;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.JsonMappingException;
import com.fasterxml.jackson.databind.MapperFeature;
import com.fasterxml.jackson.databind.PropertyNamingStrategies;
import com.fasterxml.jackson.databind.exc.UnrecognizedPropertyException;
import com.fasterxml.jackson.databind.json.JsonMapper;
import io.radnet.imaging.InvalidInputException;

/** A {@link Recipe} as one line of JSON, and back. Reading is strict. */
public final class RecipeJson {
  private static final JsonMapper MAPPER =
      JsonMapper.builder()
          .propertyNamingStrategy(PropertyNamingStrategies.SNAKE_CASE)
          .enable(DeserializationFeature.FAIL_ON_UNKNOWN_PROPERTIES)
          .enable(DeserializationFeature.FAIL_ON_MISSING_CREATOR_PROPERTIES)
          .enable(DeserializationFeature.FAIL_ON_NULL_CREATOR_PROPERTIES)
          .enable(DeserializationFeature.FAIL_ON_NULL_FOR_PRIMITIVES)
          .enable(DeserializationFeature.FAIL_ON_NUMBERS_FOR_ENUMS)
          .enable(DeserializationFeature.FAIL_ON_TRAILING_TOKENS)
          .disable(DeserializationFeature.ACCEPT_FLOAT_AS_INT)
          .disable(MapperFeature.ALLOW_COERCION_OF_SCALARS)
          .build();

  private RecipeJson() {}

  /** The recipe as JSON in one line; the same recipe gives the same text. */
  public static String write(Recipe recipe) {
    try {
      return MAPPER.writeValueAsString(recipe);
    } catch (JsonProcessingException e) {
      throw new IllegalStateException("a recipe is always writable", e);
    }
  }

  /**
   * Reads a recipe.
   *
   * @param json what {@link #write} gave
   * @param where the file or model it came from, for the message
   * @throws InvalidInputException where a field is missing, unknown, of another type or out of
   *     range; the message names it
   */
  public static Recipe read(String json, Object where) {
    try {
      return MAPPER.readValue(json, Recipe.class);
    } catch (UnrecognizedPropertyException e) {
      throw new InvalidInputException(where, "recipe: unknown field " + path(e), e);
    } catch (JsonMappingException e) {
      throw new InvalidInputException(where, "recipe" + at(path(e)) + ": " + reason(e), e);
    } catch (JsonProcessingException e) {
      throw new InvalidInputException(where, "recipe: no JSON: " + reason(e), e);
    }
  }

  private static String at(String path) {
    return path.isEmpty() ? "" : " " + path;
  }

  private static String path(JsonMappingException e) {
    StringBuilder path = new StringBuilder();
    for (JsonMappingException.Reference step : e.getPath()) {
      if (step.getFieldName() == null) {
        path.append('[').append(step.getIndex()).append(']');
      } else {
        path.append(path.length() == 0 ? "" : ".").append(step.getFieldName());
      }
    }
    return path.toString();
  }

  private static String reason(JsonProcessingException e) {
    Throwable cause = e.getCause();
    String message =
        cause instanceof IllegalArgumentException ? cause.getMessage() : e.getOriginalMessage();
    if (message != null && message.startsWith("Missing ") && message.contains("creator property")) {
      return "missing";
    }
    return message == null
        ? e.getClass().getSimpleName()
        : message.lines().findFirst().orElse(message);
  }
}
