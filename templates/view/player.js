// The player: a clip with frame step and speed, over a timeline that has whatever lanes it is given.
const SPEEDS = [0.1, 0.25, 0.5, 1, 1.5, 2, 4];

class Player {
  // until: how far may be seen; once: from beginning to end, with pauses, but never back.
  constructor(clip, { id, until = clip.duration, once = false, bare = false, started = () => {} } = {}) {
    Object.assign(this, { clip, until: Math.min(until, clip.duration), once, started, listeners: [], stopAt: null, spent: false });
    this.video = el("video", { src: pathOf("videos", id, "mp4"), poster: bare ? null : pathOf("posters", id, "jpg"), preload: "metadata", playsinline: true, muted: !clip.sound, "aria-label": "clip" });
    this.video.muted = !clip.sound;
    this.canvas = el("canvas", { "aria-hidden": "true" });
    this.cover = el("button", { class: "cover", click: () => this.toggle() }, el("span", {}, once ? "Play, once through" : icon("play")));
    this.screen = el("div", { class: "screen", style: { "--ratio": `${clip.width} / ${clip.height}` } }, this.video, this.canvas, this.cover);
    this.playing = el("button", { class: "play", title: "Play or pause (space)", "aria-label": "Play", click: () => this.toggle() }, icon("play"));
    this.time = el("output", { class: "time" });
    this.speed = el("select", { "aria-label": "Speed", title: "Speed (− and +)", change: () => this.setSpeed(Number(this.speed.value)) }, SPEEDS.map((speed) => el("option", { value: speed, selected: speed === 1 }, `${speed}×`)));
    const step = (by, title, sign) => el("button", { title, "aria-label": title, click: () => this.step(by) }, sign);
    this.extra = el("span", { class: "extra" });
    this.controls = el("div", { class: "controls" }, !once && step(-1, "One frame back (,)", icon("back")), this.playing, !once && step(1, "One frame on (.)", icon("on")), this.time, el("span", { class: "grow" }), this.extra, !once && this.speed,
      !bare && el("button", { class: "wide", title: "Whole screen (f)", "aria-label": "Whole screen", click: () => this.wide() }, icon("wide")));
    this.scrub = el("input", { type: "range", min: 0, max: this.until, step: 1 / clip.fps, value: 0, "aria-label": "Time in the clip", input: () => this.seek(Number(this.scrub.value)) });
    this.lanes = el("div", { class: "lanes" });
    this.head = el("div", { class: "head" });
    this.ruler = el("div", { class: "lane ruler" }, el("span", { class: "name" }), el("div", { class: "track" }, this.ticks(), this.scrub));
    this.timeline = once ? el("div", { class: "progress" }, this.fill = el("i")) : el("div", { class: "timeline" }, this.ruler, this.lanes, el("div", { class: "over" }, this.head));
    this.node = el("section", { class: bare ? "player bare" : "player" }, this.screen, this.controls, this.timeline);
    this.video.addEventListener("play", () => this.going());
    this.video.addEventListener("pause", () => this.rest());
    for (const name of ["seeked", "loadeddata", "loadedmetadata"]) this.video.addEventListener(name, () => this.draw());
    this.video.addEventListener("ended", () => this.end());
    this.video.addEventListener("error", () => { this.screen.classList.add("broken"); this.cover.replaceChildren(el("span", {}, "This video cannot be played.")); });
    this.watch = new ResizeObserver(() => this.draw());
    this.watch.observe(this.screen);
    this.draw();
  }

  get now() { return this.video.currentTime; }
  get frame() { return clamp(Math.floor(this.now * this.clip.fps + 1e-3), 0, this.clip.frames - 1); }

  ticks() {
    const size = [0.5, 1, 2, 5, 10, 15, 30, 60, 120, 300, 600, 1800].find((size) => this.clip.duration / size <= 9) ?? 3600;
    const found = [];
    for (let time = 0; time <= this.clip.duration - size / 3; time += size)
      found.push(el("span", { class: "tick", style: { left: this.at(time) } }, time < 60 ? String(time) : `${Math.floor(time / 60)}:${String(time % 60).padStart(2, "0")}`));
    return found;
  }

  // Bars for stretches of time, those that overlap one below the other; returns the height that they take.
  bars(track, spans, size, make) {
    const ends = [];
    for (const span of [...spans].sort((a, b) => a.start - b.start)) {
      let row = ends.findIndex((end) => end <= span.start + 1e-6);
      if (row < 0) row = ends.length < 5 ? ends.length : 0;
      ends[row] = span.end;
      const bar = make(span);
      for (const [name, value] of [["left", this.at(span.start)], ["width", `${100 * (span.end - span.start) / this.clip.duration}%`], ["top", `${row * size + 3}px`]]) bar.style.setProperty(name, value);
      track.append(bar);
    }
    track.style.setProperty("height", `${Math.max(1, ends.length) * size + 4}px`);
  }

  at(time) { return `${clamp(100 * time / this.clip.duration, 0, 100)}%`; }

  toggle() {
    if (!this.video.paused) return this.video.pause();
    if (this.spent) return;
    this.stopAt = null;
    if (!this.once && this.now >= this.until - 0.5 / this.clip.fps) this.video.currentTime = 0;
    this.started();
    this.video.play().catch(() => {});
  }

  step(by) {
    if (this.once) return;
    this.video.pause();
    this.seek((this.frame + by + 0.5) / this.clip.fps);
  }

  seek(time) {
    if (this.once) return;
    this.stopAt = null;
    this.cover.hidden = true;
    this.video.currentTime = clamp(time, 0, Math.max(0, this.until - 0.25 / this.clip.fps));
    this.draw();
  }

  // Play a stretch of the clip and stop at its end.
  show(start, end) {
    this.seek(start + 0.25 / this.clip.fps);
    this.stopAt = Math.max(end, start + 1 / this.clip.fps);
    this.video.play().catch(() => {});
  }

  setSpeed(speed) {
    this.video.playbackRate = speed;
    this.speed.value = speed;
  }

  faster(by) {
    const place = SPEEDS.indexOf(Number(this.speed.value));
    this.setSpeed(SPEEDS[clamp(place + by, 0, SPEEDS.length - 1)]);
  }

  wide() {
    if (document.fullscreenElement) document.exitFullscreen();
    else this.screen.requestFullscreen?.().catch(() => {});
  }

  going() {
    this.cover.hidden = true;
    this.playing.replaceChildren(icon("pause"));
    this.playing.setAttribute("aria-label", "Pause");
    const look = () => {
      if (this.video.paused || !this.node.isConnected) return this.rest();
      const stop = this.stopAt ?? this.until;
      if (this.now >= stop && stop < this.clip.duration) {
        this.video.pause();
        if (this.stopAt === null) this.end();
      }
      this.draw();
      requestAnimationFrame(look);
    };
    requestAnimationFrame(look);
  }

  rest() {
    this.playing.replaceChildren(icon("play"));
    this.playing.setAttribute("aria-label", "Play");
    this.draw();
  }

  end() {
    this.rest();
    if (this.once) this.close();
  }

  // Nothing more of the clip is shown.
  close() {
    this.spent = true;
    this.video.pause();
    this.screen.classList.add("spent");
    this.cover.hidden = false;
    this.cover.replaceChildren(el("span", {}, "Seen. Now answer."));
    this.playing.disabled = true;
  }

  draw() {
    const time = this.now;
    this.time.replaceChildren(el("b", {}, stamp(time)), ` / ${stamp(this.until)} s`, el("small", {}, `frame ${this.frame}`));
    this.head.style.setProperty("left", this.at(time));
    if (this.fill) this.fill.style.setProperty("width", `${100 * clamp(time / this.until, 0, 1)}%`);
    if (document.activeElement !== this.scrub || this.video.paused === false) this.scrub.value = time;
    for (const listen of this.listeners) listen(time);
  }

  leave() {
    this.video.pause();
    this.watch.disconnect();
    this.video.removeAttribute("src");
    this.video.load();
  }
}
