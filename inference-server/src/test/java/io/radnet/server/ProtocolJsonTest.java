package io.radnet.server;

import static org.assertj.core.api.Assertions.assertThat;

import io.radnet.proto.inference.InferParameter;
import io.radnet.proto.inference.ModelInferRequest;
import io.radnet.proto.inference.ModelMetadataResponse;
import io.radnet.proto.inference.StatisticDuration;
import org.junit.jupiter.api.Test;

/** What protobuf's own JSON writes as strings or leaves out. */
final class ProtocolJsonTest {
  @Test
  void shapesAreNumbersAndEmptyListsAreThere() {
    ModelMetadataResponse metadata =
        ModelMetadataResponse.newBuilder()
            .setName("m")
            .addVersions("1")
            .addInputs(
                ModelMetadataResponse.TensorMetadata.newBuilder()
                    .setName("volume")
                    .setDatatype("FP32")
                    .addShape(-1)
                    .addShape(1L << 40))
            .build();
    assertThat(ProtocolJson.of(metadata))
        .isEqualTo(
            "{\"name\":\"m\",\"versions\":[\"1\"],\"platform\":\"\",\"inputs\":[{\"name\":\"volume\","
                + "\"datatype\":\"FP32\",\"shape\":[-1,1099511627776]}],\"outputs\":[]}");
  }

  @Test
  void zerosAndTheLargestCountsAreNumbers() {
    assertThat(ProtocolJson.of(StatisticDuration.getDefaultInstance()))
        .isEqualTo("{\"count\":0,\"ns\":0}");
    assertThat(ProtocolJson.of(StatisticDuration.newBuilder().setCount(-1).setNs(7).build()))
        .isEqualTo("{\"count\":18446744073709551615,\"ns\":7}");
  }

  @Test
  void valuesOfMapsAreNumbersToo() {
    ModelInferRequest request =
        ModelInferRequest.newBuilder()
            .putParameters("priority", InferParameter.newBuilder().setInt64Param(3).build())
            .putParameters("text", InferParameter.newBuilder().setStringParam("3").build())
            .build();
    assertThat(ProtocolJson.of(request))
        .contains(
            "\"parameters\":{\"priority\":{\"int64_param\":3},\"text\":{\"string_param\":\"3\"}}");
  }
}
