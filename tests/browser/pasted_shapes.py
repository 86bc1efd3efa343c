"""Small pieces of HTML and the Markdown they become; None where the plain text says as much."""

SHAPES: dict[str, tuple[str, str | None]] = {
    "only words": ("<span style='color:red'>only words</span>", None),
    "one paragraph": ("<p>One paragraph</p>", None),
    "one cell": ("<table><tr><td>1204</td></tr></table>", None),
    "lines of an editor": (
        "<div style='font-family:Menlo, monospace;white-space:pre;'><div><span>a_b = 1</span></div>"
        "<div>  <span>c</span></div></div>",
        "```\na_b = 1\n  c\n```",
    ),
    "two paragraphs": ("<p>One</p><p>Two</p>", "One\n\nTwo"),
    "marks in plain words": (
        r"<b>b</b> 2*3 * 4 _x_ snake_case `t` [a] [a](b) ~~c~~ ~10:40 C:\temp \* &lt;pod&gt;",
        r"**b** 2\*3 * 4 \_x\_ snake_case \`t\` [a] \[a](b) \~\~c\~\~ ~10:40 C:\temp \\\* <pod>",
    ),
    "marks at the start of a line": (
        "<p># no heading</p><p>- no item</p><p>1. no item</p><p>2017-02-28 was it</p>"
        "<p>&gt; no quote</p><p>#1042</p><p>---</p><p>a<br>+ b</p>",
        "\\# no heading\n\n\\- no item\n\n1\\. no item\n\n2017-02-28 was it\n\n\\> no quote\n\n"
        "#1042\n\n\\---\n\na  \n\\+ b",
    ),
    "an address in plain words": (
        "<p>At https://example.com/a_b_c*d <i>now</i></p>",
        "At https://example.com/a_b_c*d *now*",
    ),
    "only addresses of the web and of mail": (
        "<p><a href='javascript:alert(1)'>a</a> <a href='/here'>b</a> <a href='file:///c'>c</a> "
        "<a href='data:text/html,x'>d</a> <a href='mailto:a@example.com'>e</a> "
        "<a href='https:\\\\evil.example'>f</a> <a href='HTTPS://example.com/a b'>g [1]</a></p>",
        "a b c d [e](mailto:a@example.com) f [g \\[1\\]](HTTPS://example.com/a%20b)",
    ),
    "a link around a block": (
        "<a href='https://example.com/'><div>Read <b>this</b></div></a>",
        "[Read **this**](https://example.com/)",
    ),
    "white space stands outside of marks": (
        "<p>a<b> b </b>c<i>&nbsp;</i>d <b>Note:</b>now <b></b></p>",
        "a **b** c d **Note**:now",
    ),
    "neighbours of one mark are one": ("<p><b>on</b><b>e</b> <i>x</i></p>", "**one** *x*"),
    "deep headings": ("<h1>A</h1><h2>B</h2><h6>C</h6>", "## A\n\n### B\n\n###### C"),
    "a heading in bold": ("<h2><b>A</b><br>b</h2><h3>&nbsp;</h3>", "## A b"),
    "code with backticks": ("<p><code>a`b</code> <kbd>`</kbd></p>", "``a`b`` `` ` ``"),
    "a fence in code": ("<pre>```\nx\n```</pre>", "````\n```\nx\n```\n````"),
    "an item that only holds a list": ("<ul><li>a<li><ul><li>b</ul></ul>", "- a\n  - b"),
    "a numbered list that goes on": ("<ol start=4><li>d<li>e</ol>", "4. d\n5. e"),
    "a list of tasks": (
        "<ul><li><input type=checkbox checked> done</li><li><input type=checkbox> open</li></ul>",
        "- [x] done\n- [ ] open",
    ),
    "two kinds of list": ("<ul><li>a</ul><ol><li>b</ol>", "- a\n\n1. b"),
    "code in an item": (
        "<ul><li>a<pre>b\nc</pre><li>d</ul>",
        "- a\n\n  ```\n  b\n  c\n  ```\n\n- d",
    ),
    "cells that reach over others": (
        "<table><tr><th rowspan=2>a<th>b<tr><td>c</table>",
        "| a | b |\n| --- | --- |\n|  | c |",
    ),
    "a table in a table": (
        "<table><tr><td>a<td><table><tr><td>b<td>c</table><tr><td>d<td>e</table>",
        "| a | b<br>c |\n| --- | --- |\n| d | e |",
    ),
    "bars in a cell": (
        "<table><tr><td>a|b<td><code>c|d</code><tr><td>e<td>f</table>",
        "| a\\|b | `c|d` |\n| --- | --- |\n| e | f |",
    ),
    "powers of ten": ("<p>10<sup>3</sup> <b>x</b> H<sub>2</sub>O</p>", "10^3 **x** H2O"),
    "what cannot be seen": (
        "<p><b>a</b><span style='display:none'>x</span><span hidden>y</span>"
        "<svg><text>z</text></svg>"
        "<img src=p width=1 height=1><button>Copy</button>\u200b\ufeff</p>",
        "**a**",
    ),
    "from right to left": (
        "<p dir=rtl>\u05e9\u05dc\u05d5\u05dd <b>\u05e2\u05d5\u05dc\u05dd</b></p>",
        "\u05e9\u05dc\u05d5\u05dd **\u05e2\u05d5\u05dc\u05dd**",
    ),
    "emoji": (
        "<p>\U0001f469\u200d\U0001f692 <b>\U0001f525</b></p>",
        "\U0001f469\u200d\U0001f692 **\U0001f525**",
    ),
}

HOSTILE: dict[str, tuple[str, str | None]] = {
    "script": ("<b>a</b><script>globalThis.harm = 1</script>", "**a**"),
    "handlers": (
        "<b>a</b><img src=x onerror='globalThis.harm = 1' alt='x'><svg onload=globalThis.harm=1>",
        "**a**(image: x)",
    ),
    "an unclosed quote": ('<b>a</b><img alt="> onerror=globalThis.harm=1', "**a**"),
    "templates and frames": (
        "<b>a</b><template><b>x</b></template>"
        "<iframe srcdoc='<b>x</b>'></iframe><object>y</object>",
        "**a**",
    ),
    "a base and a style": (
        "<base href='https://evil.example/'><style>b{color:red}</style>"
        "<p style='color:red'><b>a</b>",
        "**a**",
    ),
    "spans without end": (
        "<table><tr><td colspan=100000 rowspan=100000>a<td>b<tr><td>c<td>d</table>",
        None,
    ),
    "quotations in quotations": ("<blockquote>" * 30 + "a", "> > > > a"),
    "half of a character": ("<b>a\x07</b>", "**a**"),
}
