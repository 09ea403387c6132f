// All that is asked of the server. The token lives in this module's memory and is gone with the page.

let token = "";

export function useToken(text) {
  token = text.trim();
}

function headers() {
  return token ? { Authorization: "Bearer " + token } : {};
}

async function json(path) {
  const answer = await fetch(path, { headers: headers(), cache: "no-store" });
  if (!answer.ok) throw Object.assign(new Error("the server answered " + answer.status), { status: answer.status });
  return answer.json();
}

export function status() {
  return json("web/status");
}

function frames(files) {
  const parts = [];
  for (const file of files) {
    const length = new DataView(new ArrayBuffer(4));
    length.setUint32(0, file.size);
    parts.push(length.buffer, file);
  }
  return new Blob(parts);
}

function parse(buffer) {
  const length = new DataView(buffer).getUint32(0, true);
  const view = JSON.parse(new TextDecoder().decode(new Uint8Array(buffer, 4, length)));
  let at = 4 + length;
  view.data = {};
  for (const section of view.sections) {
    view.data[section.name] = buffer.slice(at, at + section.bytes);
    at += section.bytes;
  }
  return view;
}

/** Sends a scan and returns the view of it. `progress(text, share)`, where share is 0 to 1 or undefined. */
export function analyse(kind, files, segmentation, labels, progress) {
  const job = [...crypto.getRandomValues(new Uint8Array(16))].map((byte) => byte.toString(16).padStart(2, "0")).join("");
  const query = new URLSearchParams({ kind, segmentation, labels, job });
  return new Promise((resolve, reject) => {
    let poll;
    const request = new XMLHttpRequest();
    request.open("POST", "web/scan?" + query);
    Object.entries(headers()).forEach(([name, value]) => request.setRequestHeader(name, value));
    request.responseType = "arraybuffer";
    request.upload.onprogress = (event) => progress("Sending the scan …", event.loaded / event.total);
    request.upload.onload = () => {
      progress("The server reads the scan …");
      poll = setInterval(async () => {
        try {
          const { windows, done } = await json("web/progress?job=" + job);
          if (windows && request.readyState < 3) progress(`Window ${done} of ${windows} …`, done / windows);
        } catch {
          // Another replica, or a busy server: the bar shows no number, the answer still comes.
        }
      }, 400);
    };
    request.onprogress = (event) => progress("Receiving the answer …", event.total ? event.loaded / event.total : undefined);
    request.onloadend = () => {
      clearInterval(poll);
      if (request.status === 200) return resolve(parse(request.response));
      let reason = request.status ? "the server answered " + request.status : "the server cannot be reached";
      try {
        reason = JSON.parse(new TextDecoder().decode(request.response)).error || reason;
      } catch {
        // No text of the server's: the status says it.
      }
      reject(Object.assign(new Error(reason), { status: request.status }));
    };
    request.send(frames(files));
  });
}
