/* A form that opens a COE proposes the zone that the browser is in. Without this file, and where a zone was chosen
   already or the browser's is not in the list, the one that the server proposed stays. */
"use strict";

/* What this browser calls a zone: for some it keeps an older name. One that it does not know has none. */
function calledHere(zone) {
  try {
    return new Intl.DateTimeFormat("en", { timeZone: zone }).resolvedOptions().timeZone;
  } catch {
    return "";
  }
}

const zones = document.querySelector("select[data-zone-of-browser]");
if (zones?.selectedOptions[0]?.defaultSelected) {
  const here = calledHere(undefined);
  const options = [...zones.options];
  const found = options.find(({ value }) => value === here) ?? options.find(({ value }) => calledHere(value) === here);
  if (found) zones.value = found.value;
}
