// Wires the page: a scan comes in, goes to the server, and its answers are shown. Nothing is written to any storage of
// the browser; what is in memory goes with the next scan or with the page.

import * as server from "./server.js";
import { seriesOf } from "./dicom.js";
import { Viewer } from "./viewer.js";
import * as findings from "./findings.js";

const $ = (id) => document.getElementById(id);
const viewer = new Viewer();
const CT = [["Soft tissue", 40, 400], ["Liver", 60, 180], ["Lung", -600, 1500], ["Bone", 400, 1800], ["Brain", 40, 80]];
const POLL = 2000;

let scan = null; // {kind, series: [{title, files}]}
let busy = false;
let urls = [];

function say(text, error = false) {
  $("message").textContent = text;
  $("message").classList.toggle("error", error);
}

function progress(text, share) {
  say(text);
  $("progress-row").hidden = false;
  if (share === undefined) $("progress").removeAttribute("value");
  else $("progress").value = share;
}

// ---- The server's state

function fill(select, task, list) {
  const chosen = select.value;
  const names = [...new Set(list.filter((model) => model.task === task).map(({ name }) => name))];
  const wanted = [...names, "-"];
  if (wanted.join("\n") === [...select.options].map(({ value }) => value).join("\n")) return;
  select.replaceChildren(...wanted.map((name) => new Option(name === "-" ? "nobody" : name, name)));
  if (wanted.includes(chosen)) select.value = chosen;
}

async function refresh() {
  try {
    const status = await server.status();
    $("token-card").hidden = true;
    const waiting = status.models.reduce((sum, model) => sum + (model.waiting ?? 0), 0);
    const serving = status.models.filter(({ ready }) => ready).length;
    const text = `${status.ready ? "● serving" : "○ not ready"} · ${serving} model${serving === 1 ? "" : "s"} · ${status.pending_scans} scan${status.pending_scans === 1 ? "" : "s"}, ${waiting} window${waiting === 1 ? "" : "s"} waiting`;
    // Only a change is announced to a screen reader.
    if ($("health").textContent !== text) $("health").textContent = text;
    $("health").className = "chip " + (status.ready ? "good" : "bad");
    $("server-note").textContent = "radnet " + status.version;
    findings.models($("model-rows"), status.models);
    fill($("segmentation"), "SEGMENTATION", status.models);
    fill($("labels"), "LABELS", status.models);
  } catch (failure) {
    $("health").className = "chip bad";
    $("health").textContent = failure.status === 401 ? "a token is needed" : "○ the server does not answer";
    $("token-card").hidden = failure.status !== 401;
  }
}

async function watch() {
  await refresh();
  setTimeout(watch, POLL);
}

// ---- A scan comes in

async function take(files) {
  if (busy || !files.length) return;
  busy = true;
  try {
    const nifti = files.filter(({ name }) => /\.nii(\.gz)?$/i.test(name));
    if (nifti.length === 1 && files.length === 1) {
      scan = { kind: "nifti", series: [{ title: "NIfTI file", files: nifti }] };
    } else {
      const series = await seriesOf(files, (share) => progress("Looking at the headers …", share));
      if (!series.length) throw new Error("no DICOM file among them (expected: DICOM, or one NIfTI file)");
      scan = { kind: "dicom", series };
    }
    $("series").replaceChildren(...scan.series.map(({ title, files: own }, n) => new Option(`${title} (${own.length})`, n)));
    $("series-row").hidden = scan.series.length < 2;
    $("run").disabled = false;
    $("scan-name").textContent = scan.kind === "nifti" ? "One NIfTI file" : `${scan.series.length} DICOM series, ${files.length} files`;
    say("");
  } catch (failure) {
    say(failure.message, true);
  } finally {
    busy = false;
    $("progress-row").hidden = true;
  }
  if (scan?.series.length === 1) await run();
  else if (scan) {
    say("Choose a series, then Analyse.");
    $("series").focus();
  }
}

async function run() {
  if (busy || !scan) return;
  busy = true;
  $("run").disabled = true;
  const series = scan.series[Number($("series").value) || 0];
  const start = performance.now();
  try {
    const view = await server.analyse(scan.kind, series.files, $("segmentation").value, $("labels").value, progress);
    show(view, scan.kind === "nifti" ? "NIfTI" : `${series.title} · ${series.files.length} files`);
    say(`Done in ${((performance.now() - start) / 1000).toFixed(1)} s${view.mask ? `, ${view.mask.windows} windows on ${view.mask.provider}` : ""}.`);
  } catch (failure) {
    say(failure.message, true);
  } finally {
    busy = false;
    $("run").disabled = false;
    $("progress-row").hidden = true;
    refresh();
  }
}

// ---- Its answers are shown

function download(link, data, type) {
  link.hidden = !data;
  if (!data) return;
  const url = URL.createObjectURL(new Blob([data], { type }));
  urls.push(url);
  link.href = url;
}

function show(view, name) {
  urls.forEach((url) => URL.revokeObjectURL(url));
  urls = [];
  $("drop").hidden = true;
  for (const id of ["panes", "window-card", "another"]) $(id).hidden = false;
  $("volumes-card").hidden = !view.mask;
  $("labels-card").hidden = !view.labels;
  const mm = view.spacing.map((each) => each.toFixed(2)).join(" × ");
  $("scan-name").textContent = `${name} · ${view.size.join(" × ")} voxels of ${mm} mm`;
  const notes = [...view.warnings];
  if (view.tilt > 5) notes.push(`The scan is oblique: planes follow its own axes, ${view.tilt.toFixed(0)}° off the patient's.`);
  if (view.step.some((each) => each > 1)) notes.push("Shown coarser than it is; volumes and downloads are of the full scan.");
  $("warnings").replaceChildren(...notes.map((text) => Object.assign(document.createElement("li"), { textContent: text })));
  if (view.mask) {
    findings.volumes($("volumes"), view.mask.labels, viewer);
    download($("nifti"), view.data.nifti, "application/gzip");
    download($("dicomseg"), view.data.dicomseg, "application/dicom");
  }
  if (view.labels) findings.labels($("label-rows"), view.labels);
  windows(view);
  viewer.load(view);
}

function windows(view) {
  const [low, high] = view.window;
  const said = view.labels?.headers.find(({ family }) => family === "modality") ?? view.labels?.pixels.find(({ family }) => family === "modality");
  const ct = said ? said.values.includes("CT") : low < -500;
  const presets = [["Automatic", (low + high) / 2, high - low], ...(ct ? CT : [["Narrow", (low + high) / 2, (high - low) / 2], ["Wide", (low + high) / 2, (high - low) * 2]])];
  const reach = Math.max(high - low, ct ? 2000 : 0);
  $("level").min = Math.floor(low - reach / 2);
  $("level").max = Math.ceil(high + reach / 2);
  $("width").max = Math.ceil(2 * reach);
  $("level").step = $("width").step = reach > 50 ? 1 : reach / 500;
  $("width").min = $("width").step;
  $("presets").replaceChildren(
    ...presets.map(([name, level, width]) => {
      const button = Object.assign(document.createElement("button"), { className: "button", textContent: name });
      button.addEventListener("click", () => {
        $("level").value = level;
        $("width").value = width;
        apply();
        press(button);
      });
      return button;
    }),
  );
  $("presets").children[ct ? 1 : 0].click();
}

function press(button) {
  for (const each of $("presets").children) each.setAttribute("aria-pressed", String(each === button));
}

function apply() {
  const level = Number($("level").value);
  const width = Number($("width").value);
  $("level-value").textContent = level.toFixed(0);
  $("width-value").textContent = width.toFixed(0);
  viewer.setWindow(level - width / 2, level + width / 2);
}

// ---- Dropping and choosing

async function entries(items) {
  const files = [];
  const walk = async (entry) => {
    if (entry.isFile) files.push(await new Promise((resolve, reject) => entry.file(resolve, reject)));
    else {
      const reader = entry.createReader();
      for (;;) {
        const some = await new Promise((resolve, reject) => reader.readEntries(resolve, reject));
        if (!some.length) return;
        for (const each of some) await walk(each);
      }
    }
  };
  for (const entry of items) await walk(entry);
  return files;
}

addEventListener("dragover", (event) => {
  event.preventDefault();
  document.body.classList.add("over");
});
addEventListener("dragleave", (event) => {
  if (!event.relatedTarget) document.body.classList.remove("over");
});
addEventListener("drop", async (event) => {
  event.preventDefault();
  document.body.classList.remove("over");
  const items = [...event.dataTransfer.items].map((item) => item.webkitGetAsEntry()).filter(Boolean);
  try {
    take(await entries(items));
  } catch {
    say("the files cannot be read", true);
  }
});
for (const id of ["files", "folder"]) {
  $(id).addEventListener("change", async (event) => {
    const files = [...event.target.files];
    await take(files);
    event.target.value = "";
  });
}
$("run").addEventListener("click", run);
$("another").addEventListener("click", () => {
  $("panes").hidden = true;
  $("drop").hidden = false;
  $("files").focus();
});
for (const id of ["level", "width"]) {
  $(id).addEventListener("input", () => {
    press(null);
    apply();
  });
}
$("opacity").addEventListener("input", () => {
  $("opacity-value").textContent = $("opacity").value + " %";
  viewer.setOpacity($("opacity").value / 100);
});
$("opacity-value").textContent = $("opacity").value + " %";
$("token-form").addEventListener("submit", (event) => {
  event.preventDefault();
  server.useToken($("token").value);
  $("token").value = "";
  refresh();
});
watch();
