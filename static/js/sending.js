/* One attempt to save, sent until its outcome is known: the very same body with the very same token, so that the service
   knows an attempt that it has written already. Only then may the next one go. */
"use strict";

globalThis.sending = (() => {
  const PATIENCE = 15_000;
  const PAUSES = [1000, 2000, 4000, 5000];
  const LONG_PAUSE = 30_000;
  const KEPT_ALIVE = 60_000; /* characters that a browser sends on after the page is gone */

  const tooLarge = "This is too large to be saved. Shorten it.";
  const notUnderstood = "The service did not accept this. Copy your text, then reload the page.";
  const gone = "This is no longer here. Copy your text, then reload the page.";
  const stranger = "Somebody else has signed in in this browser. Copy your text, then reload the page.";

  /* ---- Waiting, which ends at once when there is reason to hope. */

  const sleepers = new Set();

  function sleep(pause, isWakeful = true) {
    return new Promise((resolve) => {
      const wake = () => {
        clearTimeout(timer);
        sleepers.delete(wake);
        resolve();
      };
      const timer = setTimeout(wake, pause);
      if (isWakeful) sleepers.add(wake);
    });
  }

  function wakeAll() {
    for (const wake of [...sleepers]) wake();
  }

  window.addEventListener("online", wakeAll);
  window.addEventListener("focus", wakeAll);
  window.addEventListener("pageshow", wakeAll);
  document.addEventListener("visibilitychange", () => document.visibilityState === "visible" && wakeAll());

  /* ---- The mark against forged requests. It is another after somebody has signed in again, and comes with the refusal. */

  const marks = () => document.querySelectorAll("input[name=csrfmiddlewaretoken]");

  function takeMark(answer) {
    const mark = answer.querySelector("input[name=csrfmiddlewaretoken]").value;
    for (const each of marks()) each.value = mark;
  }

  /* ---- One try. */

  const read = (text) => new DOMParser().parseFromString(text, "text/html").body;

  async function post({ address, body, token }) {
    const response = await fetch(address, {
      method: "POST",
      body,
      redirect: "manual",
      keepalive: document.visibilityState === "hidden" && body.length < KEPT_ALIVE,
      signal: AbortSignal.timeout(PATIENCE),
      headers: {
        "Content-Type": "application/x-www-form-urlencoded",
        "X-Draft": token,
        "X-CSRFToken": marks()[0]?.value ?? "",
      },
    });
    const status = response.type === "opaqueredirect" ? 401 : response.status;
    const pause = 1000 * Number(response.headers.get("Retry-After")) || 0;
    return { status, pause, root: read(await response.text()) };
  }

  const stop = (sentence, isEverywhere) => ({ kind: "stopped", sentence, isEverywhere });
  const refuse = (sentence) => ({ kind: "refused", errors: [{ field: "", sentence }] });
  const trouble = (why, pause = 0) => ({ kind: "", why, pause });
  const wordsOf = (element) => element.textContent.trim().replace(/\s+/g, " ");

  /* What an answer means. One without a kind is none that ends the attempt. */
  function understand({ status, pause, root }) {
    const found = (name) => root.querySelector(`[data-${name}]`);
    if (status === 200 && found("saved")) return { kind: "saved", answer: found("saved") };
    if (status === 422 && found("refused")) {
      const errors = [...found("refused").querySelectorAll("[data-for]")];
      return { kind: "refused", errors: errors.map((each) => ({ field: each.dataset.for, sentence: wordsOf(each) })) };
    }
    if (status === 409 && found("clash")) return { kind: "clash", answer: found("clash") };
    if (found("stopped")) return stop(wordsOf(found("stopped")), status !== 409);
    if (status === 401) return { ...trouble("signed-out"), answer: found("signed-out") };
    if (status === 404) return stop(gone, true);
    if (status === 413) return refuse(tooLarge);
    if ([429, 502, 503, 504].includes(status)) return trouble("busy", pause);
    return status < 400 || status >= 500 ? trouble("broken", pause) : refuse(notUnderstood);
  }

  async function tryOnce(attempt) {
    try {
      const first = await post(attempt);
      const fresh = first.root.querySelector("[data-out-of-date]");
      if (!fresh) return understand(first);
      if (!fresh.dataset.person) return trouble("signed-out");
      if (fresh.dataset.person !== document.body.dataset.person) return stop(stranger, true);
      takeMark(fresh);
      return understand(await post(attempt));
    } catch (error) {
      if (error.name === "TimeoutError") return trouble("silent");
      return trouble(navigator.onLine ? "unreachable" : "offline");
    }
  }

  /* Send `attempt` ({ token, address, body }) until its outcome is known or it `isDropped`, and say meanwhile what is
     in the way. */
  async function send(attempt, say) {
    for (let tries = 0; ; tries += 1) {
      if (attempt.isDropped) return { kind: "dropped" };
      const outcome = await tryOnce(attempt);
      if (outcome.kind) return outcome;
      say(outcome);
      const isFault = outcome.why === "broken" && tries >= PAUSES.length;
      const usual = isFault ? LONG_PAUSE : PAUSES[Math.min(tries, PAUSES.length - 1)];
      await sleep(Math.max(usual, outcome.pause), !outcome.pause);
    }
  }

  return { send };
})();
