// Boxes and outlines by the second, drawn over the picture by a pointer; or typed, as the text that is sent.
class Drawing {
  constructor(player, outline) {
    Object.assign(this, { player, outline, shapes: new Map(), going: null });
    this.pen = el("canvas", { class: "pen", "aria-hidden": "true" });
    player.canvas.after(this.pen);
    this.pen.addEventListener("pointerdown", (event) => this.begin(event));
    this.pen.addEventListener("pointermove", (event) => this.move(event));
    for (const name of ["pointerup", "pointercancel"]) this.pen.addEventListener(name, () => this.end());
    const to = (by, sign) => el("button", { type: "button", class: "plain", title: `to the ${by < 0 ? "second before" : "next second"}`, click: () => player.seek(Math.round(player.now) + by) }, sign);
    this.at = el("output", {});
    this.taken = el("div", { class: "picked", "data-hint": outline ? "no outline yet" : "no box yet" });
    this.text = el("textarea", { rows: 4, "aria-label": "Your answer", placeholder: outline ? '{"3": [[x, y], [x, y], [x, y]], "4": …}' : '{"3": [left, top, right, bottom], "4": …}', input: () => this.typed() });
    this.node = el("div", { class: "choices" },
      el("p", { class: "soft" }, outline ? "Pause at a second and draw round the thing." : "Pause at a second and drag a box over the thing.", " Again for the next second, as far as is asked."),
      !player.once && el("div", { class: "seconds" }, to(-1, "−1 s"), this.at, to(1, "+1 s")), this.taken, el("details", { class: "prompt" }, el("summary", {}, "As text, in fractions of the frame"), this.text));
    player.listeners.push(() => this.draw());
  }

  get second() { return String(Math.round(this.player.now)); }

  value() { return this.text.value.trim() || undefined; }

  // Where the picture lies within the screen: left, top, width, height in pixels.
  room() {
    const { clip, screen } = this.player, { width, height } = screen.getBoundingClientRect();
    const scale = Math.min(width / clip.width, height / clip.height);
    return [(width - clip.width * scale) / 2, (height - clip.height * scale) / 2, clip.width * scale, clip.height * scale];
  }

  place(event) {
    const [left, top, width, height] = this.room(), screen = this.player.screen.getBoundingClientRect();
    return [clamp((event.clientX - screen.left - left) / width, 0, 1), clamp((event.clientY - screen.top - top) / height, 0, 1)];
  }

  begin(event) {
    if (event.button) return;
    event.preventDefault();
    this.player.video.pause();
    if (!this.player.once) this.player.seek(Number(this.second));
    this.pen.setPointerCapture(event.pointerId);
    this.going = [this.place(event)];
  }

  move(event) {
    if (!this.going) return;
    const here = this.place(event), [x, y] = this.going.at(-1);
    if (this.outline && Math.hypot(here[0] - x, here[1] - y) < 0.006) return;
    if (this.outline) this.going.push(here); else this.going = [this.going[0], here];
    this.draw();
  }

  end() {
    const shape = this.shape(this.going ?? []);
    this.going = null;
    if (shape) { this.shapes.set(this.second, shape); this.tell(); }
    this.draw();
  }

  // What the points of a stroke make: a box, an outline, or nothing (a click).
  shape(points) {
    const round = (value) => Math.round(1000 * value) / 1000;
    if (this.outline) return points.length > 2 ? points.map((point) => point.map(round)) : null;
    if (points.length < 2) return null;
    const [[a, b], [c, d]] = points;
    return Math.abs(a - c) < 0.004 || Math.abs(b - d) < 0.004 ? null : [Math.min(a, c), Math.min(b, d), Math.max(a, c), Math.max(b, d)].map(round);
  }

  tell() {
    const rows = [...this.shapes].sort(([a], [b]) => a - b);
    this.text.value = rows.length ? JSON.stringify(Object.fromEntries(rows)) : "";
    this.list();
  }

  typed() {
    try { this.shapes = new Map(Object.entries(JSON.parse(this.text.value))); } catch { this.shapes = new Map(); }
    this.list();
    this.draw();
  }

  list() {
    const rows = [...this.shapes.keys()].sort((a, b) => a - b);
    this.taken.replaceChildren(...rows.map((second) => el("button", { type: "button", title: "take it out", click: () => { this.shapes.delete(second); this.tell(); this.draw(); } }, `${second} s`)));
  }

  draw() {
    this.at.textContent = `${this.second} s`;
    const { width, height } = this.player.screen.getBoundingClientRect(), ratio = Math.min(devicePixelRatio || 1, 2);
    if (this.pen.width !== Math.round(width * ratio)) { this.pen.width = Math.round(width * ratio); this.pen.height = Math.round(height * ratio); }
    const pen = this.pen.getContext("2d"), [left, top, w, h] = this.room();
    pen.setTransform(ratio, 0, 0, ratio, 0, 0);
    pen.clearRect(0, 0, width, height);
    const found = (this.going && this.shape(this.going)) ?? this.shapes.get(this.second);
    if (!Array.isArray(found) || (!this.going && Math.abs(this.player.now - this.second) > 0.3)) return;
    const points = Array.isArray(found[0]) ? found : [[found[0], found[1]], [found[2], found[1]], [found[2], found[3]], [found[0], found[3]]];
    pen.beginPath();
    for (const [x, y] of points) pen.lineTo(left + x * w, top + y * h);
    pen.closePath();
    pen.lineJoin = "round";
    for (const [line, colour] of [[5, "rgba(0,0,0,.6)"], [2.5, "#ffb020"]]) { pen.lineWidth = line; pen.strokeStyle = colour; pen.stroke(); }
  }
}
