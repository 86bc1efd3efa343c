// A page that the browser kept (304) may stand in two tabs. Each form for a new row is given an
// identity of its own, so that what is added in one tab is not taken for what is added in the other.
"use strict";

const identity = () => {
  const bytes = crypto.getRandomValues(new Uint8Array(16));
  bytes[6] = (bytes[6] & 0x0f) | 0x40;
  bytes[8] = (bytes[8] & 0x3f) | 0x80;
  const digits = Array.from(bytes, (byte) => byte.toString(16).padStart(2, "0")).join("");
  return digits.replace(/^(.{8})(.{4})(.{4})(.{4})/, "$1-$2-$3-$4-");
};

for (const field of document.querySelectorAll(
  'form:is([action*="/add/"], [action*="/answer/"]) > input[name="uid"]',
)) {
  field.value = identity();
}
