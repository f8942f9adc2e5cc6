#include "engine/page/parts.h"

#include <stddef.h>

/* raw is orange, dashed or outlined; the rule is blue, darker and solid: distinguishable without colour too. */
const char *const page_style[] = {
    ":root{color-scheme:light dark;--ink:#1a1e23;--soft:#59636e;--line:#dde2e7;--page:#fff;--panel:#f6f7f9;"
    "--raw:#bf6900;--rule:#1c4f96;--fair:#7b8591;--good:#17693a;--bad:#a8292c}",
    "@media "
    "(prefers-color-scheme:dark){:root{--ink:#e5e8eb;--soft:#9ba5af;--line:#333b43;--page:#14171a;--panel:#1c2125;"
    "--raw:#f2a54a;--rule:#79b0f2;--fair:#87919b;--good:#6fcb93;--bad:#f28c88}}",
    "*{box-sizing:border-box}",
    "html{-webkit-text-size-adjust:100%}",
    "body{margin:0;background:var(--page);color:var(--ink);font:1rem/1.55 system-ui,-apple-system,\"Segoe UI\",Roboto,"
    "\"Noto Sans\",\"DejaVu Sans\",sans-serif;font-variant-numeric:tabular-nums;overflow-wrap:anywhere}",
    "main,header,footer{max-width:78rem;margin:0 auto;padding:0 1.5rem}",
    "header{padding-top:3.5rem}",
    "footer{padding-top:2rem;padding-bottom:3rem;color:var(--soft);font-size:.85rem}",
    ".mark{margin:0;color:var(--soft);font-size:.85rem;letter-spacing:.06em}",
    "h1{margin:.1rem 0 .2rem;font-size:2.4rem;line-height:1.15;font-weight:650;letter-spacing:-.015em}",
    ".lead{margin:0;color:var(--soft);font-size:1.1rem}",
    "section{margin-top:3.6rem}",
    "h2{margin:0 0 .9rem;font-size:1.45rem;line-height:1.25;font-weight:650;letter-spacing:-.01em}",
    "h3{margin:2.2rem 0 .6rem;font-size:1.02rem;font-weight:650}",
    "p{margin:.6rem 0;max-width:46rem}",
    ".soft,.note{color:var(--soft)}",
    ".note{font-size:.88rem}",
    ".raw-word{color:var(--raw);font-weight:600}.rule-word{color:var(--rule);font-weight:600}",
    ".good{color:var(--good)}.bad{color:var(--bad)}",
    "dl.facts{display:grid;grid-template-columns:max-content 1fr;gap:.25rem 1.2rem;margin:1.8rem 0 0;font-size:.92rem}",
    "dl.facts dt{color:var(--soft)}dl.facts dd{margin:0}",
    ".tiles{display:grid;grid-template-columns:repeat(auto-fit,minmax(14rem,1fr));gap:.9rem;margin:1.2rem 0 1.4rem}",
    ".tile{background:var(--panel);border-radius:.6rem;padding:1rem 1.1rem .9rem}",
    ".tile h3{margin:0;font-size:.88rem;font-weight:500;color:var(--soft)}",
    ".tile .big{margin:.25rem 0 .2rem;font-size:1.75rem;line-height:1.2;font-weight:650;letter-spacing:-.02em;"
    "white-space:nowrap}",
    ".tile .big i{font-style:normal;font-weight:400;color:var(--soft);font-size:1.2rem;padding:0 .1em}",
    ".tile p{margin:0;font-size:.88rem;line-height:1.45}",
    ".scroll{overflow-x:auto;margin:.6rem 0 0}.scroll+.scroll{margin-top:1.4rem}",
    "[hidden]{display:none!important}",
    "a{color:var(--rule);text-decoration-thickness:.06em;text-underline-offset:.15em}",
    "nav{display:flex;flex-wrap:wrap;gap:.2rem 1.3rem;margin:1.8rem 0 0;padding-top:.9rem;border-top:1px solid "
    "var(--line);font-size:.92rem}",
    ".terms{max-width:none;margin-top:1.4rem;color:var(--soft);font-size:.8rem}.terms a{color:inherit}",
    "dt:target,dt:target+dd{background:var(--panel)}",
    "summary{cursor:pointer;margin:2.2rem 0 .6rem}summary h3{display:inline;margin:0}",
    "table.sortable thead button{all:unset;cursor:pointer;white-space:inherit}",
    "table.sortable thead button:hover{color:var(--ink)}",
    "table.sortable thead button:focus-visible{outline:2px solid var(--rule);outline-offset:2px}",
    "th[aria-sort]{color:var(--ink)}th[aria-sort] button::after{content:\" \\25be\"}"
    "th[aria-sort=ascending] button::after{content:\" \\25b4\"}",
    ".filter{display:flex;align-items:baseline;gap:.7rem;margin:.5rem 0 0;color:var(--soft);font-size:.84rem}",
    ".filter input{font:inherit;color:var(--ink);background:var(--page);border:1px solid var(--line);"
    "border-radius:.35rem;padding:.2rem .5rem;width:14rem;max-width:100%}",
    "table{border-collapse:separate;border-spacing:0;width:100%;font-size:.9rem;line-height:1.4}",
    "th:first-child{position:sticky;left:0;background:var(--page)}",
    "th{font-weight:500;color:var(--soft);text-align:left;vertical-align:bottom;font-size:.84rem}",
    "th,td{padding:.42rem .5rem;border-bottom:1px solid var(--line)}",
    "th:first-child,td:first-child{padding-left:0}th:last-child,td:last-child{padding-right:0}",
    "tbody th{color:var(--ink);font-size:.9rem;white-space:nowrap;vertical-align:top}",
    "td{vertical-align:top;overflow-wrap:break-word}",
    "th.n,td.n{text-align:right;white-space:nowrap}",
    "tr.focus>*{background:var(--panel)}tr.focus th{font-weight:650;color:var(--rule)}",
    "tr.raw th{color:var(--raw)}",
    "td.best{font-weight:650}td.lines data{font-weight:650}",
    "td.interval{white-space:nowrap;color:var(--soft)}td.interval "
    "b{font-weight:600;color:var(--ink);display:inline-block;"
    "min-width:2.9em;text-align:right}",
    "td.interval b.good{color:var(--good)}td.interval b.bad{color:var(--bad)}",
    "td.interval .range{font-size:.84em}",
    "td.stack{padding-left:.2rem;padding-right:.2rem}td.stack b{min-width:0}",
    "td.stack .range{display:block;font-size:.8em;white-space:normal}td.stack .range data{white-space:nowrap}"
    "table.many .range{width:min-content;margin-left:auto}",
    ".notice{border-left:3px solid var(--bad);padding-left:.8rem}",
    ".tag{color:var(--soft);font-weight:400;font-size:.84em}",
    "svg{display:block;width:100%;height:auto}",
    "svg text{font:11px system-ui,-apple-system,\"Segoe UI\",Roboto,\"Noto Sans\",\"DejaVu "
    "Sans\",sans-serif;fill:var(--soft)}",
    "svg .titles text{fill:var(--ink)}",
    "svg .grid path{stroke:var(--line);stroke-width:1;fill:none}",
    "svg .axis{stroke:var(--soft);stroke-width:1;fill:none}",
    "svg .raw{fill:var(--raw)}svg .rule{fill:var(--rule)}svg .none{fill:var(--fair)}",
    "svg .raw-line{fill:none;stroke:var(--raw);stroke-width:1.6;stroke-dasharray:5 2.5;stroke-linejoin:round}",
    "svg .rule-line{fill:none;stroke:var(--rule);stroke-width:2;stroke-linejoin:round}",
    "svg .raw-steps{fill:none;stroke:var(--raw);stroke-width:1.4;stroke-linejoin:miter}",
    "svg .rule-area{fill:var(--rule);opacity:.8}svg .raw-area{fill:var(--raw);opacity:.8}",
    "svg .fair{stroke:var(--fair);stroke-width:1.1;stroke-dasharray:2 2.5;fill:none}",
    "svg .values{fill:none;pointer-events:all}svg .values:hover{fill:var(--ink);fill-opacity:.1}",
    "svg .zero{stroke:var(--fair);stroke-width:1;fill:none}",
    "svg .whisker{stroke:var(--soft);stroke-width:1.6;fill:none}svg .whisker.good{stroke:var(--good)}"
    "svg .whisker.bad{stroke:var(--bad)}",
    "svg .dot{fill:var(--soft)}svg .dot.good{fill:var(--good)}svg .dot.bad{fill:var(--bad)}",
    "svg .link{stroke:var(--fair);stroke-width:1.6;fill:none}svg "
    ".ring{fill:var(--page);stroke:var(--raw);stroke-width:2}",
    "svg .good{fill:var(--good)}svg .bad{fill:var(--bad)}",
    "td svg{width:8rem;height:1.15rem;margin-top:.12rem}",
    ".figures{display:grid;grid-template-columns:repeat(auto-fit,minmax(19rem,1fr));gap:1.4rem 2rem;margin-top:1rem;"
    "max-width:66rem}",
    ".figures.small{grid-template-columns:repeat(auto-fill,minmax(14rem,1fr));gap:1.1rem 1.4rem;max-width:none}",
    "figure{margin:0;min-width:0}figure.wide{max-width:46rem;margin-top:1rem}",
    "figcaption{font-size:.9rem;margin-bottom:.35rem}figcaption b{font-weight:650}figcaption span{color:var(--soft)}",
    ".key{display:inline-block;width:.75em;height:.75em;border-radius:.12em;margin-right:.3em;vertical-align:-.02em}",
    ".key.raw{border:2px solid var(--raw)}.key.rule{background:var(--rule)}",
    ".with-picture{display:flex;gap:.7rem;align-items:flex-start}",
    ".with-picture img,.with-picture .nothing{flex:none;border-radius:.3rem;background:var(--panel)}",
    ".with-picture .nothing{width:56px;height:56px}",
    "img{display:block}",
    "ul.captured{margin:0;padding:0;list-style:none}ul.captured li{margin:0 0 "
    ".1rem;padding-left:1.6em;text-indent:-1.6em}",
    "ul.captured .place{display:inline-block;min-width:1.6em;text-indent:0;color:var(--soft)}",
    "dl.words{margin:.6rem 0 0;columns:2 22rem;column-gap:2.6rem}",
    "dl.words div{break-inside:avoid}dl.words dt{font-weight:650}dl.words dd{margin:0 0 .85rem}",
    "pre{white-space:pre-wrap;overflow-wrap:anywhere;background:var(--panel);border-radius:.5rem;padding:.8rem 1rem;"
    "font:.86rem/1.5 ui-monospace,\"DejaVu Sans Mono\",Menlo,Consolas,monospace}",
    "@media (max-width:34rem){main,header,footer{padding-left:1rem;padding-right:1rem}header{padding-top:2rem}"
    "section{margin-top:2.8rem}h1{font-size:1.9rem}dl.facts{grid-template-columns:1fr;gap:0}dl.facts "
    "dd{margin-bottom:.5rem}"
    ".tiles{grid-template-columns:1fr 1fr;gap:.6rem}.tile{padding:.75rem .8rem}.tile .big{font-size:1.3rem}"
    ".tile .big i{font-size:1rem}.figures.small{grid-template-columns:1fr 1fr;gap:.9rem}"
    ".figures{grid-template-columns:1fr}"
    "table.rows,table.rows tbody{display:block}table.rows thead{display:none}table.rows tr{display:flex;flex-wrap:wrap;"
    "align-items:center;gap:.2rem 1rem;padding:.6rem 0;border-bottom:1px solid var(--line)}table.rows "
    "td{padding:0;border:0;"
    "font-size:.86rem}table.rows td.whole{flex:1 0 100%;font-size:.92rem}"
    "table.rows.sortable thead{display:block}table.rows.sortable thead tr{border:0}table.rows.sortable thead "
    "th{position:static;border:0;padding:.15rem .5rem;background:var(--panel);border-radius:.35rem}"
    "table.rows td[data-name]::before{content:attr(data-name) \" \";color:var(--soft)}}",
    "@media print{:root{--ink:#000;--soft:#444;--line:#ccc;--page:#fff;--panel:#fff;--raw:#bf6900;--rule:#1c4f96;"
    "--fair:#777;--good:#17693a;--bad:#a8292c}",
    "@page{size:A4;margin:15mm 14mm 16mm}",
    "html{font-size:9.4pt}body{line-height:1.45}main,header,footer{max-width:none;padding-left:0;padding-right:0}"
    "header{padding-top:0}section{margin-top:0;padding-top:9mm}h2,h3,figcaption,thead{break-after:avoid}",
    "tr,figure,.tile,img{break-inside:avoid}.lead-in{break-after:avoid}thead{display:table-header-group;break-inside:"
    "avoid}p{break-"
    "inside:avoid}"
    "th:first-child{position:static;background:none}",
    ".scroll{overflow:visible}th,td{padding:.28rem .42rem}table{font-size:.86rem}th{font-size:.8rem}"
    "tbody th{font-size:.86rem}",
    ".tile{border:1px solid var(--line);padding:.8rem .9rem}.tiles{grid-template-columns:repeat(4,1fr)}"
    ".tile .big{font-size:1.35rem}.tile .big i{font-size:1rem}tr.focus>*{border-bottom-color:var(--rule)}"
    "pre{border:1px solid var(--line)}",
    ".figures{grid-template-columns:1fr 1fr}.figures.small{grid-template-columns:repeat(4,1fr);gap:.9rem}"
    ".figures.small figcaption{font-size:.78rem}",
    ".with-picture img{width:34px;height:auto}.with-picture .nothing{width:34px;height:34px}td svg{width:6.2rem}"
    ".terms,.filter,footer{display:none}table.sortable thead button{display:contents}nav "
    "a{color:inherit}summary{list-style:none;break-after:avoid}"
    "details::details-content{content-visibility:visible;block-size:auto}"
    "tbody tr:nth-child(2),tbody tr:last-child,.texts "
    "tr:nth-last-child(-n+6),#method{break-before:avoid}#method{break-inside:avoid}"
    "dl.words{columns:auto;font-size:.88rem}dl.words div{display:grid;grid-template-columns:11rem 1fr;gap:1rem}"
    "dl.words dd{margin:0 0 .3rem}}",
    NULL,
};
