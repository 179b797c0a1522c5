// Opens an article at the words of its address. Without a script the browser goes to the first mark by itself; this
// also lights the marks into which overlapping words are cut.
"use strict";
function light() {
  const wanted = decodeURIComponent(location.hash.slice(1));
  for (const mark of document.querySelectorAll("mark[data-span]")) {
    mark.classList.toggle("lit", mark.dataset.span === wanted);
  }
  const first = document.querySelector("mark.lit");
  if (first) first.scrollIntoView({ block: "center" });
}
addEventListener("hashchange", light);
light();
