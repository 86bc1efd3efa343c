/* What the checks find follows what is saved. The answer to one request holds it piece by piece; here each piece goes
   where it belongs: below its panel, or into the rail. What is the same stays as it is, and so does a finding while
   somebody writes a reason to it. Told is only another number. */
"use strict";

(() => {
  const source = document.getElementById("found");
  if (!source) return;
  const said = document.getElementById("found-said");
  const drawn = new WeakMap(); /* by element: the HTML that it was made from */
  const sent = new WeakMap(); /* by request: how much had been answered here when it was sent */
  let answered = 0;
  let known = null;
  let used = null; /* where a control was used last: its button loses the focus while the request is on its way */

  const slots = () => document.querySelectorAll("[data-found]");
  const marks = () => document.querySelectorAll("[data-found-at]");

  /* A reason that is being written is nobody else's to take away. */
  const isWritten = (item) => item.querySelector("form")?.contains(document.activeElement) || hasText(item);
  const hasText = (item) => [...item.querySelectorAll("textarea")].some((each) => each.value !== each.defaultValue);

  /* A link to what is on the page leads there, and a form is opened in its panel if that is on the page. */
  function fit(element) {
    for (const link of element.querySelectorAll("a[hx-get]")) {
      const target = link.getAttribute("hx-target");
      if (target.startsWith("#") && !document.querySelector(target)) link.removeAttribute("hx-get");
    }
    for (const link of element.querySelectorAll("a[data-place]:not([hx-get])")) {
      if (document.getElementById(link.dataset.place)) link.href = `#${link.dataset.place}`;
    }
  }

  function make(fresh) {
    const made = document.importNode(fresh, true);
    fit(made);
    drawn.set(made, fresh.outerHTML);
    return made;
  }

  /* Change the items of a list where they stand: what stays is not moved, so it keeps its focus. */
  function change(list, fresh) {
    const there = new Map([...list.children].map((item) => [item.dataset.key, item]));
    let before = null;
    for (const item of fresh.children) {
      const old = there.get(item.dataset.key);
      there.delete(item.dataset.key);
      if (old && (drawn.get(old) === item.outerHTML || isWritten(old))) {
        before = old;
        continue;
      }
      const made = make(item);
      if (old) old.replaceWith(made);
      else if (before) before.after(made);
      else list.prepend(made);
      htmx.process(made);
      before = made;
    }
    for (const item of there.values()) if (!isWritten(item)) item.remove();
  }

  function fill(slot, fresh) {
    const list = slot.querySelector(".findings");
    const freshList = fresh?.querySelector(".findings");
    if (list && freshList) {
      slot.querySelector("h3").replaceWith(document.importNode(fresh.querySelector("h3"), true));
      change(list, freshList);
      return;
    }
    if (list && [...list.children].some(isWritten)) return;
    slot.replaceChildren();
    if (!fresh) return;
    if (!freshList) return void slot.append(...make(fresh).childNodes);
    slot.append(...["h3", ".findings"].map((each) => document.importNode(fresh.querySelector(each), each === "h3")));
    change(slot.querySelector(".findings"), freshList);
  }

  /* Where what had the focus is gone, it goes to what it was about. */
  function keepFocus(slot, work) {
    const had = used === slot || slot.contains(document.activeElement);
    work();
    if (used === slot) used = null;
    if (!had || document.activeElement !== document.body) return;
    const heading = slot.querySelector("h3") ?? document.getElementById(slot.dataset.found)?.querySelector("h2");
    heading?.setAttribute("tabindex", "-1");
    heading?.focus({ preventScroll: true });
  }

  function place() {
    for (const slot of slots()) {
      const fresh = known.querySelector(`[data-for="${slot.dataset.found}"]`);
      const html = fresh?.outerHTML ?? "";
      if (drawn.get(slot) === html) continue;
      keepFocus(slot, () => fill(slot, fresh));
      /* What was left because somebody writes in it is looked at again. */
      drawn.set(slot, [...slot.querySelectorAll("[data-key]")].some(isWritten) ? null : html);
    }
    for (const mark of marks()) {
      const fresh = known.querySelector(`[data-stop="${mark.dataset.foundAt}"]`);
      if (mark.innerHTML !== (fresh?.innerHTML ?? "")) mark.innerHTML = fresh?.innerHTML ?? "";
    }
  }

  function take(html, isOld) {
    const fresh = new DOMParser().parseFromString(html, "text/html").querySelector("[data-findings]");
    if (!fresh) return;
    if (isOld) {
      if (fresh.dataset.problem) say(fresh.dataset.problem);
      htmx.trigger(source, "again");
      return;
    }
    const isNews = known && known.dataset.said !== fresh.dataset.said;
    known = fresh;
    place();
    if (isNews) said.textContent = fresh.dataset.said;
    if (fresh.dataset.problem) say(fresh.dataset.problem);
  }

  document.addEventListener("htmx:beforeRequest", (event) => {
    used = event.detail.elt.closest("[data-found]") ?? used;
    sent.set(event.detail.xhr, answered);
  });

  document.addEventListener("htmx:beforeSwap", (event) => {
    const { target, xhr, requestConfig, serverResponse, shouldSwap } = event.detail;
    if (target !== source || !shouldSwap) return;
    event.detail.shouldSwap = false;
    requestConfig.elt.closest(".finding__form")?.remove();
    /* What was asked before a finding was answered may still hold it: it is asked again. */
    const isOld = sent.get(xhr) < answered;
    if (requestConfig.verb !== "get") answered += 1;
    take(serverResponse, isOld);
  });

  /* What was read again has lost what stood in it. */
  document.addEventListener("htmx:afterSwap", () => {
    if (known) place();
  });

  /* Closing a reason leaves the finding as it was. */
  document.addEventListener("click", (event) => {
    const close = event.target.closest?.(".finding__form [data-close]");
    const item = close?.closest(".finding");
    if (!item) return;
    event.preventDefault();
    item.querySelector(".finding__reason").replaceChildren();
    item.querySelector("[hx-target='next .finding__reason']")?.focus();
  });
})();
