// Elements are made by these functions alone: text goes in as text, whatever it says.
const el = (tag, properties = {}, ...children) => {
  const node = document.createElement(tag);
  for (const [name, value] of Object.entries(properties)) {
    if (value === undefined || value === null || value === false) continue;
    if (typeof value === "function") node.addEventListener(name, value);
    else if (name === "style") for (const [key, one] of Object.entries(value)) node.style.setProperty(key, one);
    else node.setAttribute(name, value === true ? "" : value);
  }
  node.append(...children.flat(3).filter((child) => child !== null && child !== undefined && child !== false));
  return node;
};
const ICONS = {
  play: "M7 4.5v15l13-7.5z", pause: "M6 5h4v14H6zM14 5h4v14h-4z", back: "M17 5v14L7.5 12zM5 5h2v14H5z", on: "M7 5v14l9.5-7zM17 5h2v14h-2z",
  wide: "M4 9V4h5v2H6v3zM15 4h5v5h-2V6h-3zM6 15v3h3v2H4v-5zM18 15h2v5h-5v-2h3z", before: "M15 5l1.5 1.5L11 12l5.5 5.5L15 19l-7-7z", after: "M9 5L7.5 6.5 13 12l-5.5 5.5L9 19l7-7z",
};
const icon = (name) => {
  const picture = document.createElementNS("http://www.w3.org/2000/svg", "svg");
  const path = document.createElementNS("http://www.w3.org/2000/svg", "path");
  for (const [key, value] of [["viewBox", "0 0 24 24"], ["class", "icon"], ["aria-hidden", "true"]]) picture.setAttribute(key, value);
  path.setAttribute("d", ICONS[name]);
  picture.append(path);
  return picture;
};
const byId = (name) => document.getElementById(name);
const words = (name) => String(name).replaceAll("_", " ");
const plural = (count, one, many = one + "s") => `${count.toLocaleString("en")} ${count === 1 ? one : many}`;
const percent = (share) => `${(100 * share).toFixed(0)} %`;
const clock = (seconds) => seconds < 60 ? `${seconds.toFixed(1)} s` : `${Math.floor(seconds / 60)}:${String(Math.floor(seconds % 60)).padStart(2, "0")} min`;
const stamp = (seconds) => seconds < 60 ? seconds.toFixed(2) : `${Math.floor(seconds / 60)}:${(seconds % 60).toFixed(2).padStart(5, "0")}`;
const clamp = (value, low, high) => Math.min(high, Math.max(low, value));
const typing = (target) => target.closest?.("input:not([type=range]):not([type=radio]):not([type=checkbox]), textarea, select") !== null;
const say = (text) => { byId("live").textContent = text; };

// What the viewer chose stays chosen, where the browser keeps anything for this page.
const memory = {
  get(name, otherwise) { try { return localStorage.getItem("morse " + name) ?? otherwise; } catch { return otherwise; } },
  set(name, value) { try { localStorage.setItem("morse " + name, value); } catch { /* a private window */ } },
};

// A value of a record, for a reader.
const shown = (value) => {
  if (value === null) return "–";
  if (Array.isArray(value)) return value.some((one) => Array.isArray(one)) ? value.map(shown).join("\n") : value.map(shown).join(", ") || "empty";
  if (typeof value === "object") return Object.entries(value).map(([key, one]) => `${key}: ${shown(one)}`).join("; ") || "empty";
  if (typeof value === "boolean") return value ? "yes" : "no";
  return String(value);
};

// Data files call these.
const loading = new Map();
let arrived;
const whole = new Promise((done) => { arrived = done; });
window.morse = {
  index: (set) => arrived(set),
  clip: (clip) => loading.get(clip.id)?.done(clip),
};
const pathOf = (folder, id, ending) => `${folder}/${id.slice(0, 2)}/${id}.${ending}`;
const loadClip = (id) => {
  if (!loading.has(id)) {
    const entry = {};
    entry.promise = new Promise((done, fail) => {
      entry.done = done;
      const script = el("script", { src: pathOf("data", id, "js"), error: () => { loading.delete(id); fail(new Error("This clip's data cannot be loaded.")); } });
      document.head.append(script);
    });
    loading.set(id, entry);
    if (loading.size > 200) loading.delete(loading.keys().next().value);
  }
  return loading.get(id).promise;
};

const CATEGORIES = ["latent_state", "physical", "spatial", "procedural", "abstract", "mathematical", "planning", "temporal"];
const dot = (category) => el("i", { class: "dot", style: { "--hue": `var(--c${(CATEGORIES.indexOf(category) + 9) % 9})` } });
const VERDICTS = { r: "right", w: "wrong", u: "unparsed", m: "missing", f: "failed" };
const mark = (verdict, title) => el("i", { class: `mark ${verdict}`, title: title ?? verdict, role: "img", "aria-label": title ?? verdict });
