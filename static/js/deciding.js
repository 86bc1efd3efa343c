/* The action items by keyboard, for somebody who is at one of them: elsewhere, and in what is typed in, keys mean what
   they mean to the browser. Everything here moves the focus, or clicks a link or a button that is on the page. */
"use strict";

(() => {
  const list = document.querySelector("[data-items]");
  if (!list) return;
  const items = [...list.querySelectorAll("[data-item]")];
  for (const hint of document.querySelectorAll("[data-keys]")) hint.hidden = false;

  const goTo = (item) => item?.focus();
  const click = (item, key) => item.querySelector(`[data-key="${key}"]`)?.click();
  const keys = {
    j: (item) => goTo(items[items.indexOf(item) + 1]),
    k: (item) => goTo(items[items.indexOf(item) - 1]),
    a: (item) => click(item, "accept"),
    c: (item) => click(item, "change"),
    r: (item) => click(item, "reject"),
    x: (item) => click(item, "tick"),
  };

  list.addEventListener("keydown", (event) => {
    if (event.ctrlKey || event.metaKey || event.altKey || event.repeat || !keys[event.key]) return;
    if (event.target.matches("textarea, select, input:not([type=checkbox])")) return;
    event.preventDefault();
    keys[event.key](event.target.closest("[data-item]"));
  });

  /* Where the page was asked for an item, the keys go on from there. */
  const asked = location.hash && document.getElementById(location.hash.slice(1));
  if (asked && items.includes(asked)) goTo(asked);
})();
