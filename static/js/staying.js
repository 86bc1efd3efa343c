/* A panel that is read anew takes its open forms away. Those with something unsent, or with the cursor in them, stay:
   they are taken out before the swap, and put where they belong behind it. */
"use strict";

(() => {
  const placed = []; /* what waits to be put back */

  /* A form that stands in an item of its own list takes it along. */
  const holderOf = (form) => form.closest(".cause--new") ?? form;

  function staysIn(target, unit) {
    const { form } = unit;
    if (!form.isConnected || !target.contains(form) || target === form) return false;
    const hasCursor = form.contains(document.activeElement) && document.activeElement.matches("input, textarea, select");
    return unit.isDirty || unit.clash || (hasCursor && !unit.isClosing);
  }

  function cursorIn(form) {
    const control = form.contains(document.activeElement) ? document.activeElement : null;
    return control && { control, start: control.selectionStart, end: control.selectionEnd };
  }

  function takeOut(unit) {
    placed.push({ unit, cursor: cursorIn(unit.form), clash: unit.clash?.panel });
    unit.clash?.panel.remove();
    holderOf(unit.form).remove();
  }

  document.addEventListener("htmx:beforeSwap", (event) => {
    const { target, shouldSwap, requestConfig } = event.detail;
    if (!shouldSwap) return;
    /* What is asked from within a form is about that form. */
    const asker = requestConfig?.elt?.closest?.("form[data-draft]");
    for (const unit of [...drafting.units.values()]) {
      const isAsking = unit.form === asker && !unit.isDirty;
      if (!isAsking && staysIn(target, unit)) takeOut(unit);
    }
  });

  const valueOf = (form, name) => form.elements[name]?.value ?? "";

  /* The empty form that the page has for the same purpose. */
  function twinOf(form, panel) {
    return [...panel.querySelectorAll("form[data-draft]")].find(
      (each) =>
        each.dataset.draft === form.dataset.draft &&
        each.getAttribute("action") === form.getAttribute("action") &&
        valueOf(each, "gap") === valueOf(form, "gap"),
    );
  }

  function putBack({ form }, panel) {
    const holder = holderOf(form);
    const twin = twinOf(form, panel);
    const row = form.elements.uid && panel.querySelector(`#row-${CSS.escape(form.elements.uid.value)}`);
    const cause = form.matches(".cause__answer") && panel.querySelector(`#row-${CSS.escape(form.dataset.answers)}`);
    const gap = valueOf(form, "gap") && panel.querySelector(`#gap-${CSS.escape(valueOf(form, "gap"))}`);
    const above = holder.dataset.under && panel.querySelector(`#${CSS.escape(holder.dataset.under)}`);
    const adder = panel.querySelector("[data-adder]")?.closest("p");
    if (twin) holderOf(twin).replaceWith(holder);
    else if (row) row.replaceChildren(form);
    else if (cause ?? gap) (cause || gap).append(form);
    else if (above) above.after(holder);
    else if (holder === form && adder) adder.replaceWith(form);
    else (panel.querySelector(holder.matches("li") ? "ol.causes" : ":scope") ?? panel).append(holder);
  }

  document.addEventListener("htmx:afterSwap", () => {
    for (const { unit, cursor, clash } of placed.splice(0)) {
      const panel = document.getElementById(unit.panel);
      if (!panel) continue;
      for (const each of unit.form.querySelectorAll("[data-focus]")) each.removeAttribute("data-focus");
      unit.form.removeAttribute("data-focus-first");
      putBack(unit, panel);
      if (clash) unit.form.after(clash);
      if (!cursor) continue;
      cursor.control.focus({ preventScroll: true });
      if (cursor.start !== null && cursor.control.setSelectionRange) cursor.control.setSelectionRange(cursor.start, cursor.end);
    }
  });
})();
