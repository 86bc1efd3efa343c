// Words that are selected on the page become the quote of a comment, and @ proposes names. Without
// this, quotes are typed or pasted, and names are typed.
(() => {
  "use strict";

  const AROUND = 80;
  const button = document.createElement("button");
  let selected = null;

  button.type = "button";
  button.className = "button button--small button--primary talk-quote";
  button.textContent = "Comment on these words";
  button.hidden = true;
  document.body.append(button);

  // The place whose text the selection is in: the nearest that can be spoken about.
  function talkOf(node) {
    let here = node.nodeType === Node.ELEMENT_NODE ? node : node.parentElement;
    if (!here || here.closest(".talk, .talk-bar, form")) return null;
    for (; here && !here.matches(".article"); here = here.parentElement) {
      const talk = here.querySelector(":scope > .talk, :scope > * > .talk");
      if (talk && here.closest(".article")) return { talk, whole: here };
    }
    return null;
  }

  function textBetween(whole, startNode, startOffset, endNode, endOffset) {
    const range = document.createRange();
    range.setStart(startNode, startOffset);
    range.setEnd(endNode, endOffset);
    const part = range.cloneContents();
    for (const each of part.querySelectorAll(".talk, .visually-hidden")) each.remove();
    return part.textContent.replace(/\s+/g, " ");
  }

  function look() {
    const selection = getSelection();
    button.hidden = true;
    selected = null;
    if (!selection.rangeCount || selection.isCollapsed) return;
    const range = selection.getRangeAt(0);
    const start = talkOf(range.startContainer);
    const quote = selection.toString().trim();
    if (!start || !quote || !start.whole.contains(range.endContainer)) return;
    const { talk, whole } = start;
    if (!talk.querySelector(".talk__say")) return;
    const before = textBetween(whole, whole, 0, range.startContainer, range.startOffset);
    const last = whole.childNodes.length;
    const after = textBetween(whole, range.endContainer, range.endOffset, whole, last);
    selected = { talk, quote, before: before.slice(-AROUND), after: after.slice(0, AROUND) };
    const box = range.getBoundingClientRect();
    button.style.insetBlockStart = `${scrollY + box.bottom + 6}px`;
    button.hidden = false;
    const most = document.documentElement.clientWidth - button.offsetWidth - 8;
    button.style.insetInlineStart = `${Math.max(8, Math.min(scrollX + box.left, most))}px`;
  }

  function fill(form, { quote, before, after }) {
    form.elements.quote.value = quote;
    form.elements.before.value = before;
    form.elements.after.value = after;
    form.elements.text.focus();
  }

  function say(what) {
    const way = what.talk.querySelector(":scope > .talk__say");
    const open = what.talk.querySelector(":scope > form[data-say], :scope > .talk__say form[data-say]");
    if (open) {
      if (way.matches("details")) way.open = true;
      fill(open, what);
      return;
    }
    const filled = (event) => {
      if (!what.talk.contains(event.target)) return;
      document.body.removeEventListener("htmx:load", filled);
      const form = what.talk.querySelector("form[data-say]");
      if (form) fill(form, what);
    };
    document.body.addEventListener("htmx:load", filled);
    way.click();
  }

  // Pressing it must not take the selection away before it is read.
  button.addEventListener("pointerdown", (event) => event.preventDefault());
  button.addEventListener("click", () => {
    const what = selected;
    button.hidden = true;
    if (what) say(what);
  });
  document.addEventListener("pointerup", (event) => {
    if (event.target !== button) setTimeout(look);
  });
  document.addEventListener("keyup", (event) => {
    if (event.shiftKey || event.key === "Shift") look();
    if (event.key === "Escape") button.hidden = true;
  });

  // A form that is there already takes the way in with it; another would only be in the way.
  document.body.addEventListener("htmx:confirm", (event) => {
    const way = event.target.closest?.("a.talk__say");
    const form = way?.parentElement.querySelector(":scope > form[data-say]");
    if (!form) return;
    event.preventDefault();
    form.remove();
  });
  document.body.addEventListener("htmx:load", (event) => {
    const form = event.target.matches?.("form[data-say]") ? event.target : null;
    form?.elements.text.focus();
  });
  // What was quoted before belongs to the words it was selected with.
  document.addEventListener("input", (event) => {
    const { form, name } = event.target;
    if (name !== "quote" || !form?.matches("[data-say]")) return;
    form.elements.before.value = "";
    form.elements.after.value = "";
  });

  // Where a thread that is asked for is folded away, it is unfolded by browsers that do not.
  function unfold() {
    const asked = location.hash.startsWith("#thread-") && document.getElementById(location.hash.slice(1));
    const fold = asked && asked.closest("details:not([open])");
    if (!fold) return;
    fold.open = true;
    asked.scrollIntoView();
  }
  addEventListener("hashchange", unfold);
  unfold();

  // Names, below the text that calls them.
  const CALL = /(?:^|[^\w@./])@([^\s@][^@\n]{0,40})?$/u;

  function names() {
    const found = [...document.querySelectorAll("[data-name]")].map((each) => each.textContent.slice(1));
    return [...new Set(found)];
  }

  document.addEventListener("input", (event) => {
    const area = event.target;
    if (!area.matches?.("textarea[data-mentions]")) return;
    let list = area.parentElement.querySelector(".talk-proposed");
    const called = CALL.exec(area.value.slice(0, area.selectionStart));
    const begun = (called?.[1] ?? "").toLowerCase();
    const fits = (name) => name.startsWith(begun) || name.split(" ").some((word) => word.startsWith(begun));
    const found = called ? names().filter((each) => fits(each.toLowerCase()) && each.toLowerCase() !== begun) : [];
    if (!list && !found.length) return;
    if (!list) {
      list = document.createElement("div");
      list.className = "talk-proposed";
      list.setAttribute("aria-label", "People to mention");
      list.setAttribute("role", "group");
      area.after(list);
    }
    list.replaceChildren(
      ...found.slice(0, 6).map((name) => {
        const choice = document.createElement("button");
        choice.type = "button";
        choice.className = "button button--small";
        choice.textContent = `@${name}`;
        choice.addEventListener("click", () => {
          const end = area.selectionStart;
          area.setRangeText(`${name} `, end - (called[1] ?? "").length, end, "end");
          list.replaceChildren();
          area.focus();
        });
        return choice;
      }),
    );
  });

  // The quoted words, lightly marked where they stand, while what is said about them is open.
  if ("highlights" in CSS) {
    const mark = () => {
      const ranges = [];
      for (const open of document.querySelectorAll(".talk__open[open]")) {
        const whole = open.closest("section, li, tr, dd");
        for (const quote of whole ? open.querySelectorAll("[data-quote]") : []) {
          const range = rangeOf(whole, quote.dataset.quote);
          if (range) ranges.push(range);
        }
      }
      CSS.highlights.set("quoted", new Highlight(...ranges));
    };
    document.addEventListener("toggle", mark, true);
    mark();
  }

  function rangeOf(whole, quote) {
    const walker = document.createTreeWalker(whole, NodeFilter.SHOW_TEXT);
    const wanted = quote.replace(/[\s*_`~]+/g, "");
    const spots = [];
    let read = "";
    while (walker.nextNode()) {
      const node = walker.currentNode;
      if (node.parentElement.closest(".talk, .visually-hidden")) continue;
      for (let place = 0; place < node.data.length; place += 1) {
        if (/[\s*_`~]/.test(node.data[place])) continue;
        read += node.data[place];
        spots.push([node, place]);
      }
    }
    const start = wanted ? read.indexOf(wanted) : -1;
    if (start < 0 || read.indexOf(wanted, start + 1) >= 0) return null;
    const range = document.createRange();
    range.setStart(...spots[start]);
    const [last, place] = spots[start + wanted.length - 1];
    range.setEnd(last, place + 1);
    return range;
  }
})();
