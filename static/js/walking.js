/* Walking a list by keyboard: j goes on, k goes back, and the letter of a button presses it where one stands.
   The list says data-walk, its items data-walk-item, a button or link in an item data-walk-key, and what of an item
   takes the focus data-walk-focus where that is not the whole of it. Without the script every item is reached with the
   tab key. */
"use strict";

(() => {
  const list = document.querySelector("[data-walk]");
  if (!list) return;
  const items = () => [...list.querySelectorAll("[data-walk-item]")];
  const typing = "input:not([type=hidden], [type=checkbox]), textarea, select, [contenteditable]";
  let last = null; /* where one stood before the focus went elsewhere */

  const help = document.querySelector("[data-walk-help]");
  if (help) help.hidden = !items().length;

  const here = () => document.activeElement.closest("[data-walk-item]") ?? (last?.isConnected ? last : null);

  /* Who has not begun begins where the page is read, not at its top. */
  function inSight(all) {
    return all.find((item) => item.getBoundingClientRect().bottom > 0) ?? all[0];
  }

  function go(step) {
    const all = items();
    const place = all.indexOf(here());
    const target = place < 0 ? inSight(all) : all[place + step];
    (target?.querySelector("[data-walk-focus]") ?? target)?.focus();
    last = target ?? last;
  }

  document.addEventListener("focusin", ({ target }) => {
    last = target.closest("[data-walk-item]") ?? last;
  });

  document.addEventListener("keydown", (event) => {
    if (event.ctrlKey || event.metaKey || event.altKey || event.target.closest(typing)) return;
    if (event.key === "Enter" && !event.target.matches("[data-walk-item]")) return;
    if (event.key === "j") go(1);
    else if (event.key === "k") go(-1);
    else here()?.querySelector(`[data-walk-key="${CSS.escape(event.key)}"]`)?.click();
  });
})();
