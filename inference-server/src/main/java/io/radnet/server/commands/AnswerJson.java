package io.radnet.server.commands;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.radnet.imaging.AtomicFiles;
import io.radnet.proto.v1.ClassifyResponse;
import io.radnet.proto.v1.EmbedResponse;
import io.radnet.proto.v1.HeadResult;
import io.radnet.proto.v1.ModelUsed;
import io.radnet.proto.v1.ScanSummary;
import io.radnet.proto.v1.Timing;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.List;

/** Answers as one line of JSON each. */
final class AnswerJson {
  private final ObjectMapper mapper = new ObjectMapper();

  /** One line of {@code radnet embed}. */
  String embedding(LocalScans.Scan scan, EmbedResponse answer) {
    ObjectNode row = row(scan, answer.getModel());
    ArrayNode values = row.putArray("embedding");
    answer.getEmbeddingList().forEach(values::add);
    return end(row, answer.getScan(), answer.getTiming());
  }

  /** One line of {@code radnet classify}. */
  String labels(LocalScans.Scan scan, ClassifyResponse answer) {
    ObjectNode row = row(scan, answer.getModel());
    ObjectNode pixels = row.putObject("pixels");
    ObjectNode probabilities = mapper.createObjectNode();
    for (HeadResult head : answer.getHeadsList()) {
      if (head.hasValue()) {
        String suffix = head.getUnit().isEmpty() ? "" : "_" + head.getUnit();
        pixels.put(head.getName() + suffix, head.getValue());
        continue;
      }
      ArrayNode answers = pixels.putArray(head.getName());
      head.getAnswersList().forEach(answers::add);
      ObjectNode classes = probabilities.putObject(head.getName());
      head.getProbabilitiesList()
          .forEach(each -> classes.put(each.getName(), each.getProbability()));
    }
    row.set("probabilities", probabilities);
    ObjectNode headers = row.putObject("headers");
    answer
        .getHeaderLabelsList()
        .forEach(
            label -> {
              ObjectNode header = headers.putObject(label.getFamily());
              ArrayNode values = header.putArray("values");
              label.getValuesList().forEach(values::add);
              header.put("confidence", label.getConfidence());
            });
    ArrayNode disagreements = row.putArray("disagreements");
    answer
        .getDisagreementsList()
        .forEach(
            each ->
                disagreements
                    .addObject()
                    .put("family", each.getFamily())
                    .put("header", each.getHeader())
                    .put("header_confidence", each.getHeaderConfidence())
                    .put("pixels", each.getPixels())
                    .put("pixels_confidence", each.getPixelsConfidence()));
    return end(row, answer.getScan(), answer.getTiming());
  }

  private ObjectNode row(LocalScans.Scan scan, ModelUsed model) {
    return mapper
        .createObjectNode()
        .put("series_uid", scan.uid())
        .put("path", scan.path())
        .put("model", model.getName())
        .put("model_version", model.getVersion())
        .put("provider", model.getProvider());
  }

  private String end(ObjectNode row, ScanSummary scan, Timing timing) {
    row.put("n_volumes", scan.getVolumes());
    ArrayNode warnings = row.putArray("warnings");
    scan.getWarningsList().forEach(warnings::add);
    row.putObject("timing_ms")
        .put("receive", timing.getReceiveMs())
        .put("prepare", timing.getPrepareMs())
        .put("queue", timing.getQueueMs())
        .put("infer", timing.getInferMs())
        .put("finish", timing.getFinishMs());
    try {
      return mapper.writeValueAsString(row);
    } catch (JsonProcessingException impossible) {
      throw new IllegalStateException("a tree is always writable", impossible);
    }
  }

  static void write(Path file, List<String> lines) throws IOException {
    AtomicFiles.write(
        file,
        out -> {
          for (String line : lines) {
            out.write((line + "\n").getBytes(StandardCharsets.UTF_8));
          }
        });
  }
}
