// The grid of all clips with its filters. Cards are made a batch at a time, as they come near.
const BATCH = 48;
const FILTERS = ["text", "category", "task", "level", "kind", "reasoning", "run", "verdict", "sort"];

class Grid {
  constructor(set) {
    this.set = set;
    this.wanted = Object.fromEntries(FILTERS.map((name) => [name, ""]));
    this.found = set.clips;
    this.top = 0;
    for (const clip of set.clips) clip.search = [clip.id, clip.task, words(clip.task), clip.category].join(" ").toLowerCase();
    this.text = el("input", { type: "search", id: "find", placeholder: "Search questions, tasks, ids", "aria-label": "Search", input: () => this.change("text", this.text.value) });
    this.chips = el("div", { class: "chips", role: "group", "aria-label": "Category" });
    this.selects = {};
    this.more = el("div", { class: "selects" });
    this.count = el("output", { class: "count", id: "count" });
    this.cards = el("div", { class: "cards", keydown: (event) => this.move(event) });
    this.rest = el("div", { class: "rest" });
    const opener = el("button", { class: "plain narrow", "aria-expanded": "false", click: () => {
      const open = this.more.classList.toggle("open");
      opener.setAttribute("aria-expanded", open);
    } }, "Filters");
    this.node = el("div", { class: "grid" }, el("div", { class: "bar" }, el("div", { class: "row" }, this.text, opener, this.count), this.chips, this.more), this.cards, this.rest);
    this.build();
    this.near = new IntersectionObserver((seen) => { if (seen.some((one) => one.isIntersecting)) this.add(); }, { rootMargin: "1200px" });
  }

  build() {
    const { clips, runs } = this.set;
    const values = (of) => [...new Set(clips.flatMap(of))];
    const categories = values((clip) => clip.category).sort((a, b) => CATEGORIES.indexOf(a) - CATEGORIES.indexOf(b));
    if (categories.length > 1)
      this.chips.append(...["", ...categories].map((name) => el("button", { class: "chip", "data-category": name, "aria-pressed": String(name === ""), click: () => this.change("category", this.wanted.category === name ? "" : name) },
        name && dot(name), name ? words(name) : "all", el("small", {}, name ? clips.filter((clip) => clip.category === name).length : clips.length))));
    const select = (name, label, options) => {
      if (options.length < 2) return;
      this.selects[name] = el("select", { "aria-label": label, "data-filter": name, change: (event) => this.change(name, event.target.value) }, el("option", { value: "" }, label), options.map(([value, text]) => el("option", { value }, text)));
      this.more.append(this.selects[name]);
    };
    const plain = (names) => names.map((name) => [name, words(name)]);
    select("task", "every task", plain(values((clip) => clip.task).sort()));
    select("level", "every level", values((clip) => clip.level).sort((a, b) => a - b).map((level) => [level, `level ${level}`]));
    select("kind", "every kind of question", plain(values((clip) => clip.questions.map((question) => question.kind)).sort()));
    select("reasoning", "every reasoning", plain(values((clip) => clip.questions.map((question) => question.reasoning))));
    if (this.set.answers && runs.length) {
      select("run", "any model", [...runs.entries()]);
      const verdicts = Object.values(VERDICTS).map((verdict) => [verdict, verdict]);
      select("verdict", "any verdict", [...verdicts, ...(runs.length > 1 ? [["split", "models disagree"]] : [])]);
    }
    select("sort", "in the set's order", [["level", "by level"], ["task", "by task"], ["short", "shortest first"], ["long", "longest first"], ...(this.set.answers && runs.length ? [["hard", "most often wrong first"]] : [])]);
    this.more.append(el("button", { class: "plain", id: "clear", click: () => { location.hash = ""; } }, "Clear"));
  }

  change(name, value) {
    const next = { ...this.wanted, [name]: value };
    const hash = "#" + new URLSearchParams(Object.entries(next).filter(([, one]) => one !== "")).toString();
    history.replaceState(null, "", hash);
    this.node.dataset.filled = location.hash;
    this.apply(next);
  }

  // Show what the filters say; called with those of the address.
  apply(wanted) {
    this.wanted = { ...Object.fromEntries(FILTERS.map((name) => [name, ""])), ...wanted };
    if (this.text.value !== this.wanted.text) this.text.value = this.wanted.text;
    for (const [name, select] of Object.entries(this.selects)) { select.value = this.wanted[name]; select.classList.toggle("set", this.wanted[name] !== ""); }
    for (const chip of this.chips.children) chip.setAttribute("aria-pressed", String(chip.dataset.category === this.wanted.category));
    byId("clear")?.toggleAttribute("hidden", FILTERS.every((name) => this.wanted[name] === ""));
    this.found = this.set.clips.filter((clip) => this.fits(clip));
    const wrong = (clip) => clip.questions.reduce((sum, question) => sum + [...question.verdicts].filter((one) => one !== "r").length / (question.verdicts.length || 1), 0) / (clip.questions.length || 1);
    const orders = {
      level: (a, b) => a.level - b.level, task: (a, b) => a.task < b.task ? -1 : Number(a.task > b.task),
      short: (a, b) => a.duration - b.duration, long: (a, b) => b.duration - a.duration, hard: (a, b) => wrong(b) - wrong(a),
    };
    if (orders[this.wanted.sort]) this.found.sort(orders[this.wanted.sort]);
    this.count.textContent = this.found.length === this.set.clips.length ? plural(this.found.length, "clip") : `${this.found.length} of ${plural(this.set.clips.length, "clip")}`;
    say(this.count.textContent);
    this.cards.replaceChildren();
    if (!this.found.length) this.cards.append(el("p", { class: "notice" }, "No clip fits these filters."));
    this.add();
  }

  fits(clip) {
    const { text, category, task, level } = this.wanted;
    if ((category && clip.category !== category) || (task && clip.task !== task) || (level && clip.level !== Number(level))) return false;
    clip.hit = clip.questions.findIndex((question) => this.asks(clip, question, text.toLowerCase()));
    return clip.hit >= 0;
  }

  asks(clip, question, text) {
    const { kind, reasoning, run, verdict } = this.wanted;
    if ((kind && question.kind !== kind) || (reasoning && question.reasoning !== reasoning)) return false;
    if (text && !clip.search.includes(text) && !question.text.toLowerCase().includes(text) && !question.kind.includes(text.replaceAll(" ", "_"))) return false;
    if (verdict === "split") return new Set([...question.verdicts].map((one) => one === "r")).size > 1;
    const verdicts = run === "" ? question.verdicts : question.verdicts[Number(run)];
    return !verdict || verdicts.includes(verdict[0]);
  }

  add() {
    const have = this.cards.querySelectorAll(".card").length;
    this.cards.append(...this.found.slice(have, have + BATCH).map((clip) => this.card(clip)));
    this.near.unobserve(this.rest);
    if (have + BATCH < this.found.length) this.near.observe(this.rest); // tells again where the end is still near
  }

  card(clip) {
    const question = clip.questions[Math.max(clip.hit ?? 0, 0)];
    const picture = el("div", { class: "picture" },
      clip.video ? el("img", { src: pathOf("posters", clip.id, "jpg"), loading: "lazy", decoding: "async", alt: "", width: 480, height: 270 }) : el("span", { class: "none" }, "made without video"),
      el("span", { class: "badge level" }, `level ${clip.level}`), el("span", { class: "badge length" }, clock(clip.duration)));
    const node = el("a", { class: "card", href: `#clip=${clip.id}`, "data-clip": clip.id }, picture,
      el("div", { class: "text" },
        el("h2", {}, words(clip.task)), el("p", { class: "soft kind" }, dot(clip.category), words(clip.category)),
        el("p", { class: "asks" }, question ? question.text : ""),
        this.set.answers && this.set.runs.length > 0 && el("div", { class: "verdicts" }, this.set.runs.slice(0, 4).map((run, i) => el("span", { class: "run" }, el("span", { class: "soft" }, run), el("span", { class: "marks" }, clip.questions.map((one) => mark(VERDICTS[one.verdicts[i]], `${run}: ${VERDICTS[one.verdicts[i]]}`)))))),
        !(this.set.answers && this.set.runs.length) && el("p", { class: "soft" }, plural(clip.questions.length, "question"))));
    if (clip.video) this.preview(node, picture, clip);
    return node;
  }

  // The clip runs while a mouse rests on its card.
  preview(node, picture, clip) {
    let waiting, video;
    node.addEventListener("pointerenter", (event) => {
      if (event.pointerType !== "mouse" || matchMedia("(prefers-reduced-motion: reduce)").matches) return;
      clearTimeout(waiting);
      waiting = setTimeout(() => {
        if (video || !node.isConnected) return;
        video = el("video", { src: pathOf("videos", clip.id, "mp4"), muted: true, loop: true, playsinline: true });
        video.muted = true;
        video.playbackRate = clip.duration > 20 ? 2 : 1;
        picture.append(video);
        video.play().catch(() => {});
      }, 250);
    });
    const stop = () => {
      clearTimeout(waiting);
      if (video) { video.removeAttribute("src"); video.load(); video.remove(); video = null; }
    };
    for (const name of ["pointerleave", "click"]) node.addEventListener(name, stop);
  }

  // Arrow keys go from card to card.
  move(event) {
    const cards = [...this.cards.querySelectorAll(".card")], here = cards.indexOf(document.activeElement);
    if (here < 0) return;
    const columns = Math.max(1, cards.findIndex((card) => card.offsetTop !== cards[0].offsetTop) === -1 ? cards.length : cards.findIndex((card) => card.offsetTop !== cards[0].offsetTop));
    const by = { ArrowRight: 1, ArrowLeft: -1, ArrowDown: columns, ArrowUp: -columns, Home: -here, End: cards.length - 1 - here }[event.key];
    if (by === undefined) return;
    event.preventDefault();
    cards[clamp(here + by, 0, cards.length - 1)].focus();
  }

  keys(event) {
    if (event.key === "/") { event.preventDefault(); this.text.focus(); return; }
    if (event.key === "ArrowDown" && (document.activeElement === document.body || document.activeElement === this.text)) { event.preventDefault(); this.cards.querySelector(".card")?.focus(); }
  }
}
