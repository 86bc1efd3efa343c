/* What follows from what is typed and stands elsewhere on the page: how long it took, a new action item in its list. */
"use strict";

(() => {
  async function partsOf(address) {
    const response = await fetch(address, { headers: { "HX-Request": "true" }, redirect: "manual" });
    return response.ok ? new DOMParser().parseFromString(await response.text(), "text/html") : null;
  }

  /* The words of a form that are no fields, as they are now, and the choices that follow from what is typed beside. */
  async function follow(form) {
    const fresh = await partsOf(form.dataset.draftFollow).catch(() => null);
    for (const each of fresh?.querySelectorAll("[data-follows]") ?? []) {
      document.getElementById(each.id)?.replaceWith(document.importNode(each, true));
    }
    for (const each of fresh?.querySelectorAll("select[name]") ?? []) {
      const [here, shown] = [form.elements[each.name], form.elements[`initial-${each.name}`]];
      if (here && here.value === shown?.value && here !== document.activeElement) here.value = shown.value = each.value;
    }
  }

  /* An action item that was written below a cause goes into the list of them, which is left alone. */
  async function bring(form) {
    const list = document.getElementById("actions-list");
    const id = `row-${form.elements.uid.value}`;
    const fresh = list && (await partsOf(document.getElementById("actions").dataset.read).catch(() => null));
    const row = fresh?.getElementById(id);
    const there = document.getElementById(id);
    if (!row || there?.querySelector("form[data-draft]")) return;
    const brought = document.importNode(row, true);
    if (there) there.replaceWith(brought);
    else list.append(brought);
    htmx.process(brought);
  }

  document.addEventListener("draft:saved", ({ target }) => {
    if (target.dataset.draftFollow) follow(target);
    if (target.dataset.answers) bring(target);
  });
})();
