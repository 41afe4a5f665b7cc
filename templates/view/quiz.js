// The quiz: one question at a time beside its clip; the server writes the answers.
class Quiz {
  constructor(set) {
    this.set = set;
    this.waiting = set.quiz.questions.filter((question) => !question.answered);
    this.total = set.quiz.questions.length;
    this.place = el("output", {});
    this.fill = el("i");
    this.body = el("div");
    this.node = el("div", { class: "quiz" }, el("div", { class: "steps-bar" }, this.place, el("div", { class: "progress" }, this.fill), el("button", { class: "plain", id: "stop", click: () => this.finish() }, "Stop here")), this.body);
    this.next();
  }

  async post(name, value) {
    const found = await fetch(name, { method: "POST", body: JSON.stringify(value) });
    if (!found.ok) throw new Error(await found.text());
    return found.json();
  }

  async next() {
    this.player?.leave();
    const done = this.total - this.waiting.length;
    this.place.textContent = `${done} of ${this.total} answered`;
    this.fill.style.setProperty("width", `${100 * done / this.total}%`);
    if (!this.waiting.length) return this.finish();
    const asked = this.waiting[0];
    let clip;
    try { clip = await loadClip(asked.clip); } catch (error) { this.body.replaceChildren(el("p", { class: "notice" }, error.message)); return; }
    const question = clip.questions.find((one) => one.id === asked.id);
    const until = question.asked_at ?? clip.duration;
    this.begun = performance.now();
    this.player = new Player(clip, { id: asked.clip, until, once: this.set.quiz.once, bare: true, started: () => {
      if (this.set.quiz.once && !asked.seen) { asked.seen = true; this.post("seen", { question_id: asked.id }).catch(() => {}); }
    } });
    if (this.set.quiz.once && asked.seen) this.player.close();
    this.entry = new Entry(question.format, this.player, () => this.send());
    this.fault = el("p", { class: "fault", role: "alert", hidden: true });
    this.button = el("button", { class: "primary", id: "send", click: () => this.send() }, "Answer");
    const card = el("section", { class: "question ask" },
      el("p", { class: "text" }, question.text),
      el("p", { class: "soft" }, this.set.quiz.once ? "The clip runs once: read the question, then play. You may pause." : question.asked_at !== null ? `You see the clip up to ${stamp(until)} s.` : "Watch as often as you like."),
      this.entry.node, el("details", { class: "prompt" }, el("summary", {}, "What a model is asked"), el("pre", {}, question.prompt)), this.fault,
      el("div", { class: "send" }, this.button,
        question.format.may_abstain && el("button", { class: "plain", id: "abstain", click: () => this.send(true) }, "Cannot be answered"),
        this.waiting.length > 1 && el("button", { class: "plain", id: "later", click: () => { this.waiting.push(this.waiting.shift()); this.next(); } }, "Later")));
    this.body.replaceChildren(el("div", { class: "two" }, this.player.node, card));
    if (document.activeElement !== document.body) document.activeElement.blur();
  }

  async send(abstain = false) {
    const value = abstain ? null : this.entry.value();
    const tell = (text) => { this.fault.textContent = text; this.fault.hidden = false; };
    if (value === undefined) return tell("Give an answer first.");
    this.button.disabled = true;
    try {
      await this.post("answer", { question_id: this.waiting[0].id, value, seconds: (performance.now() - this.begun) / 1000 });
    } catch (error) {
      this.button.disabled = false;
      return tell(error.message);
    }
    this.waiting.shift();
    this.next();
  }

  async finish() {
    this.player?.leave();
    let found;
    try { found = await this.post("finish", {}); } catch (error) { this.body.replaceChildren(el("p", { class: "notice" }, error.message)); return; }
    const rows = found.groups ?? [];
    this.node.replaceChildren(el("section", { class: "done" },
      el("h2", {}, found.answered === found.asked ? "All answered" : `${found.answered} of ${found.asked} answered`),
      found.score && el("p", {}, el("span", { class: "big", id: "result" }, percent(found.score.mean)), el("span", { class: "soft" }, ` right, 95 % interval ${percent(found.score.low)} to ${percent(found.score.high)}`, found.chance !== null && `; chance ${percent(found.chance)}`)),
      rows.length > 0 && el("div", { class: "board" }, el("table", {}, el("tr", {}, ["category", "level"].map((name) => el("th", {}, name)), el("th", { class: "n" }, "right"), el("th", { class: "n" }, "chance")),
        rows.map((row) => el("tr", {}, el("td", {}, words(row.name[0])), el("td", {}, row.name[1]), el("td", { class: "n" }, `${row.right} of ${row.questions}`), el("td", { class: "n" }, row.chance === null ? "–" : percent(row.chance)))))),
      el("p", { class: "soft" }, "Responses: ", el("code", {}, found.file), found.answered < found.asked && ". The same command again goes on here."),
      el("p", {}, el("button", { class: "primary", id: "look", click: () => location.reload() }, this.set.runs && found.score ? "Look at your answers" : "Look at the clips"))));
  }

  keys(event) {
    const onButton = event.target.closest?.("button, a");
    if (event.key === " " && !onButton) { event.preventDefault(); this.player?.toggle(); }
    else if (event.key === "Enter" && !onButton) { event.preventDefault(); this.send(); }
    else if (this.entry?.letter(event.key.toUpperCase())) event.preventDefault();
    else if (this.player && !event.target.matches?.("input[type=range]") && { ArrowLeft: 1, ArrowRight: 1, ",": 1, ".": 1 }[event.key]) {
      event.preventDefault();
      if (event.key.startsWith("Arrow")) this.player.seek(this.player.now + (event.key === "ArrowLeft" ? -1 : 1)); else this.player.step(event.key === "," ? -1 : 1);
    }
  }

  leave() { this.player?.leave(); }
}

// What a person gives as an answer of a format; value() is undefined while there is none.
class Entry {
  constructor(format, player, send) {
    Object.assign(this, { format, player });
    const make = { choice: "options", multi_choice: "options", boolean: "options", text: "options", integer: "line", number: "line", sequence: "order", permutation: "order", set: "order", multiset: "order", mapping: "table", grid: "table", plan: "lines", boxes: "drawn", masks: "drawn", span: "span" }[format.type];
    this.node = this[make]();
    this.node.addEventListener("keydown", (event) => { if (event.key === "Enter" && event.target.matches("input")) { event.preventDefault(); send(); } });
  }

  letter(key) {
    const input = this.node.querySelector?.(`input[data-letter="${CSS.escape(key)}"]`);
    input?.click();
    return Boolean(input);
  }

  options() {
    const { format } = this, several = format.type === "multi_choice";
    const lettered = Boolean(format.options);
    const given = lettered ? format.options.map((text, i) => [String.fromCharCode(65 + i), text]) : format.type === "boolean" ? [[true, "yes"], [false, "no"]] : format.vocabulary.map((text) => [text, text]);
    const inputs = given.map(([value, text]) => [value, el("input", { type: several ? "checkbox" : "radio", name: "option", "data-letter": lettered ? value : text[0].toUpperCase() }), text]);
    this.value = () => {
      const chosen = inputs.filter(([, input]) => input.checked).map(([value]) => value);
      return several ? (chosen.length ? chosen : undefined) : chosen[0];
    };
    if (!lettered && given.length > 4) for (const [, input] of inputs) input.removeAttribute("data-letter");
    return el("div", { class: "choices" }, several && el("p", { class: "soft" }, "Choose all that hold."), inputs.map(([value, input, text]) => el("label", {}, input, lettered && el("b", {}, value), el("span", {}, text))));
  }

  line() {
    const input = el("input", { type: "text", inputmode: "decimal", autocomplete: "off", "aria-label": "Your answer" });
    this.value = () => input.value.trim().replace("−", "-") || undefined;
    return el("div", { class: "fields" }, el("span", { class: "soft" }, this.format.type === "integer" ? "a whole number" : "a number"), input, el("span", {}, this.format.unit));
  }

  // Entries are put in order by clicking them; a click takes one out again.
  order() {
    const { format } = this;
    const pool = format.vocabulary ?? Array.from({ length: format.size }, (_, i) => String(i + 1));
    const repeats = ["sequence", "multiset"].includes(format.type);
    const picked = [], row = el("div", { class: "picked", "data-hint": format.type.includes("set") ? "none" : "click the entries in their order" });
    const buttons = pool.map((entry) => el("button", { type: "button", click: () => { if (repeats || !picked.includes(entry)) { picked.push(entry); draw(); } } }, entry));
    const draw = () => {
      row.replaceChildren(...picked.map((entry, i) => el("button", { type: "button", title: "take it out", click: () => { picked.splice(i, 1); draw(); } }, entry)));
      buttons.forEach((button, i) => { button.disabled = !repeats && picked.includes(pool[i]); });
    };
    this.value = () => {
      if (!picked.length && !format.type.includes("set")) return undefined;
      return format.type === "permutation" ? picked.map(Number) : [...picked];
    };
    return el("div", { class: "choices" }, row, el("div", { class: "pool" }, buttons));
  }

  table() {
    const { format } = this;
    const select = (label) => el("select", { "aria-label": label }, el("option", { value: "" }, "–"), format.vocabulary.map((entry) => el("option", {}, entry)));
    if (format.type === "mapping") {
      const cells = format.keys.map((key) => [key, select(key)]);
      this.value = () => cells.every(([, cell]) => cell.value) ? Object.fromEntries(cells.map(([key, cell]) => [key, cell.value])) : undefined;
      return el("div", { class: "fields" }, cells.flatMap(([key, cell]) => [el("span", {}, key), cell, el("span")]));
    }
    const rows = Array.from({ length: format.rows }, (_, r) => Array.from({ length: format.columns }, (_, c) => select(`row ${r + 1}, column ${c + 1}`)));
    this.value = () => rows.flat().every((cell) => cell.value) ? rows.map((row) => row.map((cell) => cell.value)) : undefined;
    return el("div", { class: "board" }, el("table", { class: "cells" }, rows.map((row) => el("tr", {}, row.map((cell) => el("td", {}, cell))))));
  }

  lines() {
    const area = el("textarea", { rows: 6, "aria-label": "Your answer", placeholder: `one operation a line, e.g. ${this.format.syntax}` });
    this.value = () => {
      const lines = area.value.split(/\n|;/).map((line) => line.trim()).filter(Boolean);
      return lines.length ? lines : undefined;
    };
    return area;
  }

  drawn() {
    const drawing = new Drawing(this.player, this.format.type === "masks");
    this.value = () => drawing.value();
    return drawing.node;
  }

  span() {
    const field = (label) => {
      const input = el("input", { type: "text", inputmode: "decimal", "aria-label": label });
      return [el("span", {}, label), input, el("button", { type: "button", class: "plain", click: () => { input.value = this.player.now.toFixed(2); } }, "now")];
    };
    const from = field("from"), to = field("to");
    this.value = () => from[1].value.trim() && to[1].value.trim() ? [from[1].value.trim(), to[1].value.trim()] : undefined;
    return el("div", { class: "fields" }, from, to);
  }
}
