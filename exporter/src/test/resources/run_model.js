// Runs a model in ONNX Runtime for Node (native or WebAssembly) on a fixed input and prints the first output as JSON.
// Usage: node run_model.js NODE_MODULES/onnxruntime-node MODEL.onnx
const fs = require("fs");
const [, , runtime, model] = process.argv;
const ort = require(runtime);
(async () => {
  if (ort.env && ort.env.wasm) ort.env.wasm.numThreads = 1;
  const session = await ort.InferenceSession.create(fs.readFileSync(model));
  const dims = [1, 1, 16, 48, 48];
  const values = Float32Array.from({ length: 16 * 48 * 48 }, (_, i) => ((i * 7919) % 1000) / 1000);
  const answer = await session.run({ volume: new ort.Tensor("float32", values, dims) });
  const first = answer[session.outputNames[0]];
  process.stdout.write(JSON.stringify({ dims: first.dims, values: Array.from(first.data) }));
})().catch((failure) => {
  console.error(String(failure));
  process.exit(1);
});
