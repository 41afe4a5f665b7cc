// A clip's own page: player, timeline, what is true when, and the questions with what models said.
const LANES = 7;

class ClipView {
  constructor(set, line, clip, neighbours) {
    Object.assign(this, { set, line, clip, neighbours, chosen: null, questions: [] });
    this.player = line.video ? new Player(clip, { id: line.id }) : null;
    this.overlay = this.player && clip.tracks && Object.keys(clip.tracks).length ? new Overlay(this.player, clip.tracks) : null;
    const side = el("section", { class: "questions" }, el("div", { class: "head-row" }, el("h2", {}, plural(clip.questions.length, "question")),
      clip.questions.some((question) => question.answer !== undefined) && (this.all = el("button", { class: "plain", title: "All answers (a)", click: () => this.revealAll() }, "Show all answers"))),
      !set.answers && el("p", { class: "notice" }, "The answers of this set are not here."),
      clip.questions.map((question, i) => this.question(question, i)));
    const main = el("div", { class: "watch" }, this.player ? this.player.node : el("div", { class: "none" }, "This set was made without video."), this.truth());
    const go = (id, sign, label) => el("a", { class: "button" + (id ? "" : " off"), href: id ? `#clip=${id}` : null, title: label, "aria-label": label }, sign);
    this.node = el("article", { class: "clip" },
      el("nav", { class: "path" }, el("a", { class: "button", href: "#", id: "back", click: (event) => { event.preventDefault(); app.back(); } }, "← All clips"),
        el("div", { class: "title" }, el("h2", {}, words(line.task)), el("p", { class: "soft" }, dot(line.category), `${words(line.category)} · level ${line.level} · ${clock(clip.duration)} · `, el("code", {}, line.id))),
        go(neighbours.before, icon("before"), "Clip before (p)"), go(neighbours.after, icon("after"), "Next clip (n)")),
      el("div", { class: "two" }, main, side));
    if (this.player) this.lanes();
    this.choose(0);
  }

  // ── the timeline ──

  lanes() {
    const { clip, player } = this;
    if (this.overlay) {
      const toggle = (name, label) => {
        const button = el("button", { class: "toggle", "aria-pressed": String(this.overlay[name]), title: `${label} (${name[0]})`, "data-toggle": name, click: () => button.setAttribute("aria-pressed", String(this.overlay.toggle(name))) }, label);
        return button;
      };
      player.extra.append(toggle("boxes", "Boxes"), toggle("trails", "Trails"));
    }
    this.evidence = el("div", { class: "track" });
    player.lanes.append(el("div", { class: "lane evidence" }, el("span", { class: "name" }, "evidence"), this.evidence));
    const kinds = new Map();
    for (const event of clip.events ?? []) kinds.set(event.kind, [...(kinds.get(event.kind) ?? []), event]);
    let rows = [...kinds];
    if (rows.length > LANES) rows = [...rows.slice(0, LANES - 1), ["other events", rows.slice(LANES - 1).flatMap(([, events]) => events)]];
    for (const [kind, events] of rows) player.lanes.append(this.lane(kind, events));
    this.marks = player.lanes.querySelectorAll(".event");
    player.listeners.push((time) => { for (const mark of this.marks) mark.classList.toggle("now", mark.event.start <= time && time <= mark.event.end + 0.04); });
  }

  lane(kind, events) {
    const track = el("div", { class: "track" });
    this.player.bars(track, events, 14, (event) => {
      const text = `${event.claim}, ${stamp(event.start)}–${stamp(event.end)} s${event.shown ? "" : ", not shown"}`;
      const bar = el("button", { class: "event" + (event.shown ? "" : " unshown"), title: text, "aria-label": text, click: () => this.player.show(event.start, event.end) });
      bar.event = event;
      return bar;
    });
    return el("div", { class: "lane" }, el("span", { class: "name", title: words(kind) }, words(kind)), track);
  }

  choose(i) {
    this.chosen = i;
    const question = this.clip.questions[i];
    for (const [k, node] of this.questions.entries()) node.classList.toggle("chosen", k === i);
    if (this.overlay) this.overlay.evidence = question?.evidence ?? [];
    if (!this.player || !question) return;
    this.evidence.replaceChildren();
    this.player.bars(this.evidence, question.evidence ?? [], 17, (span) => {
      const text = `${stamp(span.start)}–${stamp(span.end)} s${span.objects.length ? ": " + span.objects.join(", ") : ""}`;
      return el("button", { class: "span", title: text, "aria-label": `Evidence ${text}`, "data-start": span.start, click: () => this.player.show(span.start, span.end) });
    });
    if (question.asked_at !== null) this.evidence.append(el("span", { class: "asked", title: `asked at ${stamp(question.asked_at)} s: nothing after it may be seen`, style: { left: this.player.at(question.asked_at) } }, "asked"));
    this.player.draw();
  }

  // ── what is true ──

  truth() {
    const { clip } = this;
    const pages = [];
    if (clip.states?.length) pages.push(["State now", this.state()]);
    if (clip.events?.length) pages.push(["Events", this.list(clip.events.map((event) => [event.start, event.end, event.claim, [shown(event.values) !== "empty" && shown(event.values), event.causes.length && `caused by ${event.causes.join(", ")}`, !event.shown && "not shown"]]))]);
    if (clip.objects?.length) pages.push(["Objects", el("dl", { class: "facts" }, clip.objects.flatMap((thing) => [el("dt", {}, thing.id), el("dd", {}, thing.kind, Object.keys(thing.attributes).length > 0 && `: ${shown(thing.attributes)}`)]))]);
    const about = { frames: `${clip.frames} at ${clip.fps} a second, ${clip.width} × ${clip.height}`, "task version": clip.version, split: clip.split, ...(clip.params ?? {}), ...Object.fromEntries(Object.entries(clip.style ?? {}).map(([name, value]) => [`look: ${name}`, value])) };
    pages.push(["Parameters", el("dl", { class: "facts" }, Object.entries(about).flatMap(([name, value]) => [el("dt", {}, words(name)), el("dd", {}, shown(value))]))]);
    const shownPage = el("div", { class: "page", tabindex: 0, role: "tabpanel" });
    const tabs = pages.map(([name, page], i) => el("button", { role: "tab", "aria-selected": "false", click: () => open(i) }, name));
    const open = (i) => { tabs.forEach((tab, k) => tab.setAttribute("aria-selected", String(k === i))); shownPage.replaceChildren(pages[i][1]); this.player?.draw(); };
    const first = pages.findIndex(([name]) => name === "Events");
    open(Math.max(first, 0));
    return el("section", { class: "truth" }, el("div", { class: "tabs", role: "tablist" }, tabs), shownPage);
  }

  state() {
    const { states } = this.clip, panel = el("div", { class: "state" });
    let last = -1;
    const draw = (time) => {
      let i = states.length - 1;
      while (i > 0 && states[i].start > time + 1e-6) i--;
      if (i === last) return;
      last = i;
      const state = states[i];
      panel.replaceChildren(el("p", { class: "soft" }, `state ${i + 1} of ${states.length}, ${stamp(state.start)}–${stamp(state.end)} s, `, el("b", { class: state.shown ? "seen" : "unseen-state" }, state.shown ? "shown in the clip" : "hidden from the viewer")),
        el("dl", { class: "facts" }, Object.entries(state.values).flatMap(([name, value]) => [el("dt", {}, words(name)), el("dd", {}, shown(value))])));
    };
    draw(0);
    this.player?.listeners.push(draw);
    return panel;
  }

  list(rows) {
    return el("ol", { class: "list" }, rows.map(([start, end, text, notes]) => el("li", {}, el("button", { class: "moment", click: () => this.player?.show(start, end) }, stamp(start)), el("span", {}, text, notes.filter(Boolean).map((note) => el("small", {}, note))))));
  }

  // ── questions ──

  question(question, i) {
    const body = el("div", { class: "answer", hidden: true });
    const button = question.answer === undefined ? null : el("button", { class: "plain reveal", "aria-expanded": "false", click: () => this.reveal(i) }, "Show answer");
    const tags = [question.reasoning, question.format.type, question.chance !== null && question.chance !== undefined && `chance ${percent(question.chance)}`, question.asked_at !== null && `asked at ${stamp(question.asked_at)} s`, question.min_frames === 1 ? "one frame is enough" : `${question.min_fps} ${question.min_fps === 1 ? "frame/s is" : "frames/s are"} enough`].filter(Boolean);
    const node = el("section", { class: "question", id: `q${i}`, click: (event) => { if (!event.target.closest("button, a, summary")) this.choose(i); } },
      el("header", {}, el("h3", {}, el("span", { class: "number" }, i + 1), words(question.kind)), el("p", { class: "tags" }, tags.map((tag) => el("span", {}, words(tag))))),
      el("p", { class: "text" }, question.text),
      question.format.options && el("ol", { class: "options" }, question.format.options.map((option, k) => el("li", { "data-letter": String.fromCharCode(65 + k) }, option))),
      el("details", { class: "prompt" }, el("summary", {}, "What a model is asked"), el("pre", {}, question.prompt)),
      button, body,
      question.said.length > 0 && el("div", { class: "said" }, question.said.map((said) => this.said(said))));
    Object.assign(node, { body, button, data: question });
    this.questions.push(node);
    return node;
  }

  reveal(i, wanted) {
    const node = this.questions[i], open = wanted ?? node.body.hidden;
    if (!node.button || open === !node.body.hidden) return;
    if (!node.body.childElementCount) node.body.append(...this.answer(node.data));
    node.body.hidden = !open;
    node.classList.toggle("told", open);
    node.button.textContent = open ? "Hide answer" : "Show answer";
    node.button.setAttribute("aria-expanded", String(open));
    for (const option of node.querySelectorAll(".options li")) option.classList.toggle("key", open && node.data.letter === option.dataset.letter);
    if (open) this.choose(i);
  }

  revealAll() {
    const open = this.questions.some((node) => node.button && node.body.hidden);
    this.questions.forEach((_, i) => this.reveal(i, open));
    if (this.all) this.all.textContent = open ? "Hide all answers" : "Show all answers";
  }

  answer(question) {
    const parts = [el("p", { class: "key" }, el("span", { class: "soft" }, "answer"), el("b", {}, question.answer))];
    if (question.evidence.length) parts.push(el("h4", {}, "Evidence"), el("p", { class: "spans" }, question.evidence.map((span) => el("button", { class: "span-button", click: () => this.player?.show(span.start, span.end) }, `${stamp(span.start)}–${stamp(span.end)} s`, span.objects.length > 0 && el("small", {}, span.objects.join(", "))))));
    if (question.steps.length) parts.push(el("h4", {}, "Reference steps"), el("ol", { class: "steps" }, question.steps.map((step) => el("li", { class: step.kind }, step.time !== null && el("button", { class: "moment", click: () => this.player?.show(step.time, step.time + 1) }, stamp(step.time)), el("span", {}, step.claim, el("small", {}, step.kind === "infer" ? (step.needs.length ? `inferred from ${step.needs.map((need) => need + 1).join(", ")}` : "inferred") : "perceived"))))));
    return parts;
  }

  said({ run, verdict, read, why, text }) {
    return el("details", { class: `response ${verdict}` }, el("summary", {}, mark(verdict), el("b", {}, el("bdi", {}, run)), el("span", { class: "verdict" }, verdict), el("span", { class: "read" }, el("bdi", {}, read ?? ""))),
      el("dl", { class: "facts" }, read !== null && [el("dt", {}, "read"), el("dd", {}, el("bdi", {}, read))], why.flatMap(([name, line]) => [el("dt", {}, name), el("dd", {}, el("bdi", {}, line))])),
      text !== null && el("pre", {}, el("bdi", {}, text)));
  }

  keys(event) {
    const { player } = this;
    const press = (selector) => this.node.querySelector(selector)?.click();
    const actions = {
      Escape: () => app.back(), n: () => this.go("after"), p: () => this.go("before"), a: () => this.revealAll(),
      j: () => this.walk(1), k: () => this.walk(-1), Enter: () => this.reveal(this.chosen), e: () => press(".lane.evidence .span"),
      ...(player && { " ": () => player.toggle(), ",": () => player.step(-1), ".": () => player.step(1), ArrowLeft: () => player.seek(player.now - 1), ArrowRight: () => player.seek(player.now + 1), "-": () => player.faster(-1), "+": () => player.faster(1), "=": () => player.faster(1), f: () => player.wide(), b: () => press("[data-toggle=boxes]"), t: () => press("[data-toggle=trails]"), Home: () => player.seek(0) }),
    };
    const onButton = event.target.closest?.("button, a, summary, [role=tabpanel]");
    if (!actions[event.key] || (onButton && [" ", "Enter"].includes(event.key))) return;
    if (event.target.matches?.("input[type=range]") && event.key.startsWith("Arrow")) return;
    event.preventDefault();
    actions[event.key]();
  }

  go(where) { if (this.neighbours[where]) location.hash = `#clip=${this.neighbours[where]}`; }

  walk(by) {
    this.choose(clamp(this.chosen + by, 0, this.questions.length - 1));
    this.questions[this.chosen]?.scrollIntoView({ block: "nearest" });
  }

  leave() { this.player?.leave(); }
}
