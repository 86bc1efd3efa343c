/* Writing Markdown: what is pasted from a page or an office document becomes Markdown, a few buttons
   and keys put its marks, the preview opens and closes, the sheet of help opens in place. Fields with
   data-markdown work without it. */
"use strict";

(() => {
  /* ---- From HTML to Markdown. The HTML is read in a document of its own that nobody sees; only
     words come out of it. */

  const MAX_HTML = 2_000_000;
  const MAX_STYLE = 4_000;
  const MAX_DEPTH = 200;
  const MAX_LEVEL = 6;
  const MAX_COLUMNS = 50;
  const MAX_CELLS = 5_000;
  const UNSEEN = new Set([
    ..."SCRIPT STYLE XMP HEAD TITLE META LINK XML SVG MATH OBJECT EMBED IFRAME CANVAS".split(" "),
    ..."AUDIO VIDEO SELECT TEXTAREA BUTTON NOSCRIPT COLGROUP".split(" "),
  ]);
  const BLOCKS = [
    ..."P DIV SECTION ARTICLE MAIN HEADER FOOTER ASIDE NAV FIGURE FIGCAPTION ADDRESS FORM FIELDSET".split(" "),
    ..."DETAILS SUMMARY CENTER DL DT DD H1 H2 H3 H4 H5 H6 UL OL LI BLOCKQUOTE PRE HR".split(" "),
    ..."TABLE THEAD TBODY TFOOT TR TD TH CAPTION".split(" "),
  ];
  const IS_BLOCK = new Set(BLOCKS);
  const ANY_BLOCK = BLOCKS.join(",").toLowerCase();
  const CODE = new Set(["CODE", "TT", "KBD", "SAMP"]);
  const PLAIN = { bold: false, italic: false, strike: false, code: false, href: "" };
  const MARKS = [["bold", "**"], ["italic", "*"], ["strike", "~~"]];

  /* Styles and handlers would be stopped by the content policy anyway, each with a complaint. What
     stands in an xmp is words and nothing else, so templates cannot be nested until the browser breaks. */
  const disarm = (html) =>
    html
      .replace(/<[a-z][^<>]*>/gi, (tag) => tag.replace(/([\s"'/])(style|on\w+)(?=\s*=)/gi, "$1data-$2"))
      .replace(/<(\/?)(?:style|template)\b/gi, "<$1xmp")
      .replace(/<(\/?)base\b/gi, "<$1x-base");

  const styleOf = (element) => (element.getAttribute("data-style") ?? "").slice(0, MAX_STYLE).toLowerCase();
  const isHidden = (element, style) =>
    UNSEEN.has(element.nodeName.toUpperCase()) ||
    /^v:/i.test(element.nodeName) ||
    element.hasAttribute("hidden") ||
    /display:\s*none|mso-hide:\s*all|mso-element:\s*comment/.test(style) ||
    /\bMsoCommentReference\b/.test(element.className);

  /* The Markdown for this HTML; null where it says no more than its plain text does. */
  function markdownFromHtml(html) {
    if (html.length > MAX_HTML) return null;
    const page = new DOMParser().parseFromString(disarm(html), "text/html");
    const reading = { isRich: false, shift: page.querySelector("h1, .MsoTitle") ? 1 : 0 };
    const blocks = joinLists(blocksOf(page.body, reading, PLAIN, 0));
    reading.isRich ||= blocks.length > 1 && page.querySelectorAll("p").length > 1;
    const markdown = blocks.join("\n\n");
    return reading.isRich && markdown ? markdown : null;
  }

  /* Blocks are strings, except for the items of lists: those know their level and are joined last. */
  function blocksOf(parent, reading, marks, depth) {
    const blocks = [];
    let runs = [];
    const flush = () => {
      blocks.push(...paragraphs(runs, reading));
      runs = [];
    };
    for (const node of parent.childNodes) {
      if (node.nodeType === Node.TEXT_NODE) {
        addText(runs, node.data, marks);
        continue;
      }
      if (node.nodeType !== Node.ELEMENT_NODE) continue;
      const style = styleOf(node);
      if (isHidden(node, style)) continue;
      if (depth >= MAX_DEPTH) addText(runs, node.textContent, marks);
      else if (IS_BLOCK.has(node.nodeName) || isSourceCode(style)) {
        flush();
        for (const block of blockOf(node, style, reading, marks, depth + 1)) blocks.push(block);
      } else if (node.querySelector(ANY_BLOCK)) {
        flush();
        const inner = marksOf(node, style, marks);
        for (const block of blocksOf(node, reading, inner, depth + 1)) blocks.push(block);
      } else addInline(runs, node, style, marks, depth + 1);
    }
    flush();
    return blocks;
  }

  function blockOf(node, style, reading, marks, depth) {
    const name = node.nodeName;
    const ofWord = /\bMso(\w+)/.exec(node.className)?.[1] ?? "";
    const rich = (blocks) => {
      reading.isRich ||= blocks.length > 0;
      return blocks;
    };
    if (/^H[1-6]$/.test(name) || ofWord === "Title") return rich(heading(node, reading, depth));
    if (name === "HR") return rich(["---"]);
    if (name === "PRE" || isSourceCode(style)) return rich(codeBlock(node, name === "PRE"));
    if (name === "UL" || name === "OL") return rich(listItems(node, reading, marks, depth, 1));
    if (name === "TABLE") return table(node, reading, marks, depth);
    if (/mso-list:(?!\s*(none|skip))/.test(style)) return rich([wordItem(node, style, reading, marks, depth)]);
    const blocks = blocksOf(node, reading, marksOf(node, style, marks), depth);
    const isQuote = name === "BLOCKQUOTE" || /Quote$/.test(ofWord);
    return isQuote ? rich(quoted(joinLists(blocks))) : blocks;
  }

  function heading(node, reading, depth) {
    const level = Number(/^H([1-6])$/.exec(node.nodeName)?.[1] ?? 1);
    const runs = [];
    addChildren(runs, node, PLAIN, depth);
    const words = inline(runs.map((run) => ({ ...run, bold: false, text: run.isBreak ? " " : run.text })));
    return words ? [`${"#".repeat(Math.max(2, Math.min(level + reading.shift, 6)))} ${words}`] : [];
  }

  /* A quotation in a quotation is as deep as it goes: more than a few are shown as typed. */
  function quoted(blocks) {
    const text = blocks.join("\n\n");
    if (!text) return [];
    if (/^(> ){4}/m.test(text)) return [text];
    return [text.split("\n").map((line) => (line ? `> ${line}` : ">")).join("\n")];
  }

  const isSourceCode = (style) => /white-space:\s*pre\s*(;|$)/.test(style) && /font-family:[^;]*mono/.test(style);

  function codeBlock(node, isPre) {
    const code = sourceOf(node).replace(/^\n+/, "").trimEnd();
    if (!code) return [];
    if (!isPre && !code.includes("\n")) return [codeSpan(code)];
    const fence = "`".repeat(Math.max(3, longest(code, /`+/g) + 1));
    const named = `${node.className} ${node.querySelector("code")?.className ?? ""}`;
    const language = /\b(?:language|lang|brush)[-:]\s*([\w+#-]+)/.exec(named)?.[1] ?? "";
    return [`${fence}${language}\n${code}\n${fence}`];
  }

  /* The words of a block of code, its spaces kept; lines may be separated by elements instead. */
  function sourceOf(root) {
    let text = "";
    const walker = root.ownerDocument.createTreeWalker(root, NodeFilter.SHOW_TEXT | NodeFilter.SHOW_ELEMENT);
    while (walker.nextNode()) {
      const node = walker.currentNode;
      if (node.nodeType === Node.TEXT_NODE) text += cleaned(node.data.replace(/\r\n?/g, "\n"));
      else if (node.nodeName === "BR") text += "\n";
      else if (IS_BLOCK.has(node.nodeName) && text && !text.endsWith("\n")) text += "\n";
    }
    return text;
  }

  /* ---- Lists: HTML nests them, Word and others only say a level. */

  const isItem = (block) => typeof block !== "string";

  function listItems(list, reading, marks, depth, level) {
    const isOrdered = list.nodeName === "OL";
    let number = Number(list.getAttribute("start")) || 1;
    const items = [];
    for (const child of list.children) {
      if (isHidden(child, styleOf(child))) continue;
      if (depth >= MAX_DEPTH) items.push({ level, isOrdered, number, blocks: words(child) });
      else if (child.nodeName === "UL" || child.nodeName === "OL") {
        items.push(...listItems(child, reading, marks, depth + 1, level + 1));
      } else {
        const said = Number(child.getAttribute("data-aria-level")) || level;
        const box = child.querySelector(":scope > input[type=checkbox], :scope > p > input[type=checkbox]");
        const blocks = blocksOf(child, reading, marksOf(child, styleOf(child), marks), depth + 1);
        if (box) blocks[0] = `[${box.hasAttribute("checked") ? "x" : " "}] ${blocks[0] ?? ""}`;
        items.push(...nested(blocks, { level: said, isOrdered, number }));
        number += 1;
      }
    }
    return items;
  }

  const words = (node) => {
    const runs = [];
    addText(runs, node.textContent, PLAIN);
    return paragraphs(runs, {});
  };

  /* An item's own blocks, and the items of the lists in it one level below. */
  function nested(blocks, item) {
    const items = [{ ...item, blocks: [] }];
    for (const block of blocks) {
      if (isItem(block)) items.push({ ...block, level: block.level + item.level });
      else if (items.length === 1) items[0].blocks.push(block);
      else items.push({ ...item, blocks: [block], goesOn: true });
    }
    return items[0].blocks.length ? items : items.slice(1);
  }

  function wordItem(node, style, reading, marks, depth) {
    const level = Number(/mso-list:[^;]*level(\d+)/.exec(style)?.[1] ?? 1);
    let marker = "";
    for (const each of node.querySelectorAll("[data-style]")) {
      if (!/mso-list:\s*ignore/.test(styleOf(each))) continue;
      marker ||= each.textContent.trim();
      each.remove();
    }
    const number = /^\(?([0-9]+|[a-z]{1,4})[.)]/i.exec(marker)?.[1] ?? "";
    const blocks = blocksOf(node, reading, marks, depth).filter((block) => !isItem(block));
    return { level, isOrdered: number !== "", number: Number(number) || 1, blocks };
  }

  /* The blocks with every run of items as one string. */
  function joinLists(blocks) {
    const joined = [];
    let items = [];
    const flush = () => {
      if (items.length) joined.push(listOf(items));
      items = [];
    };
    for (const block of blocks) {
      if (isItem(block)) items.push(block);
      else {
        flush();
        joined.push(block);
      }
    }
    flush();
    return joined.filter((block) => block);
  }

  function listOf(items) {
    const lines = [];
    const open = [];
    let isLong = false; /* whether the item before has several blocks, and so an empty line behind it */
    for (const item of items) {
      const level = Math.max(1, Math.min(item.level, open.length + (item.goesOn ? 0 : 1), MAX_LEVEL));
      const before = open[level - 1];
      open.length = Math.min(open.length, level);
      const outer = level > 1 ? open[level - 2].inner : "";
      if (item.goesOn && before) {
        const inner = before.inner;
        lines.push("", ...item.blocks.join("\n\n").split("\n").map((line) => line && inner + line));
        isLong = true;
        continue;
      }
      const isNew = !before || before.isOrdered !== item.isOrdered;
      if ((isNew && before) || isLong) lines.push("");
      isLong = item.blocks.length > 1;
      const number = isNew ? item.number : before.number + 1;
      const marker = item.isOrdered ? `${number}. ` : "- ";
      const inner = outer + " ".repeat(marker.length);
      open[level - 1] = { isOrdered: item.isOrdered, number, inner };
      const [first = "", ...rest] = item.blocks.join("\n\n").split("\n");
      lines.push(`${outer}${marker}${first}`.trimEnd(), ...rest.map((line) => line && inner + line));
    }
    return lines.join("\n");
  }

  /* ---- Tables. The first row is the head, since a table in Markdown has one. */

  const SIDES = { right: "---:", center: ":---:" };
  const spanOf = (cell, name) => Math.max(1, Math.min(Number(cell.getAttribute(name)) || 1, MAX_COLUMNS));
  const isFilled = (place) => Boolean(place?.cell && (place.cell.textContent.trim() || place.cell.querySelector("img")));

  function table(node, reading, marks, depth) {
    const rows = placesOf(node).filter((row) => row.some(isFilled));
    const width = Math.max(0, ...rows.map((row) => row.findLastIndex(isFilled) + 1));
    if (width < 2 || width * rows.length > MAX_CELLS || depth >= MAX_DEPTH) {
      return [...node.rows].flatMap((row) => [...row.cells]).flatMap((cell) => blocksOf(cell, reading, marks, depth));
    }
    reading.isRich = true;
    const columns = Array.from({ length: width }, (_, x) => x);
    const line = (cells) => `| ${cells.join(" | ")} |`;
    const [head, ...body] = rows.map((row, y) => line(columns.map((x) => cellText(row[x]?.cell, y === 0, depth))));
    const sides = columns.map((x) => SIDES[sideOf((rows[1] ?? rows[0])[x]?.cell)] ?? "---");
    const caption = node.querySelector(":scope > caption");
    return [...(caption ? words(caption) : []), [head, line(sides), ...body].join("\n")];
  }

  /* The cells by row and column; what reaches over several places stands in the first of them. None where
     the table is wider than a page. */
  function placesOf(node) {
    const rows = [];
    const inTable = [...node.rows].slice(0, MAX_CELLS);
    for (const [y, row] of inTable.entries()) {
      rows[y] ??= [];
      for (const cell of row.cells) {
        let x = 0;
        while (rows[y][x]) x += 1;
        const across = spanOf(cell, "colspan");
        const down = Math.min(spanOf(cell, "rowspan"), inTable.length - y);
        if (x + across > MAX_COLUMNS) return [];
        for (let dy = 0; dy < down; dy += 1) {
          rows[y + dy] ??= [];
          for (let dx = 0; dx < across; dx += 1) rows[y + dy][x + dx] ??= { cell: dx || dy ? null : cell };
        }
      }
    }
    return rows.map((row) => Array.from(row));
  }

  const sideOf = (cell) =>
    cell && (/text-align:\s*(right|center)/.exec(styleOf(cell))?.[1] ?? cell.getAttribute("align")?.toLowerCase());

  /* Bars are escaped, though not in code: there the backslash would be shown. */
  function cellText(cell, isHead, depth) {
    if (!cell) return "";
    const runs = [];
    addChildren(runs, cell, PLAIN, depth);
    const text = inline(
      runs.map((run) => ({ ...run, bold: run.bold && !isHead, text: run.code ? run.text : run.text.replace(/\|/g, "\u0001") })),
    );
    return text.replace(/\u0001/g, "\\|").replace(/ *\n */g, "<br>");
  }

  /* ---- Words and their marks: first as runs that know their marks, then written. */

  function addInline(runs, node, style, marks, depth) {
    const name = node.nodeName;
    if (name === "BR") runs.push({ ...marks, isBreak: true, text: "\n" });
    else if (name === "IMG") addText(runs, imageWords(node), { ...marks, code: false });
    else if (name === "INPUT") return;
    else if (name === "SUP" && /^\w{1,6}$/.test(node.textContent) && !node.querySelector("a")) {
      addText(runs, `^${node.textContent}`, marks);
    } else if (CODE.has(name)) addText(runs, node.textContent, { ...marks, code: true });
    else addChildren(runs, node, marksOf(node, style, marks), depth);
  }

  function addChildren(runs, parent, marks, depth) {
    for (const node of parent.childNodes) {
      if (node.nodeType === Node.TEXT_NODE) addText(runs, node.data, marks);
      if (node.nodeType !== Node.ELEMENT_NODE) continue;
      const style = styleOf(node);
      if (isHidden(node, style)) continue;
      if (depth >= MAX_DEPTH) addText(runs, node.textContent, marks);
      else if (IS_BLOCK.has(node.nodeName)) {
        const isInside = runs.length > 0 && !runs.at(-1).isBreak && runs.some((run) => run.text.trim());
        if (isInside) runs.push({ ...marks, isBreak: true, text: "\n" });
        addChildren(runs, node, marksOf(node, style, marks), depth + 1);
      } else addInline(runs, node, style, marks, depth + 1);
    }
  }

  function addText(runs, text, marks) {
    const words = cleaned(text).replace(/[ \t\n\r\f]+/g, " ");
    if (words) runs.push({ ...marks, text: words });
  }

  const cleaned = (text) =>
    text.replace(/[\u00a0\u2000-\u200a\u202f]/g, " ").replace(/[\u0000-\u0008\u000b\u000e-\u001f\u007f-\u009f\u00ad\u200b\u2060\ufeff]/g, "");

  /* Google's document stands inside a <b> of normal weight, so the style has the last word. */
  function marksOf(node, style, marks) {
    const name = node.nodeName;
    const weight = /(?<![\w-])font-weight:\s*(\w+)/.exec(style)?.[1];
    const slant = /(?<![\w-])font-style:\s*(\w+)/.exec(style)?.[1];
    const href = name === "A" ? addressOf(node) : "";
    return {
      bold: weight ? weight.startsWith("bold") || Number(weight) >= 600 : marks.bold || name === "B" || name === "STRONG",
      italic: slant ? slant !== "normal" : marks.italic || name === "I" || name === "EM" || name === "CITE",
      strike: marks.strike || ["S", "DEL", "STRIKE"].includes(name) || /text-decoration[\w-]*:[^;]*line-through/.test(style),
      code: marks.code || CODE.has(name),
      href: href || marks.href,
    };
  }

  function addressOf(link) {
    const href = (link.getAttribute("href") ?? "").trim();
    if (!/^(https?:\/\/[^/\\]|mailto:[^@]+@)/i.test(href)) return "";
    return href.replace(/[\s<>()\\]/g, (character) => `%${character.charCodeAt(0).toString(16).padStart(2, "0")}`);
  }

  function imageWords(image) {
    const said = ["alt", "title", "data-linked-resource-default-alias"].map((name) => image.getAttribute(name)?.trim());
    const name = said.find((each) => each) ?? "";
    const isEmoji = /^(:[\w+-]+:|\([\w!?*+-]{1,8}\)|[^\w\s]{1,8})$/u.test(name) || image.hasAttribute("data-stringify-emoji");
    if (name && isEmoji) return name;
    const isSmall = ["width", "height"].some((side) => Number(image.getAttribute(side) || 99) <= 24);
    if (!name && (isSmall || image.getAttribute("alt") === "")) return "";
    return name ? `(image: ${name})` : "(image)";
  }

  /* Two breaks in a row part paragraphs, one breaks the line. */
  function paragraphs(runs, reading) {
    const parts = [[]];
    let breaks = 0;
    for (const run of runs) {
      if (run.isBreak) {
        breaks += 1;
        continue;
      }
      if (!run.text.trim() && breaks) continue;
      if (breaks > 1) parts.push([]);
      else if (breaks === 1 && parts.at(-1).length) parts.at(-1).push({ ...PLAIN, isBreak: true, text: "\n" });
      breaks = 0;
      parts.at(-1).push(run);
    }
    reading.isRich ||= runs.some((run) => run.text.trim() && (run.bold || run.italic || run.strike || run.code || run.href));
    return parts
      .map((part) => inline(part).split("\n").map(escapeStart).join("  \n"))
      .filter((text) => text);
  }

  function inline(runs) {
    const text = wrapped(merged(runs), 0, "", "").replace(/ *\n */g, "\n").replace(/ {2,}/g, " ");
    return text.trim();
  }

  /* Runs of the same marks are one; white space has no marks unless both neighbours share them. */
  function merged(runs) {
    const found = [];
    const isAlike = (one, other) =>
      one.code === other.code && one.href === other.href && MARKS.every(([name]) => one[name] === other[name]);
    runs.forEach((run) => {
      const last = found.at(-1);
      if (last && isAlike(last, run)) last.text += run.text;
      else found.push({ ...run });
    });
    return found;
  }

  const LAYERS = ["href", ...MARKS.map(([name]) => name)];

  /* The runs from layer to layer: links outermost, then bold, italic, strike; code is innermost. */
  function wrapped(runs, layer, before, after) {
    if (layer === LAYERS.length) return runs.map((run) => (run.code ? codeSpan(run.text) : escaped(run.text))).join("");
    const name = LAYERS[layer];
    const groups = [];
    for (const run of runs) {
      if (groups.length && groups.at(-1)[0][name] === run[name]) groups.at(-1).push(run);
      else groups.push([run]);
    }
    let text = "";
    groups.forEach((group, at) => {
      const next = groups[at + 1]?.[0].text[0] ?? after;
      const inner = wrapped(group, layer + 1, text.at(-1) ?? before, next);
      if (!group[0][name]) text += inner;
      else if (name === "href") text += linked(inner, group[0].href);
      else text += marked(inner, MARKS[layer - 1][1], text.at(-1) ?? before, next);
    });
    return text;
  }

  function linked(words, href) {
    const [, start, label, end] = /^(\s*)([\s\S]*?)(\s*)$/.exec(words);
    if (!label || label.replace(/\\/g, "") === href) return `${start}${href}${end}`;
    const safe = label.replace(/\n/g, " ").replace(/(?<!\\)([[\]])/g, "\\$1");
    return `${start}[${safe}](${href})${end}`;
  }

  /* White space stands outside of the marks, and so does punctuation where a word follows at once:
     otherwise the marks would be read as words. */
  function marked(words, mark, before, after) {
    let [, start, inner, end] = /^(\s*)([\s\S]*?)(\s*)$/.exec(words);
    const isWord = (character) => /[\p{L}\p{N}]/u.test(character);
    if (!end && isWord(after)) {
      const tail = /[.,;:!?)]+$/.exec(inner)?.[0] ?? "";
      [inner, end] = [inner.slice(0, inner.length - tail.length), tail];
    }
    if (!start && isWord(before)) {
      const lead = /^[(]+/.exec(inner)?.[0] ?? "";
      [start, inner] = [lead, inner.slice(lead.length)];
    }
    const lines = inner.split("\n").map((line) => (line.trim() ? `${mark}${line.trim()}${mark}` : ""));
    return `${start}${lines.join("\n")}${end}`;
  }

  const longest = (text, pattern) => Math.max(0, ...(text.match(pattern) ?? []).slice(0, 10_000).map((each) => each.length));

  function codeSpan(text) {
    const code = text.replace(/\s+/g, " ").trim();
    if (!code) return text;
    const fence = "`".repeat(longest(code, /`+/g) + 1);
    const pad = /^`|`$/.test(code) ? " " : "";
    const [start, end] = [/^\s/.test(text) ? " " : "", /\s$/.test(text) ? " " : ""];
    return `${start}${fence}${pad}${code}${pad}${fence}${end}`;
  }

  /* Only what would be read as a mark: addresses, snake_case and single brackets stay as they are. */
  const ADDRESS = /(https?:\/\/[^\s<>"]+)/;

  function escaped(text) {
    return text
      .split(ADDRESS)
      .map((part, at) => (at % 2 ? part : escapedWords(part)))
      .join("");
  }

  function escapedWords(text) {
    return text
      .replace(/\\(?=[\\`*_{}[\]()>#+\-.!|~]|$)/g, "\\\\")
      .replace(/`/g, "\\`")
      .replace(/~(?=~)|(?<=~)~/g, "\\~")
      .replace(/(?<=\S)\*|\*(?=\S)/g, "\\*")
      .replace(/(?<![\p{L}\p{N}])_|_(?![\p{L}\p{N}])/gu, "\\_")
      .replace(/\[(?=[^[\]\n]{0,300}\][([:])/g, "\\[");
  }

  function escapeStart(line) {
    return line
      .replace(/^(#{1,6})(?=\s|$)/, "\\$1")
      .replace(/^([-+>])(?=\s|$|-)/, "\\$1")
      .replace(/^>/, "\\>")
      .replace(/^(\d{1,9})([.)])(?=\s|$)/, "$1\\$2");
  }

  globalThis.markdownFromHtml = markdownFromHtml;

  /* ---- Into the field, so that Ctrl+Z takes it out again. */

  const MANY_LINES = 60;
  const fieldOf = (node) => node?.closest?.("textarea[data-markdown]:not([readonly], [disabled])");

  /* Replace what is between two places. insertText takes minutes for thousands of lines, so long
     texts go another way, which ends as the same plain words. */
  function type(area, text, from = area.selectionStart, to = area.selectionEnd) {
    if (!text && from === to) return;
    const wanted = area.value.slice(0, from) + text + area.value.slice(to);
    const isLong = text.split("\n", MANY_LINES).length === MANY_LINES;
    const plain = text.replace(/&/g, "&amp;").replace(/</g, "&lt;");
    area.focus();
    area.setSelectionRange(from, to);
    const isDone = text
      ? document.execCommand(isLong ? "insertHTML" : "insertText", false, isLong ? plain : text)
      : document.execCommand("delete");
    if (isDone && area.value === wanted) return;
    area.value = wanted;
    area.setSelectionRange(from + text.length, from + text.length);
    area.dispatchEvent(new Event("input", { bubbles: true }));
  }

  /* A block of its own needs an empty line around it. */
  function typeBlock(area, text) {
    const before = area.value.slice(0, area.selectionStart);
    const after = area.value.slice(area.selectionEnd);
    const gap = (blank, one) => (blank ? "" : one ? "\n" : "\n\n");
    const lead = gap(before === "" || before.endsWith("\n\n"), before.endsWith("\n"));
    const tail = gap(after === "" || after.startsWith("\n\n"), after.startsWith("\n"));
    const from = area.selectionStart;
    type(area, lead + text + tail);
    const caret = from + lead.length + text.length;
    area.setSelectionRange(caret, caret);
    return from + lead.length;
  }

  const isBlock = (markdown) => /\n|^(#{2,6} |- |\d+\. |> |---$|```)/.test(markdown);
  const isInCode = (before) => (before.match(/^ {0,3}(```|~~~)/gm) ?? []).length % 2 === 1 || (before.split("\n").at(-1).match(/`/g) ?? []).length % 2 === 1;

  let wantsPlain = false;
  document.addEventListener("keydown", (event) => {
    wantsPlain = event.shiftKey && (event.ctrlKey || event.metaKey) && event.key.toLowerCase() === "v";
  });

  document.addEventListener("paste", (event) => {
    const area = fieldOf(event.target);
    const html = event.clipboardData?.getData("text/html");
    if (!area || !html || wantsPlain || isInCode(area.value.slice(0, area.selectionStart))) return;
    const markdown = markdownFromHtml(html);
    if (markdown === null) return;
    event.preventDefault();
    if (isBlock(markdown)) typeBlock(area, markdown);
    else type(area, markdown);
  });

  /* ---- The toolbar and its keys. */

  const runBefore = (text, character) => text.length - text.replace(new RegExp(`\\${character}+$`), "").length;
  const runAfter = (text, character) => text.length - text.replace(new RegExp(`^\\${character}+`), "").length;

  /* Put marks around the selection, or take them away. */
  function toggleMark(area, mark) {
    const { value, selectionStart: from, selectionEnd: to } = area;
    const selected = value.slice(from, to);
    const around = Math.min(runBefore(value.slice(0, from), mark[0]), runAfter(value.slice(to), mark[0]));
    const isMarked = mark === "*" ? around % 2 === 1 : around >= mark.length;
    const size = mark.length;
    if (isMarked) {
      type(area, selected, from - size, to + size);
      area.setSelectionRange(from - size, to - size);
      return;
    }
    const [, lead, inner, tail] = /^(\s*)([\s\S]*?)(\s*)$/.exec(selected);
    type(area, `${lead}${mark}${inner}${mark}${tail}`);
    const start = from + lead.length + size;
    area.setSelectionRange(start, start + inner.length);
  }

  /* Put the same in front of every selected line, or take it away. */
  function togglePrefix(area, prefix) {
    const { value } = area;
    const from = value.lastIndexOf("\n", area.selectionStart - 1) + 1;
    const end = value.indexOf("\n", Math.max(area.selectionEnd - (area.selectionEnd > area.selectionStart), from));
    const to = end < 0 ? value.length : end;
    const lines = value.slice(from, to).split("\n");
    const has = lines.every((line) => !line || line.startsWith(prefix)) && lines.some((line) => line);
    const changed = lines.map((line) => {
      if (has) return line.replace(prefix, "");
      return line || lines.length === 1 ? prefix + line : line;
    });
    const text = changed.join("\n");
    type(area, text, from, to);
    if (lines.length > 1) area.setSelectionRange(from, from + text.length);
  }

  function link(area) {
    const { selectionStart: from, selectionEnd: to, value } = area;
    const selected = value.slice(from, to).trim();
    const isAddress = /^(https?:\/\/|mailto:)\S+$/.test(selected);
    type(area, isAddress ? `[](${selected})` : `[${selected}](https://)`);
    const at = from + (isAddress || !selected ? 1 : selected.length + 3);
    area.setSelectionRange(at, at + (isAddress || !selected ? 0 : "https://".length));
  }

  function code(area) {
    const selected = area.value.slice(area.selectionStart, area.selectionEnd);
    if (!selected.includes("\n")) {
      toggleMark(area, "`");
      return;
    }
    const start = typeBlock(area, `\`\`\`\n${selected.replace(/^\n+|\n+$/g, "")}\n\`\`\``);
    area.setSelectionRange(start + 3, start + 3);
  }

  function tableTemplate(area) {
    const start = typeBlock(area, "| Column | Column |\n| --- | --- |\n|  |  |");
    area.setSelectionRange(start + 2, start + 8);
  }

  const tools = {
    bold: (area) => toggleMark(area, "**"),
    italic: (area) => toggleMark(area, "*"),
    link,
    list: (area) => togglePrefix(area, "- "),
    code,
    table: tableTemplate,
    quote: (area) => togglePrefix(area, "> "),
  };
  const keys = { b: "bold", i: "italic", k: "link" };

  document.addEventListener("keydown", (event) => {
    const area = fieldOf(event.target);
    const tool = (event.ctrlKey || event.metaKey) && !event.shiftKey && !event.altKey && keys[event.key.toLowerCase()];
    if (!area || !tool) return;
    event.preventDefault();
    tools[tool](area);
  });

  /* A toolbar is one stop of the Tab key; the arrows move in it. */
  function showToolbars(root) {
    for (const bar of root.querySelectorAll("[role=toolbar][data-writes][hidden]")) {
      [...bar.children].forEach((button, at) => (button.tabIndex = at ? -1 : 0));
      bar.hidden = false;
    }
  }
  document.addEventListener("DOMContentLoaded", () => showToolbars(document));
  document.addEventListener("htmx:load", (event) => showToolbars(event.target));

  document.addEventListener("keydown", (event) => {
    const bar = event.target.closest?.("[role=toolbar][data-writes]");
    const buttons = bar ? [...bar.children] : [];
    const at = buttons.indexOf(event.target);
    const to = { ArrowLeft: at - 1, ArrowRight: at + 1, Home: 0, End: buttons.length - 1 }[event.key];
    if (at < 0 || to === undefined) return;
    event.preventDefault();
    const next = buttons.at(to % buttons.length);
    buttons.forEach((button) => (button.tabIndex = button === next ? 0 : -1));
    next.focus();
  });

  document.addEventListener("click", (event) => {
    const button = event.target.closest?.("[data-tool]");
    const area = button && document.getElementById(button.closest("[data-writes]").dataset.writes);
    if (area) tools[button.dataset.tool](area);
  });

  /* ---- The preview: the same button opens and closes it, and what is open follows the typing (by a click
     that nobody made, which closes nothing). */

  const previewOf = (button) => document.querySelector(button.getAttribute("hx-target"));

  document.addEventListener(
    "click",
    (event) => {
      const button = event.target.closest?.("[data-preview]");
      if (button?.getAttribute("aria-expanded") !== "true" || !event.isTrusted) return;
      event.preventDefault();
      event.stopPropagation();
      previewOf(button).replaceChildren();
      button.setAttribute("aria-expanded", "false");
    },
    true,
  );
  document.addEventListener("htmx:afterSwap", (event) => {
    const button = event.detail.requestConfig?.elt;
    if (!button?.matches?.("[data-preview]")) return;
    const preview = previewOf(button);
    const isBelow = preview.getBoundingClientRect().top > 0.8 * innerHeight;
    if (isBelow && button.getAttribute("aria-expanded") !== "true") preview.scrollIntoView();
    button.setAttribute("aria-expanded", "true");
  });

  const PAUSE = 700;
  const waiting = new WeakMap();
  document.addEventListener("input", (event) => {
    const area = fieldOf(event.target);
    const button = area?.closest(".writing")?.querySelector("[data-preview][aria-expanded=true]");
    if (!button) return;
    clearTimeout(waiting.get(area));
    waiting.set(area, setTimeout(() => button.isConnected && button.click(), PAUSE));
  });

  /* ---- The sheet of help, over the page that is being written. */

  function makeSheet() {
    const sheet = document.createElement("dialog");
    const close = document.createElement("button");
    const body = document.createElement("div");
    sheet.className = "sheet";
    sheet.setAttribute("aria-labelledby", "markdown-help");
    close.type = "button";
    close.className = "button button--small sheet__close";
    close.textContent = "Close";
    close.addEventListener("click", () => sheet.close());
    sheet.addEventListener("click", (event) => event.target === sheet && sheet.close());
    sheet.append(close, body);
    document.body.append(sheet);
    return sheet;
  }

  let sheet = null;
  document.addEventListener("click", async (event) => {
    const link = event.target.closest?.("a[data-help-sheet]");
    if (!link || event.ctrlKey || event.metaKey || event.shiftKey || event.button) return;
    event.preventDefault();
    sheet ??= makeSheet();
    const body = sheet.lastElementChild;
    if (!body.childElementCount) await htmx.ajax("GET", link.href, { target: body, swap: "innerHTML" });
    if (body.childElementCount) sheet.showModal();
  });
})();
