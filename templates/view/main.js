// The page: what the address says is shown.
const KEYS = {
  grid: [["/", "search"], ["← → ↑ ↓", "from clip to clip"], ["Enter", "open a clip"]],
  clip: [["space", "play or pause"], [", .", "one frame back, on"], ["← →", "one second back, on"], ["− +", "slower, faster"], ["b t", "boxes, trails"], ["e", "play the evidence"], ["f", "whole screen"], ["j k", "next question, the one before"], ["Enter", "show the question's answer"], ["a", "show all answers"], ["n p", "next clip, the one before"], ["Esc", "all clips"]],
  quiz: [["space", "play or pause"], ["A B C …", "choose an option"], ["Enter", "answer"]],
};

const app = {
  view: null,
  grid: null,

  start(set) {
    app.set = set;
    app.lines = new Map(set.clips.map((clip) => [clip.id, clip]));
    const questions = set.clips.reduce((sum, clip) => sum + clip.questions.length, 0);
    byId("about").textContent = [plural(set.clips.length, "clip"), plural(questions, "question"), set.runs.length && plural(set.runs.length, "model"), !set.complete && "incomplete"].filter(Boolean).join(" · ");
    if (set.quiz) return app.show(new Quiz(set), "quiz");
    app.grid = new Grid(set);
    addEventListener("hashchange", () => app.route());
    app.route();
  },

  async route() {
    const asked = Object.fromEntries(new URLSearchParams(location.hash.slice(1)));
    const line = app.lines.get(asked.clip);
    if (!line) {
      const scroll = app.grid.top;
      app.show(app.grid, "grid");
      const { clip, ...filters } = asked;
      if (app.grid.node.dataset.filled !== location.hash) {
        app.grid.apply(filters);
        app.grid.node.dataset.filled = location.hash;
      } else {
        scrollTo(0, scroll);
        app.grid.cards.querySelector(`[data-clip="${CSS.escape(app.last ?? "")}"]`)?.focus({ preventScroll: true });
      }
      return;
    }
    if (app.view === app.grid) { app.grid.top = scrollY; app.from = app.grid.node.dataset.filled ?? ""; }
    app.last = line.id;
    try {
      const clip = await loadClip(line.id);
      if (new URLSearchParams(location.hash.slice(1)).get("clip") !== line.id) return;
      const shownNow = app.grid.found.includes(line) ? app.grid.found : app.set.clips;
      const place = shownNow.indexOf(line);
      app.show(new ClipView(app.set, line, clip, { before: shownNow[place - 1]?.id, after: shownNow[place + 1]?.id }), "clip");
      scrollTo(0, 0);
    } catch (error) {
      app.show({ node: el("p", { class: "notice" }, error.message) }, "grid");
    }
  },

  back() { location.hash = app.from || "#"; },

  show(view, kind) {
    app.view?.leave?.();
    app.view = view;
    document.body.dataset.view = kind;
    byId("view").replaceChildren(view.node);
  },
};

addEventListener("keydown", (event) => {
  if (event.ctrlKey || event.metaKey || event.altKey || byId("help").open) return;
  if (event.key === "Escape" && typing(event.target)) return event.target.blur();
  if (typing(event.target) && !(event.key === "ArrowDown" && event.target.id === "find")) return;
  if (event.key === "?") return byId("keys").click();
  app.view?.keys?.(event);
});

byId("keys").addEventListener("click", () => {
  const help = byId("help");
  help.querySelector("dl").replaceChildren(...KEYS[document.body.dataset.view ?? "grid"].flatMap(([key, does]) => [el("dt", {}, key), el("dd", {}, does)]), el("dt", {}, "?"), el("dd", {}, "these keys"));
  help.showModal();
});
byId("help").addEventListener("click", (event) => { if (event.target === byId("help") || event.target.closest("button")) byId("help").close(); });

const theme = (name) => { if (name) document.documentElement.dataset.theme = name; else delete document.documentElement.dataset.theme; };
theme(memory.get("theme", ""));
byId("theme").addEventListener("click", () => {
  const dark = document.documentElement.dataset.theme ? document.documentElement.dataset.theme === "dark" : matchMedia("(prefers-color-scheme: dark)").matches;
  theme(dark ? "light" : "dark");
  memory.set("theme", dark ? "light" : "dark");
});

whole.then(app.start);
