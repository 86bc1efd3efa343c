/* What is typed saves itself: after a pause, on leaving a field, with Ctrl+S, with the form's own button, before the page
   is left. Without this file the same forms are saved with their buttons. */
"use strict";

(() => {
  const { units, unitOf, unsent, saveAll, keepAll, stopAll, resume } = drafting;
  const { fill, isField, reread, reference, isRestricted, tellFollowers } = drafting;

  /* ---- Saving on request: the form's own button, leaving a field, Ctrl+S, closing. */

  /* A row may be another by now than the one that its link to close names. */
  function leave(unit, link) {
    const { form, panel } = unit;
    unit.isClosing = true;
    if (form.dataset.draft === "row") reread(panel, document.getElementById(panel).dataset.read);
    else link.click();
  }

  /* Saved as asked: a row is closed or, unless it was the last for now, the next one begun. */
  function goOn(unit, isLast) {
    const { form, panel } = unit;
    const link = form.querySelector("[data-close]");
    const then = form.dataset.draft === "new" && !isLast && form.dataset.draftThen;
    unit.isClosing = Boolean(link || then);
    if (then) reread(panel, then);
    else if (link) leave(unit, link);
  }

  async function press(unit, button) {
    if (unit.clash) return clashes.focus(unit);
    if (unit.isAsked) return null;
    unit.isAsked = unit.isPressed = true;
    unit.announced = "";
    if (!unit.isDirty && !unit.savedAt) unit.edits += 1;
    if (!unit.running) unit.refusedEdits = -1;
    await unit.save();
    unit.isAsked = unit.isPressed = false;
    unit.show();
    if (!unit.isDirty) goOn(unit, button?.name === "return");
    return null;
  }

  document.addEventListener(
    "submit",
    (event) => {
      if (!event.target.matches("form[data-draft]") || event.submitter?.hasAttribute("formaction")) return;
      event.preventDefault();
      event.stopImmediatePropagation();
      press(unitOf(event.target), event.submitter);
    },
    true,
  );

  async function close(unit, link) {
    await unit.save();
    const question = `${standing.of(unit).text}\n\nClose this and lose what you typed?`;
    if (unit.isDirty && !window.confirm(question)) return;
    if (unit.isDirty) unit.drop();
    if (link.isConnected) leave(unit, link);
  }

  document.addEventListener(
    "click",
    (event) => {
      const link = event.target.closest?.("form[data-draft] [data-close]");
      const unit = link && units.get(link.closest("form"));
      if (!unit || (!unit.isDirty && !unit.running && unit.form.dataset.draft !== "row")) return;
      event.preventDefault();
      event.stopImmediatePropagation();
      close(unit, link);
    },
    true,
  );

  const draftOf = (node) => {
    const form = node?.form ?? node?.closest?.("form");
    return form?.matches?.("form[data-draft]") ? form : null;
  };

  document.addEventListener("input", (event) => {
    const form = draftOf(event.target);
    if (form && isField(event.target)) unitOf(form).touch();
  });
  document.addEventListener("change", (event) => units.get(draftOf(event.target))?.save());
  document.addEventListener("focusout", (event) => {
    const unit = units.get(draftOf(event.target));
    unit?.save();
    /* While somebody is at it, what is missing still comes. */
    const status = unit && standing.of(unit);
    if (status?.state === "refused" && !unit.form.contains(event.relatedTarget)) unit.speak(status);
  });
  document.addEventListener("keydown", (event) => {
    const isSave = (event.ctrlKey || event.metaKey) && !event.shiftKey && !event.altKey && event.key.toLowerCase() === "s";
    if (!isSave) return;
    event.preventDefault();
    saveAll();
  });

  /* ---- Leaving the page, and what comes from elsewhere. */

  const unkept = () => unsent().filter((unit) => !unit.isKept);
  document.addEventListener("keeping:now", ({ detail }) => {
    keepAll();
    detail.push(...unkept().map(({ name }) => `“${name}” of ${reference()}`));
  });
  window.addEventListener("pagehide", keepAll);
  document.addEventListener("visibilitychange", () => {
    if (document.visibilityState === "hidden") saveAll();
  });
  let isLeaving = false; /* after they were asked already */
  document.addEventListener("submit", (event) => {
    isLeaving = event.target.matches("form[data-sign-out]") && !event.defaultPrevented;
  });
  window.addEventListener("beforeunload", (event) => {
    keepAll();
    if (unkept().length && !isLeaving) event.preventDefault();
  });
  window.addEventListener("online", tellFollowers);

  /* A lost session leads to the page for signing in, but not away from what is unsent, and not unasked. */
  document.addEventListener("htmx:beforeOnLoad", (event) => {
    const { elt, xhr } = event.detail;
    const isFollowing = elt.matches("[hx-trigger*='from:body']");
    if (!xhr.getResponseHeader("HX-Redirect") || !(isFollowing || unsent().length)) return;
    event.preventDefault();
    saveAll();
    if (!isFollowing) say("You are signed out. Sign in in another tab, then try again.");
  });

  /* The sign of life of the page was refused. What is gone is gone; else the next save will know. */
  document.addEventListener("coe:stopped", ({ detail }) => {
    if (detail.status === 404) stopAll(detail.sentence);
    else saveAll();
  });
  document.addEventListener("coe:resumed", resume);

  /* Another tab of this person has saved: who has typed nothing here goes on from there. */
  keeping.hear("saved", ({ address, fields, hidden }) => {
    for (const form of document.querySelectorAll(`form[data-draft][action="${CSS.escape(address)}"]`)) {
      const unit = units.get(form);
      if (unit?.isDirty || unit?.running || form.contains(document.activeElement)) continue;
      fill(form, new URLSearchParams(fields));
      unitOf(form).take(new URLSearchParams(hidden));
    }
    tellFollowers();
  });

  /* Nobody else's browser keeps what only some may read: it may have become so since the page was loaded. */
  document.addEventListener("htmx:afterSettle", () => {
    for (const [form, unit] of units) if (!form.isConnected && !unit.isDirty && !unit.running) units.delete(form);
    if (isRestricted()) for (const { key } of keeping.all(reference())) keeping.removeKey(key);
  });
})();
