/* A link to a PDF works without this file: the browser waits for it. With it, who waits longer than a second is told
   so, stays on the page, and reads here why there is none. The server keeps what it made, so opening it is quick. */
"use strict";

(() => {
  const preparing = "Preparing the PDF…";
  const busy = "Many PDFs are being made right now. Yours is next.";
  const offline = "No connection, so there is no PDF yet. Try the link again when you are online.";
  const broken = "The PDF could not be made. Try the link again in a minute.";
  const patience = 1000;
  const tries = 6;

  /* The live region behind the link. It is there before it is filled, or it would not be read out. */
  function regionOf(link) {
    const place = link.closest(".buttons, p") ?? link;
    const next = place.nextElementSibling;
    if (next?.matches(".pdf-progress")) return next;
    const region = document.createElement("p");
    region.className = "pdf-progress muted";
    region.setAttribute("role", "status");
    place.after(region);
    return region;
  }

  const pause = (seconds) => new Promise((resolve) => setTimeout(resolve, seconds * 1000));

  async function made(href, say) {
    for (let left = tries; ; left -= 1) {
      const response = await fetch(href, { credentials: "same-origin" });
      const wait = Number(response.headers.get("Retry-After"));
      if (response.status !== 503 || !wait || left === 1) return response;
      say(busy);
      await pause(wait);
    }
  }

  async function sentenceIn(response) {
    const page = new DOMParser().parseFromString(await response.text(), "text/html");
    return page.querySelector("[data-reason]")?.textContent.trim() || broken;
  }

  async function open(link) {
    const region = regionOf(link);
    const say = (sentence) => (region.textContent = sentence);
    const timer = setTimeout(() => say(preparing), patience);
    link.setAttribute("aria-busy", "true");
    say("");
    try {
      const response = await made(link.href, say);
      if (!response.ok) return say(await sentenceIn(response));
      await response.blob();
      say("");
      window.location.assign(link.href);
    } catch {
      say(offline);
    } finally {
      clearTimeout(timer);
      link.removeAttribute("aria-busy");
    }
  }

  /* The place is kept free from the start, so that the sentence moves no button. */
  document.addEventListener("DOMContentLoaded", () => document.querySelectorAll("a[data-pdf]").forEach(regionOf));

  document.addEventListener("click", (event) => {
    const link = event.target.closest?.("a[data-pdf]");
    const isPlain = event.button === 0 && !(event.metaKey || event.ctrlKey || event.shiftKey || event.altKey);
    if (!link || !isPlain || event.defaultPrevented) return;
    event.preventDefault();
    if (!link.hasAttribute("aria-busy")) open(link);
  });
})();
