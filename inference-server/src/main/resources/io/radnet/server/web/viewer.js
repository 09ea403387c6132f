// Three planes through one volume. Voxels run to the patient's left (x), back (y) and head (z), so the axial picture has
// the patient's left on its right side, as radiologists look at it.

/** Colours that people with any colour vision tell apart (Okabe and Ito). */
export const COLOURS = [[242, 169, 59], [86, 180, 233], [64, 200, 150], [240, 228, 66], [220, 140, 190], [240, 120, 60], [120, 160, 255]];

const PLANES = {
  axial: { across: 0, down: 1, through: 2, up: false, letters: "RLAP" },
  coronal: { across: 0, down: 2, through: 1, up: true, letters: "RLSI" },
  sagittal: { across: 1, down: 2, through: 0, up: true, letters: "APSI" },
};
const LINES = { axial: "#7fd4ff", coronal: "#8fe3a8", sagittal: "#ffc46b" };
const TOWARDS = [["right", "left"], ["front", "back"], ["feet", "head"]];

function maskOf(buffer, voxels) {
  const bytes = new Uint8Array(buffer);
  const mask = new Uint8Array(voxels);
  let at = 0;
  let next = 0;
  const varint = () => {
    let value = 0;
    for (let shift = 1; ; shift *= 128) {
      const byte = bytes[at++];
      value += (byte & 127) * shift;
      if (byte < 128) return value;
    }
  };
  while (at < bytes.length) {
    const label = varint();
    const run = varint();
    if (label) mask.fill(label, next, next + run);
    next += run;
  }
  return mask;
}

export class Viewer {
  constructor() {
    this.opacity = 0.35;
    this.hiddenLabels = new Set();
    for (const plane of Object.keys(PLANES)) {
      const canvas = document.getElementById(plane);
      const slider = document.getElementById(plane + "-slice");
      slider.addEventListener("input", () => this.go(PLANES[plane].through, Number(slider.value)));
      canvas.addEventListener("wheel", (event) => {
        event.preventDefault();
        this.go(PLANES[plane].through, this.at[PLANES[plane].through] + Math.sign(event.deltaY));
      }, { passive: false });
      const point = (event) => this.point(plane, canvas, event);
      canvas.addEventListener("pointerdown", (event) => { canvas.setPointerCapture(event.pointerId); point(event); });
      canvas.addEventListener("pointermove", (event) => { if (event.buttons & 1) point(event); });
    }
    new ResizeObserver(() => this.draw()).observe(document.getElementById("panes"));
  }

  /** Shows a view of the server's. */
  load(view) {
    this.size = view.size;
    this.spacing = view.spacing;
    this.voxels = new Int16Array(view.data.volume);
    this.slope = view.slope;
    this.intercept = view.intercept;
    this.mask = view.data.mask ? maskOf(view.data.mask, this.voxels.length) : null;
    this.hiddenLabels.clear();
    this.at = this.middle();
    for (const [plane, { through }] of Object.entries(PLANES)) {
      document.getElementById(plane + "-slice").max = this.size[through] - 1;
    }
    this.draw();
  }

  /** The centre of what is marked, so that the first look shows it; else the centre of the scan. */
  middle() {
    const [w, h, d] = this.size;
    const sum = [0, 0, 0];
    let count = 0;
    if (this.mask) {
      for (let n = 0; n < this.mask.length; n++) {
        if (this.mask[n]) {
          sum[0] += n % w;
          sum[1] += Math.floor(n / w) % h;
          sum[2] += Math.floor(n / (w * h));
          count++;
        }
      }
    }
    return count ? sum.map((each) => Math.round(each / count)) : [w, h, d].map((each) => Math.floor(each / 2));
  }

  setWindow(low, high) {
    this.low = low;
    this.high = high;
    this.draw();
  }

  setOpacity(share) {
    this.opacity = share;
    this.draw();
  }

  show(label, shown) {
    if (shown) this.hiddenLabels.delete(label);
    else this.hiddenLabels.add(label);
    this.draw();
  }

  go(axis, index) {
    if (!this.size) return;
    this.at[axis] = Math.max(0, Math.min(this.size[axis] - 1, index));
    this.draw();
  }

  point(plane, canvas, event) {
    if (!this.size) return;
    const { across, down, up } = PLANES[plane];
    const box = canvas.getBoundingClientRect();
    const place = this.place(plane, canvas);
    const scale = canvas.width / box.width;
    const u = ((event.clientX - box.left) * scale - place.x) / place.w;
    const v = ((event.clientY - box.top) * scale - place.y) / place.h;
    const index = (share, axis) => Math.max(0, Math.min(this.size[axis] - 1, Math.floor(share * this.size[axis])));
    this.at[across] = index(u, across);
    this.at[down] = index(up ? 1 - v : v, down);
    this.draw();
  }

  // Where the picture lies in its canvas: as large as fits, millimetres alike in both directions.
  place(plane, canvas) {
    const { across, down } = PLANES[plane];
    const mmW = this.size[across] * this.spacing[across];
    const mmH = this.size[down] * this.spacing[down];
    const scale = Math.min(canvas.width / mmW, canvas.height / mmH) * 0.96;
    const w = mmW * scale;
    const h = mmH * scale;
    return { x: (canvas.width - w) / 2, y: (canvas.height - h) / 2, w, h };
  }

  draw() {
    if (!this.size || this.low === undefined || this.waiting) return;
    this.waiting = true;
    requestAnimationFrame(() => {
      this.waiting = false;
      Object.keys(PLANES).forEach((plane) => this.drawPlane(plane));
    });
  }

  drawPlane(plane) {
    const { across, down, through, up, letters } = PLANES[plane];
    const canvas = document.getElementById(plane);
    const ratio = window.devicePixelRatio || 1;
    canvas.width = Math.max(1, Math.round(canvas.clientWidth * ratio));
    canvas.height = Math.max(1, Math.round(canvas.clientHeight * ratio));
    const context = canvas.getContext("2d");
    const place = this.place(plane, canvas);
    const { image, overlay } = this.pictures(across, down, through, up);
    context.imageSmoothingQuality = "high";
    context.drawImage(image, place.x, place.y, place.w, place.h);
    if (overlay) {
      context.imageSmoothingEnabled = false;
      context.drawImage(overlay, place.x, place.y, place.w, place.h);
      this.outline(context, plane, place, ratio);
    }
    this.crosshair(context, plane, place, ratio);
    context.fillStyle = "#dfe8ee";
    context.font = `600 ${13 * ratio}px system-ui, sans-serif`;
    context.textAlign = "center";
    context.textBaseline = "middle";
    context.shadowColor = "#000";
    context.shadowBlur = 5 * ratio;
    const edge = 12 * ratio;
    context.fillText(letters[0], edge, canvas.height / 2);
    context.fillText(letters[1], canvas.width - edge, canvas.height / 2);
    context.fillText(letters[2], canvas.width / 2, edge);
    context.fillText(letters[3], canvas.width / 2, canvas.height - edge);
    this.describe(plane, canvas, through);
  }

  describe(plane, canvas, through) {
    const slider = document.getElementById(plane + "-slice");
    const index = this.at[through];
    const mm = (index * this.spacing[through]).toFixed(0);
    const text = `${index + 1} / ${this.size[through]} · ${mm} mm`;
    slider.value = index;
    slider.setAttribute("aria-valuetext", `${text} towards the ${TOWARDS[through][1]}`);
    document.getElementById(plane + "-where").textContent = text;
    canvas.setAttribute("aria-label", `${plane} slice ${index + 1} of ${this.size[through]}`);
  }

  pictures(across, down, through, up) {
    const strides = [1, this.size[0], this.size[0] * this.size[1]];
    const w = this.size[across];
    const h = this.size[down];
    const grey = new ImageData(w, h);
    const colour = this.mask ? new ImageData(w, h) : null;
    const gain = (255 * this.slope) / (this.high - this.low);
    const bias = (255 * (this.intercept - this.low)) / (this.high - this.low);
    const base = this.at[through] * strides[through];
    for (let row = 0; row < h; row++) {
      const line = base + (up ? h - 1 - row : row) * strides[down];
      for (let column = 0; column < w; column++) {
        const voxel = line + column * strides[across];
        const pixel = 4 * (row * w + column);
        const value = this.voxels[voxel] * gain + bias;
        grey.data[pixel] = grey.data[pixel + 1] = grey.data[pixel + 2] = value;
        grey.data[pixel + 3] = 255;
        const label = colour ? this.mask[voxel] : 0;
        if (label && !this.hiddenLabels.has(label)) {
          const [r, g, b] = COLOURS[(label - 1) % COLOURS.length];
          colour.data[pixel] = r;
          colour.data[pixel + 1] = g;
          colour.data[pixel + 2] = b;
          colour.data[pixel + 3] = 255 * this.opacity;
        }
      }
    }
    return { image: this.canvas(grey), overlay: colour && this.canvas(colour) };
  }

  // A line along every voxel face where the label changes: as thin on coarse voxels as on fine ones.
  outline(context, plane, place, ratio) {
    const { across, down, through, up } = PLANES[plane];
    const strides = [1, this.size[0], this.size[0] * this.size[1]];
    const w = this.size[across];
    const h = this.size[down];
    const base = this.at[through] * strides[through];
    const label = (column, row) => {
      if (column < 0 || column >= w || row < 0 || row >= h) return 0;
      const found = this.mask[base + (up ? h - 1 - row : row) * strides[down] + column * strides[across]];
      return this.hiddenLabels.has(found) ? 0 : found;
    };
    const paths = new Map();
    const line = (value, x1, y1, x2, y2) => {
      if (!paths.has(value)) paths.set(value, new Path2D());
      const path = paths.get(value);
      path.moveTo(place.x + (x1 * place.w) / w, place.y + (y1 * place.h) / h);
      path.lineTo(place.x + (x2 * place.w) / w, place.y + (y2 * place.h) / h);
    };
    for (let row = 0; row <= h; row++) {
      for (let column = 0; column <= w; column++) {
        const here = label(column, row);
        const left = label(column - 1, row);
        const above = label(column, row - 1);
        if (here !== left) line(here || left, column, row, column, row + 1);
        if (here !== above) line(here || above, column, row, column + 1, row);
      }
    }
    context.lineWidth = 2 * ratio;
    context.lineCap = "round";
    context.globalAlpha = Math.min(1, this.opacity * 2.5);
    for (const [value, path] of paths) {
      context.strokeStyle = `rgb(${COLOURS[(value - 1) % COLOURS.length].join(",")})`;
      context.stroke(path);
    }
    context.globalAlpha = 1;
  }

  canvas(data) {
    const canvas = new OffscreenCanvas(data.width, data.height);
    canvas.getContext("2d").putImageData(data, 0, 0);
    return canvas;
  }

  crosshair(context, plane, place, ratio) {
    const { across, down, up } = PLANES[plane];
    context.lineWidth = ratio;
    context.globalAlpha = 0.55;
    for (const [other, { through }] of Object.entries(PLANES)) {
      if (other === plane) continue;
      context.strokeStyle = LINES[other];
      context.beginPath();
      const share = (this.at[through] + 0.5) / this.size[through];
      if (through === across) {
        context.moveTo(place.x + share * place.w, place.y);
        context.lineTo(place.x + share * place.w, place.y + place.h);
      } else if (through === down) {
        const y = place.y + (up ? 1 - share : share) * place.h;
        context.moveTo(place.x, y);
        context.lineTo(place.x + place.w, y);
      }
      context.stroke();
    }
    context.globalAlpha = 1;
  }
}
