/* In the form for a new action item the day that it is due follows the priority, until somebody touches it. */
"use strict";

(() => {
  document.addEventListener("change", (event) => {
    const priority = event.target.closest?.("select[data-due]");
    const due = priority?.form.elements.due_on;
    if (!due || "touched" in due.dataset) return;
    const days = JSON.parse(priority.dataset.due);
    if (!Object.values(days).includes(due.value)) return;
    due.value = days[priority.value];
    due.dispatchEvent(new Event("input", { bubbles: true }));
  });
  document.addEventListener("input", (event) => {
    if (event.isTrusted && event.target.name === "due_on") event.target.dataset.touched = "";
  });
})();
