/* Somebody saved the same while it was typed here: both texts below the form, and three ways on. What is typed stays in
   its field until one is chosen, and may be typed on meanwhile. */
"use strict";

globalThis.clashes = (() => {
  const { bodyOf, fill, isHidden } = drafting;
  let count = 0;

  const wordsOf = (element) => element.textContent.trim().replace(/\s+/g, " ");

  function show(unit, answer, attempt) {
    close(unit);
    const panel = document.importNode(answer, true);
    panel.id = `clash-${(count += 1)}`;
    /* The status tells that it is there; to read both texts aloud at once would be too much. */
    panel.removeAttribute("role");
    panel.removeAttribute("data-focus");
    for (const form of panel.querySelectorAll("form:has(textarea)")) form.dataset.unsavedWarning = "";
    const title = wordsOf(panel.querySelector("h3") ?? panel);
    unit.clash = { panel, id: panel.id, title, attempt };
    panel.addEventListener("submit", (event) => take(event, unit, event.target));
    panel.addEventListener("click", (event) => take(event, unit, event.target.closest("a[data-take]")));
    if (!unit.form.isConnected) return;
    unit.form.after(panel);
    if (unit.isPressed) focus(unit);
  }

  function focus({ clash }) {
    clash.panel.focus();
    clash.panel.scrollIntoView({ block: "nearest" });
  }

  function close(unit) {
    unit.clash?.panel.remove();
    unit.clash = null;
  }

  function take(event, unit, way) {
    if (!way?.dataset.take) return;
    event.preventDefault();
    event.stopPropagation();
    choose(unit, way);
  }

  /* ---- The ways on. */

  async function choose(unit, way) {
    const chosen = way.dataset.take;
    if (chosen !== "mine" && !(await keepBeside(unit))) return;
    const sides = way.matches("form") && new URLSearchParams(new FormData(way));
    const { attempt } = unit.clash;
    if (chosen === "mine") keepMine(unit, sides, new URLSearchParams(attempt.body));
    else if (sides) fill(unit.form, sides);
    if (way.matches("form")) unit.move(way.getAttribute("action"));
    close(unit);
    if (chosen === "removed") return leaveRemoved(unit);
    unit.edits += 1;
    unit.isPressed = true;
    unit.form.querySelector("textarea, input:not([type=hidden]), select")?.focus({ preventScroll: true });
    return unit.save();
  }

  /* What was typed since both texts were shown is only here: the history keeps it beside, like what was typed before.
     Whether there is still something to choose then. */
  async function keepBeside(unit) {
    const { panel, attempt } = unit.clash;
    if (bodyOf(unit.form) === attempt.body) return true;
    for (const button of panel.querySelectorAll("button")) button.disabled = true;
    const outcome = await sending.send(unit.begin(), () => unit.show());
    for (const button of panel.querySelectorAll("button")) button.disabled = false;
    return outcome.kind === "clash" || outcome.kind === "refused";
  }

  /* Mine over what is stored now. What nobody typed in here shows what is stored; where somebody has begun to type
     since, that is over the version of before, so it may clash as well. */
  function keepMine({ form }, mine, sent) {
    const isBegun = (name) =>
      sent.has(`initial-${name}`) && sent.get(name) === sent.get(`initial-${name}`) && form.elements[name].value !== sent.get(name);
    const begun = [...sent.keys()].filter(isBegun);
    const isOfBegun = (name) =>
      begun.some((each) => name === `initial-${each}` || name === `${each.slice(0, each.lastIndexOf("-"))}-version`);
    const current = new URLSearchParams(bodyOf(form));
    const isAsSent = ({ name }) => String(current.getAll(name)) === String(sent.getAll(name));
    fill(form, mine, (control) => (isHidden(control) ? !isOfBegun(control.name) : isAsSent(control)));
  }

  function leaveRemoved(unit) {
    unit.drop();
    const panel = document.getElementById(unit.panel);
    if (panel?.dataset.read) drafting.reread(unit.panel, panel.dataset.read);
  }

  return { show, focus, close };
})();
