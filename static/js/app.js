/* The pages work without this file. It adds what HTML cannot say:
   where an error of a background request is shown, where the focus goes, and a warning before text is lost. */
"use strict";

const sentences = {
  403: "You may read this, but not change it. If you think you should, ask the owner of the COE.",
  404: "This is no longer here. Reload the page to see what is.",
  413: "This is too large to be saved. Shorten it, or attach it as a file.",
  429: "That was a little fast. Wait a minute, then try again.",
  503: "The service is not ready for a moment. Your text is still on this page: try again shortly.",
};
const refused = "The service did not accept this. Your text is still on this page: reload in a new tab, then try again.";
const broken = "Something went wrong on our side. Your text is still on this page: try again.";
const silent = "No answer came in time. Check the page in a new tab before you try again.";
const offline = "No connection. Your text is still on this page and is not saved: try again when you are online.";
const unread = "No connection, so this cannot be shown. Try again when you are online.";

/* One region for all of them: it is a live region, so it must exist before it is filled. */
function say(sentence) {
  const region = document.getElementById("alert");
  if (region) region.textContent = sentence;
}

document.addEventListener("htmx:responseError", (event) => {
  const { status } = event.detail.xhr;
  say(sentences[status] ?? (status < 500 ? refused : broken));
});
const isRead = (event) => event.detail.requestConfig?.verb === "get";
document.addEventListener("htmx:timeout", (event) => say(isRead(event) ? unread : silent));
document.addEventListener("htmx:sendError", (event) => say(isRead(event) ? unread : offline));
document.addEventListener("htmx:beforeSwap", (event) => {
  if (event.detail.shouldSwap) say("");
});

/* Focus moves only where the server asks for it: an error summary, a conflict, the first field of a form that was
   opened. Else it stays at the control that was used; where that is gone, at its row, or what opens the form that was
   closed, or the heading of its panel. */
function focusWithin(root) {
  const asked = root.matches?.("[data-focus]") ? root : root.querySelector("[data-focus]");
  const opened = root.querySelector("[data-focus-first]");
  const target = asked ?? opened?.querySelector("input:not([type=hidden]), textarea, select");
  target?.focus();
  /* Behind what stands in the line already. */
  if (target?.matches("input[type=text]")) target.setSelectionRange(target.value.length, target.value.length);
  return Boolean(target);
}

const marks = ["id", "formaction", "href", "value"];
const uses = new WeakMap(); /* by request: what had the focus when it took it away */

function useOf(control) {
  const given = marks.filter((name) => control.getAttribute(name));
  const uid = control.form?.elements.uid?.value;
  return {
    same: given.map((name) => `[${name}="${CSS.escape(control.getAttribute(name))}"]`).join(""),
    rows: [uid && `row-${uid}`, control.closest("li[id]")?.id, control.closest("[data-under]")?.dataset.under]
      .filter(Boolean)
      .map((id) => `#${CSS.escape(id)}`),
    isClosing: control.matches("[data-close]"),
  };
}

/* The button of a form is disabled, and loses the focus, as soon as the request is on its way. */
function remember(root, xhr) {
  const control = document.activeElement;
  if (control !== document.body && root.contains(control)) uses.set(xhr, useOf(control));
}

function focusAgain(panel, use) {
  const control = use.same && panel.querySelector(use.same);
  const opener = use.isClosing && panel.querySelector("[data-adder]");
  const row = use.rows.map((id) => panel.querySelector(`${id} :is([data-cause], [data-edit])`)).find(Boolean);
  const target = control || row || opener || panel.querySelector("h2");
  if (target?.matches("h2")) target.setAttribute("tabindex", "-1");
  target?.focus({ preventScroll: true });
}

document.addEventListener("htmx:beforeRequest", (event) => remember(event.detail.elt, event.detail.xhr));
document.addEventListener("htmx:beforeSwap", (event) => remember(event.target, event.detail.xhr));
document.addEventListener("htmx:afterSettle", (event) => {
  if (focusWithin(event.target)) return;
  const use = uses.get(event.detail.xhr);
  const panel = event.target.closest(".section");
  if (use && panel && document.activeElement === document.body) focusAgain(panel, use);
});
document.addEventListener("DOMContentLoaded", () => focusWithin(document));

/* Unsent text. An edit during a save is not covered by that save, so edits are counted, not flagged. */
const edits = new Map();
const sent = new WeakMap();
const watched = (node) => node?.closest?.("form[data-unsaved-warning]");
/* Only what the form itself sends is a save: a preview, sent by a button of it, is none. */
const saved = (node) => (node?.matches?.("form[data-unsaved-warning]") ? node : null);

document.addEventListener("input", (event) => {
  const form = watched(event.target);
  if (form) edits.set(form, (edits.get(form) ?? 0) + 1);
});
document.addEventListener("submit", (event) => {
  if (!event.defaultPrevented) edits.delete(event.target);
});
document.addEventListener("htmx:beforeRequest", (event) => {
  const form = saved(event.detail.elt);
  if (form) sent.set(event.detail.xhr, edits.get(form));
});
document.addEventListener("htmx:afterRequest", (event) => {
  const form = saved(event.detail.elt);
  if (form && event.detail.successful && edits.get(form) === sent.get(event.detail.xhr)) edits.delete(form);
});
window.addEventListener("beforeunload", (event) => {
  for (const form of edits.keys()) if (!form.isConnected) edits.delete(form);
  if (edits.size) event.preventDefault();
});

/* A menu closes as people expect it to. */
document.addEventListener("click", (event) => {
  for (const menu of document.querySelectorAll("details.menu[open]")) if (!menu.contains(event.target)) menu.open = false;
});
document.addEventListener("keydown", (event) => {
  const menu = event.key === "Escape" && event.target.closest?.("details.menu[open]");
  if (!menu) return;
  menu.open = false;
  menu.querySelector("summary").focus();
});

/* Escape closes a form that was opened in its place, if nothing was typed or that may go. */
document.addEventListener("keydown", (event) => {
  const form = event.key === "Escape" && !event.isComposing && event.target.closest?.("form.row-open");
  const close = form && form.querySelector("[data-close]");
  if (!close) return;
  event.preventDefault();
  if (!edits.get(form) || window.confirm("Close this without saving what you typed?")) {
    close.focus();
    close.click();
  }
});
