/* A unit is one form[data-draft]: a section, a strip, a row. It saves itself with one attempt in flight, and what is
   typed in it is never written over: an answer changes its hidden fields alone. */
"use strict";

globalThis.drafting = (() => {
  const PAUSE = 1000; /* after the last key */
  const LONGEST = 5000; /* while typing goes on */
  const SLOW = 400; /* before a save is worth a word */
  const COALESCED = 250; /* between two writes into the browser */
  const FOLLOWING = 2000; /* between two readings of what follows from what is saved */

  const units = new Map(); /* by form */
  const root = () => document.getElementById("rail");
  const isRestricted = () => root().hasAttribute("data-restricted");
  const reference = () => root().dataset.reference;
  let stopped = ""; /* the sentence why nothing can be saved here any more */

  /* ---- Forms as text, and back. */

  const isHidden = (control) => control.type === "hidden";
  const isField = (control) => control.name && control.name !== "csrfmiddlewaretoken" && !control.matches("button");
  const isText = (control) => control.matches("textarea, input:not([type=hidden], [type=checkbox], [type=radio])");
  const fieldsOf = (form) => [...form.elements].filter(isField);

  function bodyOf(form) {
    const fields = new URLSearchParams(new FormData(form));
    fields.delete("csrfmiddlewaretoken");
    return fields.toString();
  }

  /* Put `values` into the fields of `form` that are `wanted`; those that it does not name stay, but for boxes. */
  function fill(form, values, wanted = () => true) {
    for (const control of fieldsOf(form).filter(wanted)) {
      const given = values.getAll(control.name);
      if (control.matches("[type=checkbox], [type=radio]")) control.checked = given.includes(control.value);
      else if (given.length && control.value !== given[0]) control.value = given[0];
    }
  }

  function hiddenIn(element) {
    const fields = [...element.querySelectorAll("input[type=hidden][name]")].filter(isField);
    return new URLSearchParams(fields.map(({ name, value }) => [name, value]));
  }

  /* ---- What is told to the rest of the page. */

  function announce(sentence) {
    const region = document.getElementById("said");
    region.textContent = "";
    requestAnimationFrame(() => (region.textContent = sentence));
  }

  let following = 0;
  let followed = 0;
  function tellFollowers() {
    if (!navigator.onLine) return;
    following ||= setTimeout(
      () => {
        following = 0;
        followed = Date.now();
        document.body.dispatchEvent(new Event("saved", { bubbles: true }));
      },
      Math.max(0, followed + FOLLOWING - Date.now()),
    );
  }

  function stopAll(sentence) {
    stopped = sentence;
    for (const unit of units.values()) unit.show();
    say(`Nothing more can be saved here. ${sentence}`);
  }

  class Unit {
    edits = 0;
    savedEdits = 0;
    refusedEdits = -1; /* what was refused is not sent again unasked */
    errors = [];
    savedAt = "";
    trouble = null; /* what is in the way of the attempt */
    clash = null;
    stopped = "";
    attempt = null;
    running = null;
    isKept = false;
    announced = "";

    constructor(form, known = {}) {
      const panel = form.closest(".section");
      this.form = form;
      this.address = form.dataset.draftAddress ?? form.getAttribute("action");
      this.isNew = form.dataset.draft === "new";
      this.id = this.address + (this.isNew ? form.elements.uid.value : "");
      this.panel = panel?.id;
      this.name = panel?.querySelector("h2").textContent.trim();
      this.opens = form.dataset.draftOpens;
      Object.assign(this, known);
    }

    get isDirty() {
      return this.edits !== this.savedEdits;
    }

    get isWanted() {
      return this.isDirty && this.edits !== this.refusedEdits;
    }

    get isHeld() {
      return Boolean(this.clash || this.whyStopped);
    }

    get whyStopped() {
      return this.stopped || stopped;
    }

    get isRestricted() {
      return isRestricted();
    }

    /* ---- Typing. */

    touch() {
      this.edits += 1;
      if (this.isNew && !this.savedAt && !this.running && this.isBlank()) this.savedEdits = this.edits;
      this.since ??= Date.now();
      clearTimeout(this.timer);
      const pause = Math.min(PAUSE, Math.max(0, this.since + LONGEST - Date.now()));
      this.timer = setTimeout(() => this.save(), pause);
      this.keeping ??= setTimeout(() => this.keep(), COALESCED);
      this.show();
    }

    isBlank() {
      return fieldsOf(this.form).every((each) => !isText(each) || !each.value.trim() || each.value === each.defaultValue);
    }

    /* Save what is typed by now. Resolves when it is saved, or when that needs the person. */
    save() {
      clearTimeout(this.timer);
      this.isDue = true;
      return this.isWanted && !this.isHeld ? this.run() : (this.running ?? Promise.resolve());
    }

    /* Send attempt by attempt, beginning with `first` where one was made before. */
    run(first = null) {
      this.running ??= this.sendAll(first).finally(() => {
        this.running = null;
        this.isPressed = false;
      });
      return this.running;
    }

    async sendAll(first) {
      for (let next = first; next || (this.isDue && this.isWanted && !this.isHeld); next = null) {
        this.isDue = false;
        this.attempt = next ?? this.begin();
        this.keep();
        const slow = setTimeout(() => this.show((this.isSlow = true)), SLOW);
        const outcome = await sending.send(this.attempt, (trouble) => this.show((this.trouble = trouble)));
        clearTimeout(slow);
        this.settle(outcome);
      }
    }

    begin() {
      this.since = null;
      return { token: keeping.makeUid(), address: this.address, body: bodyOf(this.form), edits: this.edits };
    }

    /* ---- Outcomes. */

    settle(outcome) {
      const { attempt } = this;
      Object.assign(this, { attempt: null, trouble: null, isSlow: false, errors: [], refusedEdits: -1 });
      if (outcome.kind === "saved") this.acknowledge(outcome.answer, attempt);
      if (outcome.kind === "refused") this.refuse(outcome.errors, attempt);
      if (outcome.kind === "clash") clashes.show(this, outcome.answer, attempt);
      if (outcome.kind === "stopped" && outcome.isEverywhere) stopAll(outcome.sentence);
      else if (outcome.kind === "stopped") this.stopped = outcome.sentence;
      this.keep();
      this.show();
      this.settled?.(outcome.kind);
    }

    acknowledge(answer, attempt) {
      const hidden = hiddenIn(answer);
      this.take(hidden);
      if (answer.dataset.address) this.move(answer.dataset.address);
      this.savedEdits = Math.max(this.savedEdits, attempt.edits);
      this.savedAt = answer.dataset.at;
      refusals.clear(this.form);
      keeping.tell({ kind: "saved", address: this.address, fields: attempt.body, hidden: hidden.toString() });
      this.form.dispatchEvent(new CustomEvent("draft:saved", { bubbles: true }));
      tellFollowers();
    }

    refuse(errors, attempt) {
      this.errors = errors;
      this.refusedEdits = attempt.edits;
      if (this.isPressed) refusals.show(this.form, errors);
    }

    /* What the service knows by now goes into the hidden fields, and where buttons name the version. */
    take(hidden) {
      fill(this.form, hidden, isHidden);
      if (!hidden.has("version")) return;
      for (const button of this.form.querySelectorAll("button[name=version]")) button.value = hidden.get("version");
    }

    move(address) {
      const [, panel, uid] = /\/edit\/([\w-]+)\/([0-9a-f-]{36})\//.exec(address) ?? [];
      if (uid) this.opens = `section=${panel}&row=${uid}`;
      this.address = address;
      this.form.setAttribute("action", address);
      delete this.form.dataset.draftAddress;
    }

    /* Let go of what is typed. */
    drop() {
      if (this.attempt) this.attempt.isDropped = true;
      this.savedEdits = this.edits;
      this.errors = [];
      clashes.close(this);
      this.keep();
      this.show();
    }

    /* ---- In the browser. */

    keep() {
      clearTimeout(this.keeping);
      this.keeping = null;
      this.isKept = this.isDirty && !isRestricted() && keeping.write(reference(), this.id, this.record());
      if (!this.isKept) keeping.remove(reference(), this.id);
    }

    record() {
      const { attempt, address, id, isNew, panel, name, opens } = this;
      const sent = attempt && { token: attempt.token, address: attempt.address, body: attempt.body };
      return { at: Date.now(), attempt: sent, fields: bodyOf(this.form), address, id, isNew, panel, name, opens };
    }

    /* ---- The status. */

    show() {
      const status = standing.of(this);
      const place = this.form.querySelector("[data-draft-status]");
      if (place && place.dataset.said !== status.text) standing.put(place, status);
      if (["saved", "unsaved"].includes(status.state)) this.speak(status);
      this.shown?.(status);
    }

    /* Announced is only what is another than before. */
    speak({ state, text }) {
      const spoken = state === "saved" ? "Saved" : text;
      if (spoken !== this.announced) announce(`${this.name}: ${spoken}`);
      this.announced = spoken;
    }
  }

  function unitOf(form) {
    if (!units.has(form)) units.set(form, new Unit(form));
    return units.get(form);
  }

  /* What is kept is written now. */
  function keepAll() {
    for (const unit of units.values()) if (unit.isDirty) unit.keep();
  }

  function saveAll() {
    for (const unit of units.values()) unit.save();
  }

  const unsent = () => [...units.values()].filter((unit) => unit.isDirty);

  function resume() {
    stopped = "";
    saveAll();
  }

  const reread = (panel, address) =>
    htmx.ajax("GET", address, { source: `#${panel}`, target: `#${panel}`, swap: "outerHTML" });

  return {
    ...{ Unit, units, unitOf, unsent, saveAll, keepAll, stopAll, resume },
    ...{ fill, isHidden, isField, bodyOf, fieldsOf, reread, reference, isRestricted, tellFollowers },
  };
})();
