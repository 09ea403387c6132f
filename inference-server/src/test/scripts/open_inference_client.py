"""Calls a server of the Open Inference Protocol from other code than ours: gRPC's own core and Python's protobuf and HTTP.

Usage: python3 open_inference_client.py GRPC_PORT HTTP_PORT PROTO_FOLDER

The server has the model "sum" (inputs a and b, FP32 [-1, 4]; output y = a + b) under explicit load control. Needs Debian's
python3-grpcio and python3-grpc-tools. Prints one line for each thing that is not as the protocol says; the exit code tells.
"""
import gzip
import http.client
import importlib
import json
import struct
import sys
import tempfile
import zlib

import grpc
from grpc_tools import protoc

PROTOS = ("inference/grpc_service.proto", "inference/model_config.proto")
A = (1.5, -2.0, 3.25, 1e-3)
B = (0.1, 0.2, -0.3, 1e3)
FAILURES = []


def check(what, given, expected):
    if given != expected:
        FAILURES.append(f"{what}: {given} (expected: {expected})")


def floats(values):
    return struct.pack("<4f", *values)


def single(value):
    return struct.unpack("<f", struct.pack("<f", value))[0]


def generated(folder):
    target = tempfile.mkdtemp()
    arguments = ["protoc", f"-I{folder}", f"--python_out={target}", f"--grpc_python_out={target}", *PROTOS]
    if protoc.main(arguments) != 0:
        raise SystemExit("protoc failed")
    sys.path.insert(0, target)
    return (importlib.import_module("inference.grpc_service_pb2"), importlib.import_module("inference.grpc_service_pb2_grpc"))


def request(pb, raw, name="sum", wanted=("y",), **more):
    message = pb.ModelInferRequest(model_name=name, **more)
    for tensor, values in (("a", A), ("b", B)):
        given = message.inputs.add(name=tensor, datatype="FP32", shape=[1, 4])
        if raw:
            message.raw_input_contents.append(floats(values))
        else:
            given.contents.fp32_contents.extend(values)
    for output in wanted:
        message.outputs.add(name=output)
    return message


def status(call, message):
    try:
        call(message)
        return grpc.StatusCode.OK
    except grpc.RpcError as failure:
        return failure.code()


def over_grpc(port, pb, stubs):
    code = grpc.StatusCode
    with grpc.insecure_channel(f"127.0.0.1:{port}") as channel:
        stub = stubs.GRPCInferenceServiceStub(channel)
        check("RepositoryModelLoad", status(stub.RepositoryModelLoad, pb.RepositoryModelLoadRequest(model_name="sum")), code.OK)
        check("ServerLive", stub.ServerLive(pb.ServerLiveRequest()).live, True)
        check("ServerReady", stub.ServerReady(pb.ServerReadyRequest()).ready, True)
        check("ModelReady", stub.ModelReady(pb.ModelReadyRequest(name="sum")).ready, True)
        check("ModelReady of an unknown model", stub.ModelReady(pb.ModelReadyRequest(name="none")).ready, False)
        check("ServerMetadata has a name", stub.ServerMetadata(pb.ServerMetadataRequest()).name != "", True)
        metadata = stub.ModelMetadata(pb.ModelMetadataRequest(name="sum"))
        check("inputs", [(i.name, i.datatype, list(i.shape)) for i in metadata.inputs], [("a", "FP32", [-1, 4]), ("b", "FP32", [-1, 4])])
        check("outputs", [(o.name, o.datatype, list(o.shape)) for o in metadata.outputs], [("y", "FP32", [-1, 4])])
        check("ModelConfig", stub.ModelConfig(pb.ModelConfigRequest(name="sum")).config.name, "sum")

        answer = stub.ModelInfer(request(pb, True, id="first"))
        check("id", answer.id, "first")
        check("model", (answer.model_name, answer.model_version), ("sum", "1"))
        check("output", [(o.name, o.datatype, list(o.shape)) for o in answer.outputs], [("y", "FP32", [1, 4])])
        sums = [single(a) + single(b) for a, b in zip(A, B)]
        check("sum", answer.raw_output_contents[0], floats(sums))
        check("typed contents", stub.ModelInfer(request(pb, False)).raw_output_contents[0], answer.raw_output_contents[0])
        check("no outputs named", len(stub.ModelInfer(request(pb, True, wanted=())).outputs), 1)

        check("unknown model", status(stub.ModelInfer, request(pb, True, name="none")), code.NOT_FOUND)
        check("unknown version", status(stub.ModelInfer, request(pb, True, model_version="7")), code.NOT_FOUND)
        check("unknown output", status(stub.ModelInfer, request(pb, True, wanted=("z",))), code.INVALID_ARGUMENT)
        short = request(pb, True)
        short.raw_input_contents[1] = short.raw_input_contents[1][:-1]
        check("raw content of another size", status(stub.ModelInfer, short), code.INVALID_ARGUMENT)
        fewer = request(pb, True)
        del fewer.raw_input_contents[1]
        check("fewer raw contents than inputs", status(stub.ModelInfer, fewer), code.INVALID_ARGUMENT)
        both = request(pb, True)
        both.inputs[0].contents.fp32_contents.extend(A)
        check("raw and typed contents", status(stub.ModelInfer, both), code.INVALID_ARGUMENT)
        other = request(pb, True)
        other.inputs[0].datatype = "FP64"
        check("another datatype", status(stub.ModelInfer, other), code.INVALID_ARGUMENT)

        sent = [request(pb, True, id="1"), request(pb, True, id="2", wanted=("z",)), request(pb, True, id="3")]
        streamed = list(stub.ModelStreamInfer(iter(sent)))
        check("streamed", [(s.infer_response.id, s.error_message != "") for s in streamed], [("1", False), ("2", True), ("3", False)])

        statistics = stub.ModelStatistics(pb.ModelStatisticsRequest(name="sum")).model_stats[0]
        check("successes counted", statistics.inference_stats.success.count, 5)
        check("inferences counted", statistics.inference_count, 5)
        index = stub.RepositoryIndex(pb.RepositoryIndexRequest()).models
        check("index", [(m.name, m.state) for m in index], [("sum", "READY")])
        return answer.raw_output_contents[0]


def unload(stub, pb):
    stub.RepositoryModelUnload(pb.RepositoryModelUnloadRequest(model_name="sum"))
    check("ModelReady after unload", stub.ModelReady(pb.ModelReadyRequest(name="sum")).ready, False)


def over_http(port, expected):
    connection = http.client.HTTPConnection("127.0.0.1", port, timeout=30)

    def ask(method, path, body=None, headers=None):
        connection.request(method, path, body=body, headers=headers or {})
        answer = connection.getresponse()
        return answer.status, answer.headers, answer.read()

    for path in ("/v2/health/live", "/v2/health/ready", "/v2/models/sum/ready", "/v2/models/sum/versions/1/ready"):
        check(path, ask("GET", path)[0], 200)
    check("/v2", "name" in json.loads(ask("GET", "/v2")[2]), True)
    check("/v2/models/sum", json.loads(ask("GET", "/v2/models/sum")[2])["inputs"][0], {"name": "a", "datatype": "FP32", "shape": [-1, 4]})
    check("unknown model", ask("GET", "/v2/models/none")[0], 404)
    statistics = json.loads(ask("GET", "/v2/models/sum/stats")[2])["model_stats"][0]
    check("statistics", (statistics["inference_count"], statistics["inference_stats"]["cache_hit"]), (5, {"count": 0, "ns": 0}))
    check("config", json.loads(ask("GET", "/v2/models/sum/config")[2])["input"][0]["dims"], [4])

    def tensor(name, **more):
        return {"name": name, "datatype": "FP32", "shape": [1, 4], **more}

    body = {"id": "j", "inputs": [tensor("a", data=A), tensor("b", data=[list(B)])]}
    code, _, answer = ask("POST", "/v2/models/sum/infer", json.dumps(body), {"Content-Type": "application/json"})
    check("JSON", code, 200)
    document = json.loads(answer)
    check("JSON id", document.get("id"), "j")
    check("JSON data", floats(document["outputs"][0]["data"]), expected)

    size = {"parameters": {"binary_data_size": 16}}
    head = json.dumps({"inputs": [tensor("a", **size), tensor("b", **size)], "outputs": [{"name": "y", "parameters": {"binary_data": True}}]}).encode()
    code, headers, answer = ask(
        "POST",
        "/v2/models/sum/versions/1/infer",
        head + floats(A) + floats(B),
        {"Content-Type": "application/octet-stream", "Inference-Header-Content-Length": str(len(head))},
    )
    check("binary", code, 200)
    length = int(headers["Inference-Header-Content-Length"])
    check("binary size", json.loads(answer[:length])["outputs"][0]["parameters"], {"binary_data_size": 16})
    check("binary data", answer[length:], expected)
    # In chunks, without a length, as a streaming client sends it; the same connection is used throughout.
    code, _, answer = ask("POST", "/v2/models/sum/infer", iter([json.dumps(body).encode()[:30], json.dumps(body).encode()[30:]]))
    check("chunked", (code, floats(json.loads(answer)["outputs"][0]["data"]) if code == 200 else answer), (200, expected))
    packed = {"gzip": gzip.compress(json.dumps(body).encode()), "deflate": zlib.compress(json.dumps(body).encode())}
    for coding, content in packed.items():
        code, _, answer = ask("POST", "/v2/models/sum/infer", content, {"Content-Encoding": coding})
        check(coding, (code, floats(json.loads(answer)["outputs"][0]["data"]) if code == 200 else answer), (200, expected))
        for damaged in (content[:-9], b"x" + content):
            check("damaged " + coding, ask("POST", "/v2/models/sum/infer", damaged, {"Content-Encoding": coding})[0], 400)
    check("unknown coding", ask("POST", "/v2/models/sum/infer", b"{}", {"Content-Encoding": "br"})[0], 501)
    code, _, answer = ask("POST", "/v2/models/sum/infer", b"{")
    check("broken JSON", (code, "error" in json.loads(answer)), (400, True))
    check("index", json.loads(ask("POST", "/v2/repository/index", b"{}")[2])[0]["name"], "sum")


def main():
    grpc_port, http_port, folder = sys.argv[1:]
    pb, stubs = generated(folder)
    expected = over_grpc(grpc_port, pb, stubs)
    over_http(int(http_port), expected)
    with grpc.insecure_channel(f"127.0.0.1:{grpc_port}") as channel:
        unload(stubs.GRPCInferenceServiceStub(channel), pb)
    print("\n".join(FAILURES) or "as the protocol says")
    sys.exit(1 if FAILURES else 0)


main()
