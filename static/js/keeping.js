/* What somebody typed and is not saved yet, kept in this browser until it is: by person, COE, form and page. Never what
   was saved, never a page. It is removed as soon as it is acknowledged, and all of it when the person signs out. */
"use strict";

globalThis.keeping = (() => {
  const person = document.body?.dataset.person ?? "";
  const own = `coe:${person}:`;
  const channel = "BroadcastChannel" in globalThis ? new BroadcastChannel("coe") : new EventTarget();
  let isOver = false; /* once they have signed out, in whichever tab */

  /* A random UUID. That of the browser is there under https alone. */
  function makeUid() {
    const bytes = crypto.getRandomValues(new Uint8Array(16));
    bytes[6] = (bytes[6] & 15) | 64;
    bytes[8] = (bytes[8] & 63) | 128;
    const hex = Array.from(bytes, (byte) => byte.toString(16).padStart(2, "0")).join("");
    return hex.replace(/^(.{8})(.{4})(.{4})(.{4})/, "$1-$2-$3-$4-");
  }

  const tab = makeUid(); /* of this page as it is loaded now: after a reload it is another */
  const keyOf = (reference, unit) => `${own}${reference}:${unit}:${tab}`;

  /* Keep a record; whether that was possible. */
  function write(reference, unit, record) {
    if (isOver || !person) return false;
    try {
      localStorage.setItem(keyOf(reference, unit), JSON.stringify(record));
      return true;
    } catch {
      return false;
    }
  }

  function removeKey(key) {
    try {
      localStorage.removeItem(key);
    } catch {
      /* What cannot be reached was not kept either. */
    }
  }

  function readKey(key) {
    try {
      return JSON.parse(localStorage.getItem(key));
    } catch {
      return null;
    }
  }

  /* Everything that is kept of this person, of one COE or of all. */
  function all(reference = "") {
    const start = reference ? `${own}${reference}:` : own;
    try {
      return Object.keys(localStorage)
        .filter((key) => person && key.startsWith(start))
        .map((key) => ({ key, tab: key.split(":").at(-1), reference: key.split(":")[2], record: readKey(key) }))
        .filter(({ record }) => record);
    } catch {
      return [];
    }
  }

  /* ---- Other tabs. */

  const tell = (message) => channel.postMessage?.({ person, tab, ...message });
  const hear = (kind, listener) =>
    channel.addEventListener("message", ({ data }) => {
      if (data?.kind === kind && data.person === person) listener(data);
    });

  /* The pages of this person that are open, but for this one. */
  async function openTabs() {
    const found = new Set();
    const listen = ({ data }) => data?.kind === "here" && found.add(data.tab);
    channel.addEventListener("message", listen);
    tell({ kind: "who" });
    await new Promise((resolve) => setTimeout(resolve, 300));
    channel.removeEventListener("message", listen);
    return found;
  }

  hear("who", () => tell({ kind: "here" }));
  hear("signed-out", () => {
    isOver = true;
  });

  /* ---- Signing out. */

  /* What is unsent by name, also where only the page has it. */
  function unsentNames() {
    const asking = new CustomEvent("keeping:now", { detail: [] });
    document.dispatchEvent(asking);
    const names = all().map(({ record, reference }) => `“${record.name}” of ${reference}`);
    return [...new Set([...names, ...asking.detail])];
  }

  function question(names) {
    return `Not saved yet: ${names.join(", ")}.\n\nSign out and lose what you typed there?`;
  }

  document.addEventListener(
    "submit",
    (event) => {
      if (!event.target.matches("form[data-sign-out]")) return;
      const names = unsentNames();
      if (names.length && !window.confirm(question(names))) {
        event.preventDefault();
        return;
      }
      isOver = true;
      tell({ kind: "signed-out" });
      for (const { key } of all()) removeKey(key);
    },
    true,
  );

  const remove = (reference, unit) => removeKey(keyOf(reference, unit));
  return { tab, makeUid, write, remove, removeKey, all, openTabs, tell, hear };
})();
