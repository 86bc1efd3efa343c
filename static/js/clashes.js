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
    if (chosen !== "mine" && !(await keepBeside(unit))) return null;
    if (way.matches("form")) {
      takeOver(unit, way);
      unit.move(way.getAttribute("action"));
    }
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

  const valuesOf = (form) => new URLSearchParams(form ? new FormData(form) : "");
  const isSame = (one, other, name) => String(one.getAll(name)) === String(other.getAll(name));

  /* The chosen text over what is stored now. A field that was typed in since keeps that, unless it is what was chosen
     about; where that was its first change, it is over the version of before, so it may clash as well. */
  function takeOver({ form, clash }, way) {
    const sent = new URLSearchParams(clash.attempt.body);
    const current = new URLSearchParams(bodyOf(form));
    const [mine, theirs] = ["mine", "theirs"].map((each) => valuesOf(clash.panel.querySelector(`[data-take=${each}]`)));
    const isSince = (name) => !isSame(current, sent, name);
    const isChosen = (name) => way.dataset.take !== "mine" && !isSame(mine, theirs, name);
    const begun = [...sent.keys()].filter((name) => sent.get(`initial-${name}`) === sent.get(name) && isSince(name));
    const isOfBegun = (hidden) =>
      begun.some((name) => [`initial-${name}`, `${name.slice(0, name.lastIndexOf("-"))}-version`].includes(hidden));
    const isWanted = ({ name }) => !isSince(name) || isChosen(name);
    fill(form, valuesOf(way), (control) => (isHidden(control) ? !isOfBegun(control.name) : isWanted(control)));
  }

  function leaveRemoved(unit) {
    unit.drop();
    const panel = document.getElementById(unit.panel);
    if (panel?.dataset.read) drafting.reread(unit.panel, panel.dataset.read);
  }

  return { show, focus, close };
})();
