/* The outline of the causes by keyboard. Everything here clicks a link or a button that is on the page.

   Who comes along with Tab passes by: the keys begin to work with an arrow or Enter, and end with Escape.
   So Tab nests a cause only for somebody who is at work in the outline. */
"use strict";

(() => {
  const panel = () => document.getElementById("causes");
  const bodies = () => [...(panel()?.querySelectorAll("[data-cause]") ?? [])];
  const row = (body) => body.closest("li");
  const click = (body, selector) => row(body).querySelector(selector)?.click();

  let isWorking = false;
  let cameByTab = false;
  let lastId = "";
  let wanted = null; /* where the focus goes once the panel has been answered */
  let awaited = null; /* the request of the panel: what is pressed meanwhile would act on what is about to change */

  function setUp() {
    const all = bodies();
    const current = all.find((body) => row(body).id === lastId) ?? all[0];
    for (const body of all) {
      body.tabIndex = body === current ? 0 : -1;
      body.setAttribute("role", "group");
      body.setAttribute("aria-labelledby", body.querySelector(".cause__text").id);
    }
    for (const hint of panel()?.querySelectorAll("[data-keys]") ?? []) hint.hidden = false;
  }

  function goTo(body) {
    if (!body) return;
    for (const each of bodies()) each.tabIndex = each === body ? 0 : -1;
    body.focus();
  }

  /* After a swap, where the focus was lost: the cause that was worked on, else its neighbour. */
  function restore() {
    const place = wanted;
    wanted = null;
    const root = panel();
    const isLost = [document.body, root?.querySelector("h2")].includes(document.activeElement);
    if (!place || !isLost) return;
    const same = document.getElementById(place.id);
    const all = bodies();
    goTo(same?.querySelector("[data-cause]") ?? all[Math.min(place.index, all.length - 1)] ?? first(root));
  }

  const first = (root) => root.querySelector(".chain a");

  function remember(element) {
    const item = element.closest?.("#causes li");
    if (!item) return false;
    const id = item.id || item.dataset.under || lastId;
    const index = bodies().findIndex((body) => row(body).id === id);
    wanted = { id, index: Math.max(index, 0) };
    return true;
  }

  const keys = {
    Enter: (body) => click(body, '[data-key="ask"]'),
    ArrowDown: (body) => goTo(bodies()[bodies().indexOf(body) + 1]),
    ArrowUp: (body) => goTo(bodies()[bodies().indexOf(body) - 1]),
    Home: () => goTo(bodies()[0]),
    End: () => goTo(bodies().at(-1)),
    Tab: (body) => click(body, '[data-key="nest"]'),
    "Shift+Tab": (body) => click(body, '[data-key="unnest"]'),
    "Alt+ArrowUp": (body) => click(body, 'button[name="to"][value="up"]'),
    "Alt+ArrowDown": (body) => click(body, 'button[name="to"][value="down"]'),
  };

  function nameOf(event) {
    if (event.ctrlKey || event.metaKey) return "";
    return `${event.altKey ? "Alt+" : ""}${event.shiftKey ? "Shift+" : ""}${event.key}`;
  }

  document.addEventListener("keydown", (event) => {
    const name = nameOf(event);
    cameByTab = event.key === "Tab";
    if (event.target.matches?.("[data-next-why] textarea[name='text']")) write(event, name);
    else if (event.target.matches?.("[data-cause]")) work(event, name);
  });

  function work(event, name) {
    if (name === "Escape") isWorking = false;
    if (!keys[name] || (event.key === "Tab" && !isWorking)) return;
    event.preventDefault();
    cameByTab = false;
    isWorking = true;
    if (!awaited) keys[name](event.target);
  }

  function write(event, name) {
    if (name === "Escape") isWorking = true;
    if (name !== "Enter" || event.isComposing) return;
    event.preventDefault();
    isWorking = true;
    event.target.form.requestSubmit();
  }

  document.addEventListener("focusin", (event) => {
    if (!event.target.matches?.("[data-cause]")) return;
    lastId = row(event.target).id;
    if (cameByTab) isWorking = false;
    cameByTab = false;
  });
  document.addEventListener("pointerdown", (event) => {
    cameByTab = false;
    const body = event.target.closest?.("[data-cause]");
    if (!body || event.target.closest("a, button, select, input, textarea, label")) return;
    isWorking = true;
    goTo(body);
  });

  document.addEventListener("htmx:beforeRequest", (event) => {
    if (remember(event.detail.elt)) awaited = event.detail.xhr;
  });
  document.addEventListener("htmx:afterRequest", (event) => {
    if (event.detail.xhr === awaited) awaited = null;
  });
  document.addEventListener("htmx:afterSettle", (event) => {
    if (!event.target.closest?.("#causes")) return;
    setUp();
    restore();
  });
  document.addEventListener("DOMContentLoaded", setUp);
})();
