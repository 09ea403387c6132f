package io.radnet.imaging.series;

/**
 * A file that was left out.
 *
 * @param file as it was named
 * @param reason one line, without patient data
 */
public record Skipped(String file, String reason) {}
