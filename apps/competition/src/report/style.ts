/** Style of the report: one column, system fonts, light and dark, printable. */
export const style: string = `
:root { color-scheme: light dark; --line: #d4d4d8; --soft: #71717a; }
@media (prefers-color-scheme: dark) { :root { --line: #3f3f46; --soft: #a1a1aa; } }
* { box-sizing: border-box; }
body { margin: 0 auto; max-width: 720px; padding: 1.5rem 1rem 4rem; font: 16px/1.55 system-ui, "PingFang SC", "Noto Sans CJK SC", "Microsoft YaHei", sans-serif; }
h1 { font-size: 1.7rem; line-height: 1.2; margin: 0 0 .5rem; }
h2 { font-size: 1.15rem; margin: 2.5rem 0 .75rem; padding-bottom: .3rem; border-bottom: 1px solid var(--line); }
.summary { font-size: 1.1rem; margin: 0; }
.date, figcaption, small, .mistakes span { color: var(--soft); font-size: .85rem; }
.warning { border: 2px solid #dc2626; border-radius: 6px; padding: .6rem .9rem; font-weight: 600; }
figure { margin: 0 0 1rem; }
figure svg { width: 100%; height: auto; }
.scroll { overflow-x: auto; }
table { border-collapse: collapse; width: 100%; font-size: .92rem; }
th, td { text-align: left; padding: .35rem .6rem; border-bottom: 1px solid var(--line); vertical-align: top; overflow-wrap: anywhere; }
th { overflow-wrap: normal; }
td:first-child { overflow-wrap: break-word; }
th.number { text-align: right; }
td.number { text-align: right; font-variant-numeric: tabular-nums; white-space: nowrap; }
.confusion { width: auto; }
.confusion td { font-size: 1.15rem; padding: .7rem 1.2rem; }
.confusion small { display: block; }
.mistakes { padding-left: 1.6rem; }
.mistakes li { margin-bottom: .8rem; break-inside: avoid; }
.mistakes q { display: block; quotes: none; }
@media print { body { max-width: none; font-size: 11pt; } section { break-inside: avoid-page; } h2 { break-after: avoid; } }
`;
