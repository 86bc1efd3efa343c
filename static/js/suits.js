/* A form that opens a COE proposes what suits the severity that is chosen: a near-miss for Sev 4, the light form for
   Sev 3 and 4. What somebody has chosen stays. Without this file, each field is as the server proposed it. */
"use strict";

(() => {
  const suits = {
    1: { category: "outage", form: "full" },
    2: { category: "outage", form: "full" },
    3: { category: "outage", form: "light" },
    4: { category: "near_miss", form: "light" },
  };
  const severity = document.querySelector("select[data-suits]");
  if (!severity) return;
  const { elements } = severity.form;
  const proposed = { category: elements.category.value, form: elements.form.value };

  document.addEventListener("change", ({ target }) => {
    if (target.name in proposed) delete proposed[target.name];
    if (target !== severity) return;
    for (const [name, was] of Object.entries(proposed)) {
      /* Where it is another, the browser has brought back what was chosen before. */
      if (elements[name].value === was) elements[name].value = proposed[name] = suits[severity.value][name];
    }
  });
})();
