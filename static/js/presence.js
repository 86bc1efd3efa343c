/* Who else is in the workspace, and what they changed. Without this file the page says who was there when it was
   loaded. With it the page gives a sign of life while somebody looks at it, and is told in return who is there and what
   was saved since: names in the reference bar, a mark at each panel where somebody is, news at each that was changed.
   Nothing that is typed is touched. Before a panel is read again, `coe:reread` asks on it whether it may be; where the
   person may not write any more, `coe:stopped` says so on the body, once; `coe:news` says there that others saved something. */
"use strict";

(() => {
  const here = document.getElementById("here");
  if (!here) return;

  const every = 15_000;
  const soonest = 3000; /* between two signs of life, however often the place changes */
  const patience = 15_000;
  const longest = 120_000;
  const holds = 45_000; /* after that long without an answer nothing is known of others */
  const commit = 5; /* seconds between the moment of a save and its end, at most */
  const sentences = {
    401: "You are signed out. Sign in again in another tab: what you typed is still on this page.",
    403: "Nothing more can be saved here. You cannot write in this COE any more, or this page is from an earlier session. What you typed is still on this page.",
    404: "Nothing more can be saved here. This COE was discarded, or you are no longer among its readers. What you typed is still on this page.",
  };

  const clock = () => performance.now();
  const said = here.querySelector("[data-said]");
  const begun = new WeakMap(); /* by request: when it was sent */
  const reread = new Map(); /* by panel: when it was last read again */
  let timer = 0;
  let pause = every;
  let told; /* the place of the last sign of life */
  let askedAt = -Infinity;
  let answeredAt = clock();
  let isAsking = false;
  let stoppedBy = 0; /* the status */
  let others = here.querySelector("[data-others]").innerHTML;
  let people = peopleIn(here);
  let marks = marksIn(here);

  function peopleIn(root) {
    return new Map([...root.querySelectorAll("[data-person]")].map(({ dataset }) => [dataset.person, dataset.name]));
  }

  function marksIn(root) {
    return [...root.querySelector("[data-marks]").content.children];
  }

  const panelOf = (slug) => document.querySelector(`.section#${CSS.escape(slug)}`);
  const place = () => document.activeElement?.closest(".section")?.id ?? "";

  /* Names in the bar. */

  function showOthers(html) {
    if (html === others) return;
    const list = here.querySelector("[data-others]");
    const isOpen = list.querySelector("details")?.open;
    const hadFocus = list.contains(document.activeElement);
    others = html;
    list.innerHTML = html;
    list.querySelector("details")?.toggleAttribute("open", isOpen);
    if (hadFocus) list.querySelector("summary")?.focus();
  }

  function sentenceOf(names, one, many) {
    if (names.length === 0) return "";
    if (names.length > 3) return `${names.length} people ${many}.`;
    return `${names.join(" and ")} ${names.length === 1 ? one : many}.`;
  }

  function comings(now) {
    const missing = (from, among) => [...from].filter(([key]) => !among.has(key)).map(([, name]) => name);
    const came = sentenceOf(missing(now, people), "is here now", "are here now");
    const went = sentenceOf(missing(people, now), "has left", "have left");
    people = now;
    return [came, went];
  }

  /* Marks at the panels. A panel that was read again has lost its own. */

  function showMarks() {
    const wanted = new Map(marks.map((mark) => [mark.dataset.mark, mark]));
    for (const mark of document.querySelectorAll(".section .mark")) {
      const { textContent } = wanted.get(mark.closest(".section").id) ?? {};
      if (mark.textContent !== textContent) mark.remove();
    }
    for (const [slug, mark] of wanted) {
      const head = panelOf(slug)?.querySelector(".section__head");
      if (head && !head.querySelector(".mark")) head.querySelector("h2").after(mark.cloneNode(true));
    }
  }

  function forget() {
    showOthers("");
    marks = [];
    showMarks();
  }

  /* News at the panels, and in the bar what concerns the whole COE. */

  /* Whether the panel was read again after it happened. Ages are the server's, so clocks need not agree. */
  function isShown(slug, age) {
    return reread.has(slug) && age > (clock() - reread.get(slug)) / 1000 + commit;
  }

  function keepQuery(news, panel) {
    const query = panel.querySelector("[data-query]")?.dataset.query;
    const link = query && news.querySelector("[data-show]");
    if (!link) return;
    link.setAttribute("hx-get", `${link.getAttribute("hx-get")}&${query}`);
    link.setAttribute("href", link.getAttribute("href").replace("#", `&${query}#`));
  }

  /* What is told anew; news that stands there already only changes its words, and the focus may stay in it. */
  function showNews(news) {
    const slug = news.dataset.news;
    const root = slug ? panelOf(slug) : here;
    if (!root || isShown(slug, Number(news.dataset.age))) return "";
    const words = news.querySelector(".news__words");
    const shown = root.querySelector(":scope > .news");
    if (shown) {
      shown.querySelector(".news__words").replaceWith(words);
      return "";
    }
    keepQuery(news, root);
    if (slug) root.querySelector(".section__head").after(news);
    else root.append(news);
    window.htmx?.process(news);
    return words.textContent;
  }

  function take(html) {
    const answer = new DOMParser().parseFromString(html, "text/html").getElementById("here");
    const sentencesToSay = comings(peopleIn(answer));
    here.dataset.since = answer.dataset.since;
    showOthers(answer.querySelector("[data-others]").innerHTML);
    marks = marksIn(answer);
    showMarks();
    const allNews = [...answer.querySelector("[data-all-news]").content.children];
    for (const news of allNews) sentencesToSay.push(showNews(document.adoptNode(news)));
    const sentence = sentencesToSay.filter(Boolean).join(" ");
    if (sentence) said.textContent = sentence;
    /* What is found follows what others saved as well. */
    if (allNews.length > 0) document.body.dispatchEvent(new CustomEvent("coe:news"));
  }

  /* Signs of life. */

  function plan(delay) {
    clearTimeout(timer);
    if (!document.hidden && !stoppedBy) timer = setTimeout(ask, delay);
  }

  function send() {
    return fetch(here.dataset.address, {
      method: "POST",
      headers: {
        "X-Background": "true",
        "X-CSRFToken": document.querySelector("[name=csrfmiddlewaretoken]").value,
      },
      body: new URLSearchParams({ place: told, since: here.dataset.since }),
      redirect: "manual",
      signal: AbortSignal.timeout(patience),
    });
  }

  async function ask() {
    if (isAsking) return;
    isAsking = true;
    told = place();
    askedAt = clock();
    try {
      const response = await send().catch(() => null);
      const html = (await response?.text().catch(() => "")) ?? "";
      if (response?.status in sentences) stop(response.status, html);
      else if (response?.ok && html.includes('id="here"')) goOn(html);
      else wait();
    } finally {
      isAsking = false;
      plan(place() === told || pause > every ? pause : soonest);
    }
  }

  /* Nothing came, or nothing that is understood. */
  function wait() {
    pause = Math.min(pause * 2, longest);
    if (clock() - answeredAt > holds) forget();
  }

  function goOn(html) {
    pause = every;
    answeredAt = clock();
    take(html);
    if (!stoppedBy) return;
    stoppedBy = 0;
    document.getElementById("alert").textContent = "";
    document.body.dispatchEvent(new CustomEvent("coe:resumed"));
  }

  function stop(status, html) {
    if (stoppedBy === status) return;
    stoppedBy = status;
    const answer = new DOMParser().parseFromString(html, "text/html").querySelector("[data-signed-out], [data-stopped]");
    const sentence = answer?.textContent.trim().replace(/\s+/g, " ") || sentences[status];
    forget();
    document.getElementById("alert").replaceChildren(...(answer?.childNodes ?? [sentence]));
    document.body.dispatchEvent(new CustomEvent("coe:stopped", { detail: { status, sentence } }));
  }

  function come() {
    if (document.hidden) return clearTimeout(timer);
    if (clock() - answeredAt > holds) forget();
    /* Whoever was signed out may have signed in again in another tab. */
    if (stoppedBy === 401) ask();
    else plan(Math.max(0, askedAt + soonest - clock()));
  }

  function move() {
    if (place() !== told) plan(Math.max(0, askedAt + soonest - clock()));
  }

  document.addEventListener("visibilitychange", come);
  window.addEventListener("focus", () => stoppedBy && come());
  window.addEventListener("pageshow", ({ persisted }) => persisted && come());
  document.addEventListener("focusin", move);
  document.addEventListener("focusout", () => setTimeout(move));

  document.addEventListener("htmx:beforeRequest", ({ detail }) => begun.set(detail.xhr, clock()));
  document.addEventListener("htmx:afterSettle", ({ target, detail }) => {
    if (!target.matches?.(".section")) return;
    reread.set(target.id, begun.get(detail.xhr) ?? clock());
    showMarks();
    /* What is worked out from the panels follows what was saved, by whomever. */
    if (detail.requestConfig?.elt.matches("[data-show]")) window.htmx.trigger(document.body, "saved");
  });

  document.addEventListener(
    "click",
    (event) => {
      const link = event.target.closest?.("[data-show]");
      if (!link || event.metaKey || event.ctrlKey || event.shiftKey || event.altKey) return;
      const mayRead = new CustomEvent("coe:reread", { bubbles: true, cancelable: true });
      if (link.closest(".section").dispatchEvent(mayRead)) return;
      event.preventDefault();
      event.stopPropagation();
      const kept = link.parentElement.querySelector(".news__kept");
      kept.hidden = false;
      said.textContent = kept.textContent;
    },
    true,
  );

  showMarks();
  plan(0);
})();
