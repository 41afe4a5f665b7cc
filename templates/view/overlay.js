// Boxes and trails of the tracked objects over the playing video.
const TRAIL = 2;
const LABELS = 14;

class Overlay {
  constructor(player, tracks) {
    Object.assign(this, { player, evidence: [], boxes: memory.get("boxes", "on") === "on", trails: memory.get("trails", "off") === "on" });
    this.names = Object.keys(tracks);
    this.keys = this.names.map((name) => tracks[name]);
    player.listeners.push((time) => this.draw(time));
  }

  // Where an object is at a frame (not a whole number between two): [left, top, right, bottom, visible share].
  static at(keys, frame) {
    let low = 0, high = keys.length - 1;
    if (frame <= keys[0][0]) return keys[0].slice(1);
    if (frame >= keys[high][0]) return keys[high].slice(1);
    while (high - low > 1) {
      const middle = (low + high) >> 1;
      if (keys[middle][0] <= frame) low = middle; else high = middle;
    }
    const share = (frame - keys[low][0]) / (keys[high][0] - keys[low][0]);
    return keys[low].slice(1).map((value, i) => value + share * (keys[high][i + 1] - value));
  }

  draw(time) {
    const { canvas, screen, clip } = this.player;
    const ratio = Math.min(devicePixelRatio || 1, 2);
    const room = screen.getBoundingClientRect();
    const scale = Math.min(room.width / clip.width, room.height / clip.height);
    const width = clip.width * scale, height = clip.height * scale;
    const left = (room.width - width) / 2, top = (room.height - height) / 2;
    if (canvas.width !== Math.round(room.width * ratio) || canvas.height !== Math.round(room.height * ratio)) {
      canvas.width = Math.round(room.width * ratio);
      canvas.height = Math.round(room.height * ratio);
    }
    const pen = canvas.getContext("2d");
    pen.setTransform(ratio, 0, 0, ratio, 0, 0);
    pen.clearRect(0, 0, room.width, room.height);
    if (!this.boxes && !this.trails) return;
    const frame = time * clip.fps;
    const looked = new Set(this.evidence.filter((span) => span.start <= time && time <= span.end).flatMap((span) => span.objects));
    pen.save();
    pen.translate(left, top);
    pen.beginPath();
    pen.rect(0, 0, width, height);
    pen.clip();
    pen.font = "600 11px system-ui, sans-serif";
    pen.lineJoin = "round";
    const order = this.names.map((_, i) => i).sort((a, b) => looked.has(this.names[a]) - looked.has(this.names[b]));
    const labelled = this.names.length <= LABELS;
    this.labels = []; // [left, top, right] of those that are written, so that none lies on another
    for (const i of order) {
      const name = this.names[i], strong = looked.has(name);
      const colour = strong ? "#ffb020" : `hsl(${(i * 137.5 + 190) % 360} 85% 72%)`;
      if (this.trails) this.trail(pen, this.keys[i], frame, clip, width, height, colour);
      if (this.boxes) this.box(pen, Overlay.at(this.keys[i], frame), width, height, colour, strong, labelled || strong ? name : "");
    }
    pen.restore();
  }

  box(pen, [l, t, r, b, visible], width, height, colour, strong, label) {
    if (r <= 0 || b <= 0 || l >= 1 || t >= 1 || r - l <= 0) return;
    const x = l * width, y = t * height, w = (r - l) * width, h = (b - t) * height;
    const hidden = visible < 0.05;
    pen.globalAlpha = hidden ? 0.55 : 1;
    for (const [line, style] of [[strong ? 5 : 3.5, "rgba(0,0,0,.55)"], [strong ? 2.5 : 1.5, colour]]) {
      pen.setLineDash(hidden ? [5, 4] : []);
      pen.lineWidth = line;
      pen.strokeStyle = style;
      pen.strokeRect(x, y, w, h);
    }
    pen.setLineDash([]);
    if (label && (!hidden || strong)) {
      const wide = pen.measureText(label).width + 8;
      const from = clamp(x - 1, 0, Math.max(0, width - wide));
      const places = [y - 16, y + h + 1, y - 31, y + h + 16, y - 46, y + 1];
      const free = (top) => top >= 0 && top + 15 <= height && !this.labels.some(([l, t, r]) => l < from + wide && from < r && Math.abs(t - top) < 15);
      const at = places.find(free) ?? (strong ? clamp(y - 16, 0, height - 15) : null);
      if (at === null) { pen.globalAlpha = 1; return; }
      this.labels.push([from, at, from + wide]);
      pen.fillStyle = strong ? colour : "rgba(12,15,20,.82)";
      pen.fillRect(from, at, wide, 15);
      pen.fillStyle = strong ? "#1a1200" : colour;
      pen.fillText(label, from + 4, at + 11);
    }
    pen.globalAlpha = 1;
  }

  trail(pen, keys, frame, clip, width, height, colour) {
    const steps = 24, from = Math.max(keys[0][0], frame - TRAIL * clip.fps);
    let before = null;
    pen.strokeStyle = colour;
    pen.lineWidth = 2;
    for (let k = 0; k <= steps; k++) {
      const [l, t, r, b, visible] = Overlay.at(keys, from + (frame - from) * k / steps);
      const here = visible >= 0.05 ? [(l + r) / 2 * width, (t + b) / 2 * height] : null;
      if (here && before) {
        pen.globalAlpha = 0.9 * k / steps;
        pen.beginPath();
        pen.moveTo(...before);
        pen.lineTo(...here);
        pen.stroke();
      }
      before = here;
    }
    pen.globalAlpha = 1;
  }

  toggle(name) {
    this[name] = !this[name];
    memory.set(name, this[name] ? "on" : "off");
    this.draw(this.player.now);
    return this[name];
  }
}
