"""How a report looks: colours by role, for pages in light and dark and for paper, and a page's style sheet."""

from __future__ import annotations

from collections.abc import Mapping

LIGHT: Mapping[str, str] = {
    "ground": "#ffffff", "card": "#f6f7f9", "rule": "#d5d9e0", "ink": "#1b2230", "faint": "#5c6676",
    "good": "#17694a", "bad": "#b3261e", "good-ground": "#e2f3ea", "bad-ground": "#fbe6e4",
    "kept": "#3f8f6f", "broken": "#d1495b", "idle": "#b9c0cb", "objective": "#1b2230", "axis": "#dfe3e9",
    "share0": "#d1495b", "share1": "#e08e45", "share2": "#7a6fb0", "share3": "#4a90b8", "share4": "#8a9a5b",
    "share5": "#9aa3b0",
}  # fmt: skip
"""Readable for those who do not tell red from green: what is kept and what is broken differ in lightness, too."""
DARK: Mapping[str, str] = {
    **LIGHT,
    "ground": "#14181f", "card": "#1d232c", "rule": "#38414e", "ink": "#e6e9ee", "faint": "#a3adbb",
    "good": "#7fd1ae", "bad": "#ff9a8f", "good-ground": "#173629", "bad-ground": "#47201d",
    "kept": "#57b08c", "broken": "#ef6f7f", "idle": "#56606e", "objective": "#e6e9ee", "axis": "#2c3440",
}  # fmt: skip
ROLES = (
    "kept", "broken", "idle", "objective", "axis", "ink", "faint",
    "share0", "share1", "share2", "share3", "share4", "share5",
)  # fmt: skip


def _variables(colours: Mapping[str, str]) -> str:
    return "".join(f"--{name}:{colour};" for name, colour in colours.items())


OPEN = "details::details-content{content-visibility:visible;block-size:auto;opacity:1}summary{list-style:none}"
"""Nothing is folded where there is room, nor on paper; browsers that cannot be told fold it until it is asked for."""
SHEET = (
    f":root{{color-scheme:light dark;{_variables(LIGHT)}}}"
    f"@media (prefers-color-scheme:dark){{:root{{{_variables(DARK)}}}}}"
    "*{box-sizing:border-box}"
    "body{margin:0 auto;max-width:70rem;padding:1.5rem 1rem 3rem;background:var(--ground);color:var(--ink);"
    "font:16px/1.5 system-ui,-apple-system,'Segoe UI',Roboto,sans-serif;overflow-wrap:break-word}"
    "h1{font-size:1.7rem;line-height:1.2;margin:0}h2{font-size:1.25rem;margin:2.4rem 0 .4rem;padding-top:.8rem;"
    "border-top:1px solid var(--rule)}h3{font-size:1rem;margin:1.2rem 0 .4rem}p{margin:.4rem 0;max-width:46rem}"
    ".dim{color:var(--faint)}.good{color:var(--good)}.bad{color:var(--bad)}"
    ".tag{font-size:.8rem;font-weight:600;padding:.1rem .5rem;border-radius:1rem;background:var(--card);"
    "vertical-align:.15em;white-space:nowrap}"
    ".tag.good{background:var(--good-ground)}.tag.bad{background:var(--bad-ground)}"
    ".tiles{display:flex;flex-wrap:wrap;gap:.75rem;margin:1.4rem 0}"
    ".tile{flex:1 1 9rem;background:var(--card);border-radius:.6rem;padding:.7rem 1rem}"
    ".tile b{display:block;font-size:1.6rem;line-height:1.3}"
    ".charts{display:flex;flex-wrap:wrap;gap:1rem 2rem;margin:1rem 0}figure{flex:1 1 20rem;max-width:29rem;margin:0}"
    "figcaption{font-size:.85rem;color:var(--faint);margin-bottom:.25rem}"
    "svg{display:block;width:100%;height:auto;font:11px system-ui,-apple-system,'Segoe UI',Roboto,sans-serif}"
    "polyline{fill:none;stroke-linejoin:round}"
    + "".join(f".fill-{role}{{fill:var(--{role})}}.line-{role}{{stroke:var(--{role})}}" for role in ROLES)
    + "table{border-collapse:collapse;width:100%;font-size:.875rem;margin:.8rem 0}"
    "th,td{text-align:left;padding:.35rem .6rem .35rem 0;border-bottom:1px solid var(--rule);vertical-align:top}"
    "th{color:var(--faint);font-weight:500}td{overflow-wrap:break-word}"
    ".number{text-align:right;font-variant-numeric:tabular-nums;white-space:nowrap}"
    "ul{padding:0;list-style:none}li{margin:.5rem 0;max-width:46rem}li .tag{margin-right:.5rem}"
    "summary{cursor:pointer}summary h2,summary h3{display:inline;border:0}details{margin:.6rem 0}"
    f"@media (min-width:40.01rem){{{OPEN}}}"
    "@media (max-width:40rem){thead{display:none}table,tbody{display:block}"
    "tr{display:block;border-bottom:1px solid var(--rule);padding:.4rem 0}"
    "td,td.number{display:inline;border:0;padding:0 .6rem 0 0;text-align:left;white-space:normal}"
    "td::before{content:attr(data-label) ' ';color:var(--faint)}"
    "td:first-child{font-weight:600;display:block}td:first-child::before{content:none}"
    "figure{flex-basis:100%}}"
    "@page{size:A4;margin:16mm 14mm}"
    f"@media print{{:root{{{_variables(LIGHT)}}}"
    "body{max-width:none;padding:0;font-size:10pt;print-color-adjust:exact;-webkit-print-color-adjust:exact}"
    "table{font-size:8pt}th,td{padding-right:.4rem}h2,h3{break-after:avoid}"
    "body{line-height:1.3}h2{margin-top:.6rem}p,.charts,table,details{margin:.25rem 0}"
    "summary h3{font-size:.9rem}th,td{padding-top:.15rem;padding-bottom:.15rem}thead{display:table-header-group}"
    "section,details,.charts,tr,li,.tiles{break-inside:avoid}section:last-child{break-before:avoid}"
    f"figure{{flex-basis:45%;max-width:48%}}{OPEN}}}"
)
