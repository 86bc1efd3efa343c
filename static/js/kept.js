/* What was kept in this browser by a page that is gone is sent now, and the person is told. */
"use strict";

(() => {
  const AGE = 30 * 24 * 60 * 60 * 1000; /* after which it is not sent unasked */
  const { Unit, units, unitOf, fill, fieldsOf, reread, reference, unsent } = drafting;
  const isPath = (form, address) => [form.dataset.draftAddress, form.getAttribute("action")].includes(address);

  function clock(moment) {
    const { zone } = document.getElementById("rail").dataset;
    const isToday = new Date().toDateString() === new Date(moment).toDateString();
    const day = isToday ? {} : { day: "numeric", month: "short" };
    const options = { hour: "2-digit", minute: "2-digit", ...day };
    try {
      return new Intl.DateTimeFormat("en-GB", { ...options, timeZone: zone }).format(moment);
    } catch {
      return new Intl.DateTimeFormat("en-GB", options).format(moment);
    }
  }

  /* ---- The notice: a line for each text, with what becomes of it. */

  function button(words, action) {
    const element = document.createElement("button");
    Object.assign(element, { type: "button", className: "button button--small", textContent: words });
    element.addEventListener("click", action);
    return element;
  }

  function makeLine(record) {
    const line = document.createElement("div");
    const words = document.createElement("p");
    const name = document.createElement("strong");
    name.textContent = record.name;
    words.append(name, `: what you typed at ${clock(record.at)} was kept in this browser. `);
    const end = document.createElement("span");
    words.append(end);
    line.append(words);
    document.getElementById("kept").append(line);
    return { line, end };
  }

  function offer({ line, end }, sentence, buttons) {
    end.textContent = sentence;
    line.querySelector(".buttons")?.remove();
    if (!buttons.length) return;
    const group = document.createElement("div");
    group.className = "buttons";
    group.append(...buttons);
    line.append(group);
  }

  const openPage = (record) => {
    const page = document.getElementById("rail").dataset.page;
    window.location.assign(`${page}?${record.opens ?? ""}#${record.panel}`);
    /* The same address with another place in it loads nothing. */
    if (window.location.search === `?${record.opens ?? ""}`) window.location.reload();
  };

  function dropButton(line, drop) {
    return button("Drop it", () => {
      if (!window.confirm("Drop what you typed there? It cannot be brought back.")) return;
      drop();
      line.line.remove();
    });
  }

  /* ---- Where it belongs. */

  /* Its form, if it stands on the page and nothing was typed in it yet. */
  function formFor(record) {
    const fields = new URLSearchParams(record.fields);
    const isAlike = (form) =>
      ["gap", "under"].every((name) => (form.elements[name]?.value ?? "") === (fields.get(name) ?? ""));
    const forms = [...document.querySelectorAll("form[data-draft]")];
    return forms.find((form) => isPath(form, record.address) && !units.get(form)?.isDirty && isAlike(form));
  }

  /* A form that nobody sees, for what has no place on the page. */
  function makeForm(record) {
    const form = document.createElement("form");
    form.setAttribute("action", record.address);
    form.dataset.draft = record.isNew ? "new" : "";
    for (const [name, value] of new URLSearchParams(record.fields)) {
      form.append(Object.assign(document.createElement("input"), { type: "hidden", name, value }));
    }
    return form;
  }

  function unfold(form) {
    for (const control of fieldsOf(form)) {
      const fold = control.closest("details");
      if (fold && control.type !== "hidden" && control.value !== (control.defaultValue ?? "")) fold.open = true;
    }
  }

  function unitFor(record, form) {
    const known = { id: record.id, address: record.address, isNew: record.isNew, opens: record.opens };
    if (!form) return new Unit(makeForm(record), { ...known, panel: record.panel, name: record.name });
    fill(form, new URLSearchParams(record.fields));
    unfold(form);
    const unit = Object.assign(unitOf(form), known);
    return unit;
  }

  /* ---- Taking it up. */

  function takeUp({ key, record }) {
    const line = makeLine(record);
    const isOld = Date.now() - record.at > AGE;
    if (isOld) {
      const drop = () => keeping.removeKey(key);
      const send = () => takeUp({ key, record: { ...record, at: Date.now() } }, line.line.remove());
      offer(line, "That is long ago, so it was not sent.", [button("Send it now", send), dropButton(line, drop)]);
      return;
    }
    const form = formFor(record);
    const unit = unitFor(record, form);
    const isSent = record.attempt?.body === record.fields;
    unit.edits = 1;
    if (!form) units.set(unit.form, unit);
    unit.keep();
    if (unit.isKept) keeping.removeKey(key);
    tellOf(unit, record, line, Boolean(form));
    const first = record.attempt && { ...record.attempt, edits: isSent ? 1 : 0 };
    unit.run(first).then(() => unit.isDirty && unit.save());
  }

  function tellOf(unit, record, line, isOnPage) {
    const drop = () => unit.drop();
    const elsewhere = [button("Open it", () => openPage(record)), dropButton(line, drop)];
    unit.shown = ({ state, text }) => {
      if (state === "saved") offer(line, "It is saved now.", []);
      else if (["refused", "unsaved"].includes(state)) offer(line, text, isOnPage ? [] : elsewhere);
      else offer(line, "It is being saved.", []);
    };
    unit.settled = (kind) => {
      if (kind !== "saved" || unit.isDirty) return;
      unit.shown = unit.settled = null;
      offer(line, "It is saved now.", []);
      if (!isOnPage || (unit.isNew && !isAtHand(unit))) readAgain(unit);
    };
    unit.show();
  }

  /* Whether somebody has gone on in its form since it was taken up, and so closes it themselves. */
  const isAtHand = ({ edits, form }) => edits > 1 || form.contains(document.activeElement);

  /* The list that a row stands in by now. */
  function readAgain(unit) {
    const panel = document.getElementById(unit.panel);
    units.delete(unit.form);
    if (panel?.dataset.read) reread(unit.panel, panel.dataset.read);
  }

  async function takeUpAll() {
    const found = keeping.all(reference());
    if (!found.length) return;
    const open = await keeping.openTabs();
    for (const each of found) if (each.tab !== keeping.tab && !open.has(each.tab)) takeUp(each);
  }

  /* ---- The page as it was, after Back: what was saved since is not on it. */

  const [arrival] = performance.getEntriesByType("navigation");

  window.addEventListener("pageshow", (event) => event.persisted && !unsent().length && window.location.reload());
  if (arrival?.type === "back_forward") window.location.reload();
  else document.addEventListener("DOMContentLoaded", takeUpAll);
})();
