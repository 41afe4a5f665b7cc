"use strict";
const items = Array.from(document.querySelectorAll("details.item"));
const find = document.getElementById("find");
const verdict = document.getElementById("verdict");
const category = document.getElementById("category");
const count = document.getElementById("count");
function sift() {
  const wanted = find.value.toLowerCase();
  let left = 0;
  for (const item of items) {
    const fits = (!verdict.value || item.dataset.verdict === verdict.value)
      && (!category.value || item.dataset.category === category.value)
      && (!wanted || item.textContent.toLowerCase().includes(wanted));
    item.hidden = !fits;
    left += fits ? 1 : 0;
  }
  count.textContent = left + " of " + items.length;
}
for (const control of [find, verdict, category]) control.addEventListener("input", sift);
document.addEventListener("click", (event) => {
  const button = event.target.closest("button.span");
  if (!button) return;
  const video = button.closest("details").querySelector("video");
  if (!video) return;
  const start = Number(button.dataset.start), end = Number(button.dataset.end);
  const go = () => { video.currentTime = start; video.play(); };
  if (video.readyState > 0) go(); else { video.addEventListener("loadedmetadata", go, { once: true }); video.load(); }
  video.ontimeupdate = () => { if (video.currentTime >= end) { video.pause(); video.ontimeupdate = null; } };
});
sift();
