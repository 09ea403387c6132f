package io.radnet.exporter;

import com.fasterxml.jackson.annotation.JsonIgnore;
import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.databind.PropertyNamingStrategies;
import com.fasterxml.jackson.databind.annotation.JsonNaming;
import io.radnet.exporter.parity.OutputParity;
import io.radnet.exporter.parity.Timing;
import java.nio.file.Path;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What an export did; {@code parity.json} beside the model holds the same without the path.
 *
 * @param format of the JSON, now 1
 * @param model the model's name
 * @param version its number in the repository
 * @param file the model's file
 * @param precision its arithmetic
 * @param tolerance largest relative error that was accepted
 * @param checkpointSha256 checksum of the weights that it came from
 * @param fileBytes of the model, external data included
 * @param weightBytes of the constants in the file
 * @param parameters number of weights in the checkpoint
 * @param randomInputs how many random inputs were compared
 * @param volumes how many real volumes were compared
 * @param outputs each output compared, per source of inputs
 * @param djl one inference in DJL on PyTorch, in single precision
 * @param onnxRuntime one inference of the exported file on ONNX Runtime's CPU provider
 * @param onnxRuntimeFp32 one of the same network in single precision there, measured right before;
 *     absent where the export is in single precision itself
 * @param threads cores that both used
 * @param notes what a reader should know, such as how activations were calibrated
 */
@JsonNaming(PropertyNamingStrategies.SnakeCaseStrategy.class)
@JsonInclude(JsonInclude.Include.NON_NULL)
public record ExportReport(
    int format,
    String model,
    int version,
    @JsonIgnore Path file,
    Precision precision,
    double tolerance,
    String checkpointSha256,
    long fileBytes,
    long weightBytes,
    long parameters,
    int randomInputs,
    int volumes,
    List<OutputParity> outputs,
    Timing djl,
    Timing onnxRuntime,
    @Nullable Timing onnxRuntimeFp32,
    int threads,
    List<String> notes) {
  /** Format of {@code parity.json}. */
  public static final int FORMAT = 1;

  /** Copies the lists. */
  public ExportReport {
    outputs = List.copyOf(outputs);
    notes = List.copyOf(notes);
  }

  /** The largest relative error of any output. */
  public double worstRelative() {
    return outputs.stream().mapToDouble(OutputParity::maxRelative).max().orElse(0);
  }

  /** How many times as fast the exported model is as the network in DJL. */
  public double speedUp() {
    return djl.medianMs() / onnxRuntime.medianMs();
  }

  /** The same with the file where it came to lie; its folder's name is the version. */
  ExportReport publishedAs(Path published) {
    Path folder = java.util.Objects.requireNonNull(published.getParent(), "a version's folder");
    return new ExportReport(
        format,
        model,
        Integer.parseInt(folder.getFileName().toString()),
        published,
        precision,
        tolerance,
        checkpointSha256,
        fileBytes,
        weightBytes,
        parameters,
        randomInputs,
        volumes,
        outputs,
        djl,
        onnxRuntime,
        onnxRuntimeFp32,
        threads,
        notes);
  }
}
