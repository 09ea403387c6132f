package io.radnet.imaging.dicom;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.HashMap;
import java.util.Map;

/** The VR of a public tag where the file does not say it; text where the table has no row. */
final class ImplicitVr {
  private static final Map<Integer, VR> TABLE = load();

  private ImplicitVr() {}

  static VR of(int tag) {
    if ((tag & 0xffff) == 0) {
      return VR.UL;
    }
    if ((tag >>> 16 & 1) == 1) {
      return (tag & 0xff00) == 0 ? VR.LO : VR.UN;
    }
    return TABLE.getOrDefault(tag, VR.LO);
  }

  private static Map<Integer, VR> load() {
    Map<Integer, VR> table = new HashMap<>();
    try (InputStream in = ImplicitVr.class.getResourceAsStream("implicit-vr.txt")) {
      if (in == null) {
        throw new IllegalStateException("resource implicit-vr.txt is missing");
      }
      BufferedReader lines =
          new BufferedReader(new InputStreamReader(in, StandardCharsets.US_ASCII));
      for (String line = lines.readLine(); line != null; line = lines.readLine()) {
        if (!line.startsWith("#")) {
          table.put(Integer.parseUnsignedInt(line, 0, 8, 16), VR.valueOf(line.substring(9)));
        }
      }
    } catch (IOException failure) {
      throw new UncheckedIOException(failure);
    }
    return Map.copyOf(table);
  }
}
