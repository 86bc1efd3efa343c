/* The clock of a meeting counts down; without this file it says until when everybody reads. Arrow keys go through the
   parts. */
"use strict";

(() => {
  const clock = document.querySelector("[data-seconds]");
  const ends = clock && performance.now() + Number(clock.dataset.seconds) * 1000;

  function show() {
    const left = Math.max(0, Math.ceil((ends - performance.now()) / 1000));
    const strong = document.createElement("strong");
    strong.textContent = `${Math.floor(left / 60)}:${String(left % 60).padStart(2, "0")}`;
    clock.replaceChildren(strong, " left");
    if (left) return;
    clearInterval(ticking);
    clock.textContent = clock.dataset.over;
    clock.classList.add("meeting__clock--over");
  }

  const ticking = clock && Number(clock.dataset.seconds) && setInterval(show, 500);

  document.addEventListener("keydown", (event) => {
    const isTyping = event.target.closest?.("input, textarea, select, [contenteditable]");
    if (isTyping || event.altKey || event.ctrlKey || event.metaKey || event.shiftKey) return;
    const way = { ArrowRight: "next", ArrowLeft: "prev" }[event.key];
    if (way) document.querySelector(`.meeting__next [rel="${way}"]`)?.click();
  });
})();
