package io.radnet.server;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.radnet.proto.onnx.TensorProto;
import io.radnet.server.model.LoadControl;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** The REST form of the protocol against a real server with real sessions. */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
final class RestInferenceTest {
  private static final String LENGTH = "Inference-Header-Content-Length";

  private final HttpClient http = HttpClient.newHttpClient();
  private final ObjectMapper mapper = new ObjectMapper();
  private RadNetServer server;

  @BeforeAll
  void start(@TempDir Path repository) throws IOException {
    TestModels.sum(repository, "sum");
    TestModels.sum(repository, "other");
    for (String type : List.of("INT16", "UINT16", "UINT32", "UINT64")) {
      TestModels.identity(repository, type, TensorProto.DataType.valueOf(type).getNumber());
    }
    server =
        RadNetServer.start(
            ServerConfig.of(repository).withLoadControl(LoadControl.EXPLICIT, List.of("sum")));
  }

  @AfterAll
  void stop() {
    server.close();
  }

  /** A POST of a JSON object, with double quotes in the place of single ones, and of tensors. */
  private HttpResponse<byte[]> post(String path, String json, float... tensors) throws Exception {
    byte[] head = json.replace('\'', '"').getBytes(StandardCharsets.UTF_8);
    ByteBuffer body =
        ByteBuffer.allocate(head.length + Float.BYTES * tensors.length)
            .order(ByteOrder.LITTLE_ENDIAN);
    body.put(head);
    for (float value : tensors) {
      body.putFloat(value);
    }
    HttpRequest.Builder request =
        HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + server.httpPort() + path))
            .POST(HttpRequest.BodyPublishers.ofByteArray(body.array()));
    if (tensors.length > 0) {
      request.header(LENGTH, Integer.toString(head.length));
    }
    return http.send(request.build(), HttpResponse.BodyHandlers.ofByteArray());
  }

  private static String input(String name, String rest) {
    return "{'name':'" + name + "','datatype':'FP32','shape':[1,4]," + rest + "}";
  }

  private static String request(String a, String b, String rest) {
    return "{'id':'seven','inputs':[" + a + "," + b + "]" + rest + "}";
  }

  @Test
  void carriesBinaryTensorsBothWays() throws Exception {
    String binary = "'parameters':{'binary_data_size':16}";
    HttpResponse<byte[]> answer =
        post(
            "/v2/models/sum/infer",
            request(
                input("a", binary),
                input("b", binary),
                ",'outputs':[{'name':'y','parameters':{'binary_data':true}}]"),
            new float[] {1, 2, 3, 4, 10, 20, 30, 40});
    assertThat(answer.statusCode()).as(new String(answer.body())).isEqualTo(200);
    assertThat(answer.headers().firstValue("Content-Type")).contains("application/octet-stream");
    int length = Integer.parseInt(answer.headers().firstValue(LENGTH).orElseThrow());
    JsonNode json = mapper.readTree(answer.body(), 0, length);
    assertThat(json.path("id").asText()).isEqualTo("seven");
    assertThat(json.path("model_name").asText()).isEqualTo("sum");
    JsonNode output = json.path("outputs").path(0);
    assertThat(output.path("datatype").asText()).isEqualTo("FP32");
    assertThat(output.path("shape").toString()).isEqualTo("[1,4]");
    assertThat(output.path("parameters").path("binary_data_size").asInt()).isEqualTo(16);
    assertThat(output.has("data")).isFalse();
    ByteBuffer tail =
        ByteBuffer.wrap(answer.body(), length, answer.body().length - length)
            .slice()
            .order(ByteOrder.LITTLE_ENDIAN);
    float[] values = new float[4];
    tail.asFloatBuffer().get(values);
    assertThat(tail.remaining()).isEqualTo(16);
    assertThat(values).containsExactly(11, 22, 33, 44);
  }

  @Test
  void mixesBinaryTensorsAndNumbers() throws Exception {
    HttpResponse<byte[]> answer =
        post(
            "/v2/models/sum/versions/1/infer",
            request(
                input("b", "'data':[[1,2,3,4]]"),
                input("a", "'parameters':{'binary_data_size':16}"),
                ",'parameters':{'binary_data_output':true}"
                    + ",'outputs':[{'name':'y','parameters':{'binary_data':false}}]"),
            new float[] {10, 20, 30, 40});
    assertThat(answer.statusCode()).as(new String(answer.body())).isEqualTo(200);
    assertThat(answer.headers().firstValue(LENGTH)).isEmpty();
    assertThat(mapper.readTree(answer.body()).path("outputs").path(0).path("data").toString())
        .isEqualTo("[11.0,22.0,33.0,44.0]");
  }

  @ParameterizedTest
  @CsvSource({
    "INT16, '[0,-1,-32768,32767]'",
    "UINT16, '[0,1,32768,65535]'",
    "UINT32, '[0,1,2147483648,4294967295]'",
    "UINT64, '[0,1,9223372036854775808,18446744073709551615]'"
  })
  void carriesIntegersOfOtherWidthsAsNumbers(String type, String numbers) throws Exception {
    assertThat(post("/v2/repository/models/" + type + "/load", "").statusCode()).isEqualTo(200);
    HttpResponse<byte[]> answer =
        post(
            "/v2/models/" + type + "/infer",
            "{'inputs':[{'name':'x','datatype':'"
                + type
                + "','shape':[1,4],'data':"
                + numbers
                + "}]}");
    assertThat(answer.statusCode()).as(new String(answer.body())).isEqualTo(200);
    assertThat(mapper.readTree(answer.body()).path("outputs").path(0).path("data").toString())
        .isEqualTo(numbers);
    post("/v2/repository/models/" + type + "/unload", "");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "'classification':1",
        "'shared_memory_region':'r'",
        "'shared_memory_region':'r','shared_memory_byte_size':16"
      })
  void refusesWhatItDoesNotDoToAnOutput(String parameters) throws Exception {
    HttpResponse<byte[]> answer =
        post(
            "/v2/models/sum/infer",
            request(
                input("a", "'data':[1,2,3,4]"),
                input("b", "'data':[1,2,3,4]"),
                ",'outputs':[{'name':'y','parameters':{" + parameters + "}}]"));
    assertThat(answer.statusCode()).isEqualTo(501);
    assertThat(new String(answer.body(), StandardCharsets.UTF_8))
        .contains("output y: classification and shared memory are not supported");
  }

  @Test
  void refusesInputsInSharedMemory() throws Exception {
    String shared = "'parameters':{'shared_memory_region':'r','shared_memory_byte_size':16}";
    HttpResponse<byte[]> answer =
        post(
            "/v2/models/sum/infer",
            request(input("a", shared), input("b", "'data':[1,2,3,4]"), ""));
    assertThat(answer.statusCode()).isEqualTo(501);
    assertThat(new String(answer.body(), StandardCharsets.UTF_8)).contains("shared memory");
  }

  @Test
  void listsWhatIsReadyWhereThatIsAsked() throws Exception {
    String index = "/v2/repository/index";
    assertThat(names(post(index, ""))).contains("other", "sum");
    assertThat(names(post(index, "{}"))).contains("other", "sum");
    assertThat(names(post(index, "{'ready':false}"))).contains("other", "sum");
    assertThat(names(post(index, "{'ready':true}"))).containsExactly("sum");
  }

  private List<String> names(HttpResponse<byte[]> index) throws IOException {
    assertThat(index.statusCode()).isEqualTo(200);
    return mapper.readTree(index.body()).findValuesAsText("name");
  }
}
