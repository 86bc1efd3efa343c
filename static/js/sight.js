/* A save leaves in sight what has the focus, and the page where it is.

   A panel that is read anew is put in before the old one is taken out. A browser that holds on to what is in sight
   (scroll anchoring) follows the old one down meanwhile, by as much as the new one is high: while a panel that is in
   sight is exchanged, it must not. Focus that stays in its field scrolls nothing, so that is done here. */
"use strict";

(() => {
  const root = document.documentElement;
  const followed = new WeakSet(); /* requests whose answer the person waits for where the focus is */
  let latest = null;

  function isInSight(element) {
    const { top, bottom } = element.getBoundingClientRect();
    return bottom > 0 && top < window.innerHeight;
  }

  function show(element) {
    const card = element.closest("form.row-open, [data-cause], li[id]");
    for (const each of [card, element]) each?.scrollIntoView({ block: "nearest", inline: "nearest", behavior: "instant" });
  }

  function holdOn(xhr) {
    if (latest === xhr) root.style.overflowAnchor = "";
  }

  document.addEventListener("htmx:beforeSwap", (event) => {
    const { target, shouldSwap, xhr } = event.detail;
    if (!shouldSwap || !target.matches?.(".section")) return;
    const focused = document.activeElement;
    /* The button that was pressed is disabled, and has lost the focus. */
    if (focused === document.body || (target.contains(focused) && isInSight(focused))) followed.add(xhr);
    if (!isInSight(target)) return;
    latest = xhr;
    root.style.overflowAnchor = "none";
  });

  document.addEventListener("htmx:afterSettle", (event) => {
    const { xhr } = event.detail;
    const panel = event.target.closest?.(".section");
    if (followed.has(xhr) && panel?.contains(document.activeElement)) show(document.activeElement);
    requestAnimationFrame(() => requestAnimationFrame(() => holdOn(xhr)));
  });
  document.addEventListener("htmx:swapError", (event) => holdOn(event.detail.xhr));
})();
