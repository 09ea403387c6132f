// The tables beside the pictures. Text is set as text everywhere, never as markup.

import { COLOURS } from "./viewer.js";

function cell(row, text, kind) {
  const td = document.createElement("td");
  td.textContent = text;
  if (kind) td.className = kind;
  row.append(td);
  return td;
}

/** Volumes in ml, with a box each to show or hide. */
export function volumes(body, labels, viewer) {
  body.replaceChildren(
    ...labels.map(({ value, name, ml }) => {
      const row = document.createElement("tr");
      const first = cell(row, "");
      const swatch = document.createElement("span");
      swatch.className = "swatch";
      swatch.style.backgroundColor = `rgb(${COLOURS[(value - 1) % COLOURS.length].join(",")})`;
      first.append(swatch, name);
      cell(row, ml.toLocaleString("en", { minimumFractionDigits: 1, maximumFractionDigits: 1 }), "number");
      const box = document.createElement("input");
      box.type = "checkbox";
      box.checked = true;
      box.setAttribute("aria-label", "Show " + name);
      box.addEventListener("change", () => viewer.show(value, box.checked));
      cell(row, "").append(box);
      return row;
    }),
  );
}

// Two spacings in mm that differ by less than a quarter: the pixels only estimate it.
function close(header, pixel) {
  const ratio = parseFloat(header.values[0]) / parseFloat(pixel.values[0]);
  return ratio > 0.8 && ratio < 1.25;
}

/** What headers and pixels say, family by family, and whether they agree. */
export function labels(body, { pixels, headers, disagreements }) {
  const families = [...new Set([...pixels, ...headers].map(({ family }) => family))];
  body.replaceChildren(
    ...families.map((family) => {
      const header = headers.find((each) => each.family === family);
      const pixel = pixels.find((each) => each.family === family);
      const row = document.createElement("tr");
      cell(row, family.replaceAll("_", " "), "family");
      cell(row, header ? header.values.join(", ") : "–");
      const sure = pixel?.probability ? ` ${Math.round(100 * pixel.probability)} %` : "";
      cell(row, pixel ? (pixel.values.join(", ") || "none") + sure : "–");
      if (!header || !pixel) cell(row, "–", "silent").setAttribute("aria-label", "only one of them says it");
      else if (disagreements.includes(family)) cell(row, "✗ differ", "differ");
      else if (family === "spacing") close(header, pixel) ? cell(row, "✓ agree", "agree") : cell(row, "~ unsure", "silent");
      else if (header.values.some((value) => pixel.values.includes(value))) cell(row, "✓ agree", "agree");
      else cell(row, "~ unsure", "silent");
      return row;
    }),
  );
}

const SPARKS = 40;
const NS = "http://www.w3.org/2000/svg";
const before = new Map();
const history = new Map();

function spark(points) {
  const svg = document.createElementNS(NS, "svg");
  svg.setAttribute("class", "spark");
  svg.setAttribute("viewBox", "0 0 100 24");
  svg.setAttribute("preserveAspectRatio", "none");
  svg.setAttribute("aria-hidden", "true");
  const most = Math.max(1, ...points);
  const line = document.createElementNS(NS, "polyline");
  line.setAttribute("points", points.map((value, n) => `${((n + SPARKS - points.length) * 100) / (SPARKS - 1)},${22 - (20 * value) / most}`).join(" "));
  svg.append(line);
  return svg;
}

/** The models with their queue and latency; called again and again. */
export function models(body, list) {
  body.replaceChildren(
    ...list.map((model) => {
      const row = document.createElement("tr");
      cell(row, model.ready ? `${model.name} ${model.version}` : model.name).title = model.sha256 ? "SHA-256 " + model.sha256 : "";
      if (!model.ready) {
        cell(row, "not ready: " + model.reason, "differ").colSpan = 4;
        return row;
      }
      const key = model.name + "/" + model.version;
      const last = before.get(key) ?? model;
      const fresh = model.requests - last.requests;
      const latency = fresh > 0 ? (model.request_ms - last.request_ms) / fresh : 0;
      const points = [...(history.get(key) ?? []), latency].slice(-SPARKS);
      before.set(key, model);
      history.set(key, points);
      cell(row, model.provider);
      cell(row, String(model.waiting), "number");
      cell(row, model.requests ? (model.request_ms / model.requests).toFixed(0) : "–", "number");
      cell(row, "").append(spark(points));
      return row;
    }),
  );
}
