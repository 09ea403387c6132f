package io.radnet.server.web;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.radnet.proto.v1.ClassifyResponse;
import io.radnet.proto.v1.HeadResult;
import io.radnet.proto.v1.ModelUsed;
import io.radnet.proto.v1.Timing;
import io.radnet.server.scan.ScanView;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/**
 * A view as the bytes that the page reads: the length of the JSON (4 bytes, little-endian), the
 * JSON, then the sections that the JSON lists with their lengths.
 */
final class ViewAnswer {
  private record Section(String name, byte[] bytes) {}

  private final ObjectMapper mapper = new ObjectMapper();
  private final List<Section> sections = new ArrayList<>();
  private final ObjectNode json = mapper.createObjectNode();

  private ViewAnswer() {}

  static byte[] of(ScanView view) throws IOException {
    ViewAnswer answer = new ViewAnswer();
    answer.fill(view);
    return answer.bytes();
  }

  private void fill(ScanView view) {
    DisplayVolume display = new DisplayVolume(view.volume());
    DisplayVolume.Voxels16 voxels = display.voxels();
    ArrayNode size = json.putArray("size");
    ArrayNode spacing = json.putArray("spacing");
    ArrayNode step = json.putArray("step");
    for (int axis = 0; axis < 3; axis++) {
      size.add(display.size(axis));
      spacing.add(display.spacing(axis));
      step.add(display.step(axis));
    }
    json.put("tilt", display.tilt());
    json.put("slope", voxels.slope());
    json.put("intercept", voxels.intercept());
    json.putArray("window").add(voxels.low()).add(voxels.high());
    json.put("instances", view.instances());
    view.warnings().forEach(json.putArray("warnings")::add);
    sections.add(new Section("volume", voxels.bytes()));
    view.segmentation().ifPresent(mask -> mask(mask, display));
    view.labels().ifPresent(this::labels);
  }

  private void mask(ScanView.MaskFiles files, DisplayVolume display) {
    ObjectNode mask = json.putObject("mask");
    model(mask, files.model(), files.timing());
    ArrayNode labels = mask.putArray("labels");
    files
        .mask()
        .names()
        .forEach(
            (value, name) ->
                labels
                    .addObject()
                    .put("value", value)
                    .put("name", name)
                    .put("ml", files.mask().millilitres(value)));
    sections.add(new Section("mask", display.runs(files.mask())));
    sections.add(new Section("nifti", files.nifti()));
    files.dicomSeg().ifPresent(bytes -> sections.add(new Section("dicomseg", bytes)));
  }

  private void labels(ClassifyResponse answer) {
    ObjectNode labels = json.putObject("labels");
    model(labels, answer.getModel(), answer.getTiming());
    ArrayNode heads = labels.putArray("pixels");
    for (HeadResult head : answer.getHeadsList()) {
      ObjectNode row = heads.addObject().put("family", head.getName());
      ArrayNode values = row.putArray("values");
      head.getAnswersList().forEach(values::add);
      if (head.hasValue()) {
        values.add(String.format(Locale.ROOT, "%.2f %s", head.getValue(), head.getUnit()).strip());
      }
      head.getProbabilitiesList().stream()
          .filter(each -> head.getAnswersList().contains(each.getName()))
          .mapToDouble(each -> each.getProbability())
          .min()
          .ifPresent(least -> row.put("probability", least));
    }
    ArrayNode headers = labels.putArray("headers");
    answer
        .getHeaderLabelsList()
        .forEach(
            label -> {
              ObjectNode row =
                  headers
                      .addObject()
                      .put("family", label.getFamily())
                      .put("confidence", label.getConfidence());
              ArrayNode values = row.putArray("values");
              label.getValuesList().forEach(values::add);
            });
    ArrayNode disagreements = labels.putArray("disagreements");
    answer.getDisagreementsList().forEach(each -> disagreements.add(each.getFamily()));
  }

  private static void model(ObjectNode node, ModelUsed model, Timing timing) {
    node.put("model", model.getName())
        .put("version", model.getVersion())
        .put("provider", model.getProvider())
        .put("windows", timing.getWindows())
        .put("queue_ms", timing.getQueueMs())
        .put("infer_ms", timing.getInferMs())
        .put("prepare_ms", timing.getPrepareMs())
        .put("finish_ms", timing.getFinishMs());
  }

  private byte[] bytes() throws IOException {
    ArrayNode list = json.putArray("sections");
    sections.forEach(
        each -> list.addObject().put("name", each.name()).put("bytes", each.bytes().length));
    byte[] head = mapper.writeValueAsBytes(json);
    ByteArrayOutputStream out =
        new ByteArrayOutputStream(head.length + 4 + sections.get(0).bytes().length);
    out.write(ByteBuffer.allocate(4).order(ByteOrder.LITTLE_ENDIAN).putInt(head.length).array());
    out.write(head);
    for (Section section : sections) {
      out.write(section.bytes());
    }
    return out.toByteArray();
  }
}
