/* In the form for a new action item the day that it is due follows the priority, until somebody touches it. Beside it
   stands the day in words: browsers show a day in an order of their own. */
"use strict";

(() => {
  const month = new Intl.DateTimeFormat("en-US", { month: "short", timeZone: "UTC" });

  function say(input) {
    const said = input.parentElement.querySelector("[data-day-said]");
    const day = input.valueAsDate;
    if (said) said.textContent = day ? `${day.getUTCDate()} ${month.format(day)} ${day.getUTCFullYear()}` : "";
  }

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
    if (event.target.type !== "date") return;
    if (event.isTrusted && event.target.name === "due_on") event.target.dataset.touched = "";
    say(event.target);
  });
})();
