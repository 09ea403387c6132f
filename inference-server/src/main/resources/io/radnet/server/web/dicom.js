// Finds the series of DICOM files by their headers, so that one series is sent and not a whole folder. Everything that
// decides about pixels and geometry is the server's; this reads five attributes and nothing else.

const HEAD = 256 * 1024;
const UNDEFINED = 0xffffffff;
const LONG = new Set(["OB", "OD", "OF", "OL", "OV", "OW", "SQ", "SV", "UC", "UN", "UR", "UT", "UV"]);
const WANTED = new Map([[0x00080060, "modality"], [0x0008103e, "description"], [0x0020000e, "uid"], [0x00200011, "number"]]);
const LAST = 0x00200011;

class Reader {
  constructor(buffer) {
    this.view = new DataView(buffer);
    this.at = 0;
    this.little = true;
    this.explicit = true;
  }

  text(length) {
    const bytes = new Uint8Array(this.view.buffer, this.at, length);
    return String.fromCharCode(...bytes).replace(/[\0 ]+$/, "").trim();
  }

  element() {
    const tag = this.view.getUint16(this.at, this.little) * 0x10000 + this.view.getUint16(this.at + 2, this.little);
    this.at += 4;
    let length;
    if (this.explicit && tag < 0xfffe0000) {
      const vr = String.fromCharCode(this.view.getUint8(this.at), this.view.getUint8(this.at + 1));
      if (LONG.has(vr)) {
        length = this.view.getUint32(this.at + 4, this.little);
        this.at += 8;
      } else {
        length = this.view.getUint16(this.at + 2, this.little);
        this.at += 4;
      }
    } else {
      length = this.view.getUint32(this.at, this.little);
      this.at += 4;
    }
    return { tag, length };
  }

  // Behind a sequence or an item of undefined length, whose end a delimiter marks.
  skip(end) {
    for (;;) {
      const { tag, length } = this.element();
      if (tag === end) return;
      if (length === UNDEFINED) this.skip(tag === 0xfffee000 ? 0xfffee00d : 0xfffee0dd);
      else this.at += length;
    }
  }
}

function attributes(buffer) {
  const reader = new Reader(buffer);
  const found = {};
  reader.at = 128;
  if (buffer.byteLength > 132 && reader.text(4) === "DICM") {
    reader.at = 132;
    while (reader.view.getUint16(reader.at, true) === 2) {
      const { tag, length } = reader.element();
      if (tag === 0x00020010) found.syntax = reader.text(length);
      reader.at += length;
    }
  } else {
    reader.at = 0;
    const vr = buffer.byteLength > 8 ? String.fromCharCode(reader.view.getUint8(4), reader.view.getUint8(5)) : "";
    if (buffer.byteLength < 8 || reader.view.getUint16(0, true) !== 8) return null;
    found.syntax = /^[A-Z]{2}$/.test(vr) ? "" : "1.2.840.10008.1.2";
  }
  if (found.syntax === "1.2.840.10008.1.2.1.99") return found;
  reader.explicit = found.syntax !== "1.2.840.10008.1.2";
  reader.little = found.syntax !== "1.2.840.10008.1.2.2";
  try {
    for (;;) {
      const { tag, length } = reader.element();
      if (tag > LAST) break;
      if (WANTED.has(tag)) found[WANTED.get(tag)] = reader.text(length);
      if (length === UNDEFINED) reader.skip(0xfffee0dd);
      else reader.at += length;
    }
  } catch (outside) {
    // The head of the file ended first: what was found so far counts.
    if (!(outside instanceof RangeError)) throw outside;
  }
  return found;
}

/** The series among files, largest first: [{title, files}]. */
export async function seriesOf(files, progress) {
  const series = new Map();
  let done = 0;
  for (const file of files) {
    const found = attributes(await file.slice(0, HEAD).arrayBuffer());
    progress(++done / files.length);
    if (!found) continue;
    const uid = found.uid ?? "";
    if (!series.has(uid)) series.set(uid, { found, files: [] });
    series.get(uid).files.push(file);
  }
  return [...series.values()]
    .sort((a, b) => b.files.length - a.files.length)
    .map(({ found, files: own }) => ({
      title: [found.number, found.modality, found.description].filter(Boolean).join(" · ") || "Series",
      files: own,
    }));
}
