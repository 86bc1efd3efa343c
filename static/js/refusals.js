/* What a unit was refused for, said as the pages say it: a summary that takes the focus, and the sentence at each field.
   Only on request: while somebody types, the status says it. */
"use strict";

globalThis.refusals = (() => {
  function make(name, className, ...children) {
    const element = document.createElement(name);
    element.className = className;
    element.append(...children);
    return element;
  }

  function labelOf(control) {
    const label = control.closest("fieldset.field")?.querySelector("legend") ?? control.labels?.[0];
    return label ? [...label.childNodes].find((node) => node.textContent.trim()).textContent.trim() : "";
  }

  const controlOf = (form, name) =>
    name && [...form.elements].find((each) => each.name === name && !each.matches("[type=hidden], button"));

  function line({ sentence }, control) {
    const item = document.createElement("li");
    const label = control && labelOf(control);
    item.append(control ? Object.assign(document.createElement("a"), { href: `#${control.id}` }) : sentence);
    if (control) item.firstChild.textContent = label ? `${label}: ${sentence}` : sentence;
    return item;
  }

  function mark(control, sentence) {
    const field = control.closest(".field");
    const words = make("div", "field__errors", make("p", "", sentence));
    words.id = `${control.id}_error`;
    words.dataset.refusal = "";
    field?.classList.add("field--error");
    (control.closest(".writing, fieldset > div") ?? control).before(words);
    control.setAttribute("aria-invalid", "true");
    control.setAttribute("aria-describedby", [control.getAttribute("aria-describedby"), words.id].filter(Boolean).join(" "));
    for (let fold = control.closest("details"); fold; fold = fold.parentElement.closest("details")) fold.open = true;
  }

  function show(form, errors) {
    clear(form);
    const count = errors.length === 1 ? "1 answer needs a look" : `${errors.length} answers need a look`;
    const list = document.createElement("ul");
    for (const error of errors) {
      const control = controlOf(form, error.field);
      list.append(line(error, control));
      if (control) mark(control, error.sentence);
    }
    const summary = make("div", "error-summary", make("h2", "error-summary__title", `Not saved yet: ${count}`), list);
    summary.setAttribute("role", "alert");
    summary.tabIndex = -1;
    const first = [...form.children].find((each) => !each.matches("input[type=hidden]"));
    first.before(summary);
    summary.focus();
  }

  function clear(form) {
    form.querySelector(":scope > .error-summary")?.remove();
    for (const words of form.querySelectorAll(".field__errors")) {
      const control = form.querySelector(`[aria-describedby~="${CSS.escape(words.id)}"]`);
      const others = control?.getAttribute("aria-describedby").split(" ").filter((id) => id !== words.id);
      control?.removeAttribute("aria-invalid");
      if (others?.length) control.setAttribute("aria-describedby", others.join(" "));
      else control?.removeAttribute("aria-describedby");
      words.closest(".field")?.classList.remove("field--error");
      words.remove();
    }
  }

  return { show, clear };
})();
