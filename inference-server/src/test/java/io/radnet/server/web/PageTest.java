package io.radnet.server.web;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import io.radnet.imaging.dicom.InstanceSource;
import io.radnet.server.RadNetServer;
import io.radnet.server.ServerConfig;
import io.radnet.server.TestModels;
import io.radnet.server.TestScans;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.Set;
import java.util.stream.Stream;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * The page in a real browser: a scan is chosen, its mask and labels are shown, and nothing goes
 * anywhere else or stays. With {@code -Dradnet.page.screenshot=FILE} a picture is taken; {@code
 * -Dradnet.page.models} and {@code -Dradnet.page.scan} name other models and another scan for it.
 */
final class PageTest {
  @TempDir private Path folder;

  private Path models() throws IOException {
    String given = System.getProperty("radnet.page.models");
    if (given != null) {
      return Path.of(given);
    }
    Path models = folder.resolve("models");
    TestModels.threshold(models, "bright", 1);
    TestModels.labels(models, "labels", 1, 1);
    return models;
  }

  /** Two thirds of the slices of 300 HU, the rest of 700 HU, and a file that is no DICOM. */
  private List<Path> scan() throws IOException {
    String given = System.getProperty("radnet.page.scan");
    if (given != null) {
      try (Stream<Path> files = Files.list(Path.of(given))) {
        return files.sorted().toList();
      }
    }
    Path scan = Files.createDirectories(folder.resolve("scan"));
    List<Path> files = new ArrayList<>();
    List<InstanceSource> instances =
        TestScans.dicom(
            "1.2.77",
            12,
            dataset ->
                dataset.put(
                    io.radnet.imaging.dicom.Tag.STUDY_INSTANCE_UID,
                    io.radnet.imaging.dicom.VR.UI,
                    "1.2.76"));
    for (InstanceSource instance : instances) {
      byte[] bytes = instance.readAll();
      if (files.size() >= 8) {
        for (int n = bytes.length - 288; n < bytes.length; n += 2) {
          bytes[n] = (byte) (1724 & 0xff);
          bytes[n + 1] = (byte) (1724 >> 8);
        }
      }
      files.add(Files.write(scan.resolve("IM" + files.size()), bytes));
    }
    files.add(Files.writeString(scan.resolve("notes.txt"), "not a scan"));
    return files;
  }

  @Test
  void showsTheMaskOfAScanInThreePlanes() throws Exception {
    Path browser = Chromium.installed().orElse(Path.of(""));
    Assumptions.assumeTrue(Files.isExecutable(browser), "there is no Chromium in /usr/bin");
    try (RadNetServer server = RadNetServer.start(ServerConfig.of(models()));
        Chromium page = new Chromium(browser, folder.resolve("profile"), 1440, 1030)) {
      String address = "http://127.0.0.1:" + server.httpPort() + "/";
      page.send("Page.navigate", page.parameters().put("url", address));
      page.waitFor("document.querySelector('#health')?.textContent.includes('serving')");
      assertThat(page.evaluate("document.querySelectorAll('#model-rows tr').length").asInt())
          .isEqualTo(2);
      page.choose("#files", scan());
      page.waitFor(
          "/^Done|\\S/.test(document.querySelector('#message.error')?.textContent ?? '')"
              + " || document.querySelector('#message').textContent.startsWith('Done')");
      assertThat(page.evaluate("document.querySelector('#message').textContent").asText())
          .startsWith("Done in");
      page.waitFor("document.querySelector('#axial-where').textContent.length > 3");
      checkWhatIsShown(page);
      checkKeyboardAndNames(page);
      picture(page);
      checkThatNothingLeavesOrStays(page, address);
    }
  }

  private static void checkWhatIsShown(Chromium page) throws Exception {
    String findings = page.evaluate("document.querySelector('#volumes').innerText").asText();
    if (System.getProperty("radnet.page.scan") == null) {
      // 4 slices of 5 mm, 12 x 12 mm each, with the half slice that nearness gives to the border.
      assertThat(findings).contains("bright").containsPattern("[23]\\.[0-9]");
      assertThat(page.evaluate("document.querySelector('#scan-name').textContent").asText())
          .contains("CT · 12 files", "12 × 12 × 12 voxels of 1.00 × 1.00 × 5.00 mm");
    }
    assertThat(page.evaluate("document.querySelector('#label-rows').innerText").asText())
        .contains("modality");
    String colours =
        "(() => { const c = document.getElementById('%s'); const d ="
            + " c.getContext('2d').getImageData(0, 0, c.width, c.height).data; let grey = 0, mask ="
            + " 0; for (let i = 0; i < d.length; i += 4) { if (d[i] > 20 && d[i] === d[i + 1] &&"
            + " d[i] === d[i + 2]) grey++; if (d[i] - d[i + 2] > 30) mask++; } return {grey, mask};"
            + " })()";
    for (String plane : List.of("axial", "coronal", "sagittal")) {
      page.waitFor("(" + colours.formatted(plane) + ").mask > 50");
      JsonNode counts = page.evaluate(colours.formatted(plane));
      assertThat(counts.path("mask").asInt()).as(plane + " mask").isGreaterThan(50);
    }
    for (String file : List.of("nifti", "dicomseg")) {
      JsonNode bytes =
          page.evaluate(
              "fetch(document.getElementById('"
                  + file
                  + "').href).then(() => 'fetched',"
                  + " () => 'refused by the policy')");
      // The policy lets scripts read no blob; a person's click on the link downloads it all the
      // same.
      assertThat(bytes.asText()).isEqualTo("refused by the policy");
      assertThat(page.evaluate("document.getElementById('" + file + "').href").asText())
          .startsWith("blob:");
    }
  }

  private static void checkKeyboardAndNames(Chromium page) throws Exception {
    page.evaluate("document.getElementById('axial-slice').focus()");
    String before = page.evaluate("document.getElementById('axial-slice').value").asText();
    page.press("ArrowLeft", 37);
    page.waitFor("document.getElementById('axial-slice').value !== '" + before + "'");
    page.waitFor(
        "document.getElementById('axial').getAttribute('aria-label').includes('slice ' +"
            + " (Number(document.getElementById('axial-slice').value) + 1))");
    page.press("ArrowRight", 39);
    Set<String> operable = Set.of("button", "slider", "combobox", "checkbox", "textbox", "link");
    int named = 0;
    for (JsonNode node :
        page.send("Accessibility.getFullAXTree", page.parameters()).path("nodes")) {
      if (!node.path("ignored").asBoolean()
          && operable.contains(node.path("role").path("value").asText())) {
        assertThat(node.path("name").path("value").asText()).as(node.toString()).isNotBlank();
        named++;
      }
    }
    assertThat(named).isGreaterThan(12);
  }

  private static void checkThatNothingLeavesOrStays(Chromium page, String address)
      throws Exception {
    List<String> requests =
        page.events("Network.requestWillBeSent").stream()
            .map(event -> event.path("params").path("request").path("url").asText())
            .toList();
    assertThat(requests)
        .isNotEmpty()
        .allMatch(url -> url.startsWith(address) || url.startsWith("blob:"));
    assertThat(page.events("Runtime.exceptionThrown")).isEmpty();
    assertThat(
            page.events("Log.entryAdded").stream()
                .map(event -> event.path("params").path("entry").path("text").asText())
                // What the test itself has provoked: it reads blobs and canvases.
                .filter(text -> !text.contains("blob:") && !text.contains("getImageData")))
        .isEmpty();
    assertThat(
            page.evaluate(
                    "(async () => localStorage.length + sessionStorage.length +"
                        + " document.cookie.length + (await indexedDB.databases()).length + (await"
                        + " caches.keys()).length + (await"
                        + " navigator.serviceWorker.getRegistrations()).length)()")
                .asInt(-1))
        .isZero();
  }

  private static void picture(Chromium page) throws Exception {
    String file = System.getProperty("radnet.page.screenshot");
    if (file != null) {
      page.evaluate("document.activeElement.blur()");
      JsonNode shot = page.send("Page.captureScreenshot", page.parameters().put("format", "png"));
      Files.write(Path.of(file), Base64.getDecoder().decode(shot.path("data").asText()));
    }
  }
}
