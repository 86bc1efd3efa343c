/* How a unit stands, in words: true at every moment, and calm. */
"use strict";

globalThis.standing = (() => {
  const TROUBLES = {
    offline: "no connection.",
    unreachable: "the service cannot be reached.",
    silent: "no answer came in time.",
    busy: "the service is not ready for a moment.",
    broken: "something went wrong on our side.",
    "signed-out": "you are signed out.",
  };
  const RETRIED = "It is sent again by itself.";
  const AFTER_SIGN_IN = "Then this goes on by itself.";

  /* Where what is typed is, as long as it is not saved. */
  function placeOf(unit) {
    if (unit.isKept) return "Kept in this browser.";
    if (unit.isRestricted) return "A restricted COE is kept on this page only: leave it open.";
    return "This browser keeps nothing: leave this page open.";
  }

  function signInLink(unit) {
    const link = unit.trouble.answer?.querySelector("a[href]");
    return { href: link?.getAttribute("href") ?? "/accounts/login/", words: "Sign in in another tab", isElsewhere: true };
  }

  function unsaved(sentence, after, link = null) {
    return { state: "unsaved", sentence, after, link };
  }

  const notSaved = (sentence) => (sentence.startsWith("Not saved") ? sentence : `Not saved: ${sentence}`);

  /* The state (saved, saving, waiting, refused, unsaved or none) with its words, and a link between them where one helps. */
  function partsOf(unit) {
    const { trouble } = unit;
    if (!unit.isDirty) return unit.savedAt ? { state: "saved", sentence: `Saved ${unit.savedAt}` } : { state: "" };
    if (unit.whyStopped) return unsaved(notSaved(unit.whyStopped), placeOf(unit));
    if (unit.clash) return unsaved(`Not saved: ${unit.clash.title}.`, "", { href: `#${unit.clash.id}`, words: "See both texts" });
    if (trouble?.why === "signed-out") {
      return unsaved(`Not saved: ${TROUBLES[trouble.why]}`, `${AFTER_SIGN_IN} ${placeOf(unit)}`, signInLink(unit));
    }
    if (trouble) return unsaved(`Not saved: ${TROUBLES[trouble.why]}`, `${placeOf(unit)} ${RETRIED}`);
    if (unit.errors.length && unit.refusedEdits === unit.edits) {
      return { ...unsaved(`Not saved yet: ${unit.errors[0].sentence}`, placeOf(unit)), state: "refused" };
    }
    if (unit.isSlow) return { state: "saving", sentence: "Saving…" };
    return { state: "waiting", sentence: unit.savedAt ? `Saved ${unit.savedAt}, changed since` : "Not saved yet" };
  }

  function of(unit) {
    const parts = partsOf(unit);
    const words = [parts.sentence, parts.link?.words && `${parts.link.words}.`, parts.after];
    return { ...parts, text: words.filter(Boolean).join(" ") };
  }

  function makeLink({ href, words, isElsewhere }) {
    const link = document.createElement("a");
    Object.assign(link, { href, textContent: words });
    if (isElsewhere) Object.assign(link, { target: "_blank", rel: "noopener" });
    return link;
  }

  /* Show a status in its place. */
  function put(place, status) {
    const { sentence = "", after = "", link } = status;
    place.dataset.said = status.text;
    place.className = `status draft-status status--${status.state || "none"}`;
    place.replaceChildren(...(link ? [`${sentence} `, makeLink(link), `. ${after}`] : [`${sentence} ${after}`.trim()]));
  }

  return { of, put };
})();
