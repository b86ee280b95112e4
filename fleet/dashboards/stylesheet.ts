const spans = Array.from({ length: 24 }, (_, index) => `.w${index + 1}{grid-column:span ${index + 1}}`).join('');

const light = `--bg:#f5f6f8;--card:#fff;--text:#1b1f24;--muted:#57606a;--line:#d5dae0;--link:#0b57b7;--alert:#b42318;--ok:#1a7f4b;--unknown:#8a5a00;
--s1:#0b62c4;--s2:#b35900;--s3:#0a7d5a;--s4:#a6387f;--s5:#6a4fc0;--s6:#8a6d00;--s7:#c22f2f;--s8:#2f7f8f;--s9:#5c6773;--s10:#7a4a2b;`;
const dark = `--bg:#0f1318;--card:#181d24;--text:#e6e9ed;--muted:#a3adb8;--line:#343c46;--link:#7db8ff;--alert:#ff8a80;--ok:#5fd39a;--unknown:#f0c060;
--s1:#6cb0ff;--s2:#ffa857;--s3:#4fd1a5;--s4:#ef8fcb;--s5:#b39dff;--s6:#e3c34a;--s7:#ff8080;--s8:#6fd0e0;--s9:#b3bdc9;--s10:#d3a27f;`;

/** The stylesheet of every page: light and dark by the reader's choice, from phone to wall. Colours hold WCAG AA on their grounds. */
export const stylesheet = `
:root{color-scheme:light dark;${light}}
@media (prefers-color-scheme:dark){:root{${dark}}}
*{box-sizing:border-box}
body{margin:0;background:var(--bg);color:var(--text);font:16px/1.5 system-ui,-apple-system,"Segoe UI",Roboto,"Noto Sans","DejaVu Sans",sans-serif}
a{color:var(--link)}
a:focus-visible,summary:focus-visible,.scroll:focus-visible,main:focus-visible{outline:3px solid var(--link);outline-offset:2px;border-radius:3px}
.skip{position:absolute;left:-9999px}
.skip:focus{left:8px;top:8px;z-index:1;padding:8px 12px;background:var(--card)}
header,main,footer{max-width:1400px;margin:0 auto;padding:0 16px}
header{padding-top:16px}
nav ul{display:flex;flex-wrap:wrap;gap:4px 16px;margin:0;padding:0;list-style:none}
nav a{display:inline-block;padding:4px 0}
h1{margin:12px 0 4px;font-size:1.6rem;line-height:1.2;overflow-wrap:anywhere}
h2{margin:0 0 8px;font-size:1.1rem;line-height:1.3;overflow-wrap:anywhere}
h3{margin:12px 0 6px;font-size:1rem}
p{margin:6px 0}
p,li,dt,dd,th,td{overflow-wrap:anywhere}
code{font:0.9em ui-monospace,SFMono-Regular,Menlo,"DejaVu Sans Mono",monospace}
pre{white-space:pre-wrap;overflow-wrap:anywhere;margin:8px 0}
.about,.empty,.thresholds,footer{color:var(--muted)}
.thresholds,.about{font-size:.9rem}
footer{padding-top:16px;padding-bottom:24px;font-size:.9rem}
.grid{display:grid;grid-template-columns:repeat(24,minmax(0,1fr));gap:12px;margin-top:16px}
.card{background:var(--card);border:1px solid var(--line);border-radius:8px;padding:12px 14px;min-width:0}
${spans}
.chart svg,.gauge svg{display:block;width:100%;height:auto;font-family:inherit}
.narrow{display:none}
.gauge{margin:0;max-width:300px}
.gauge figcaption{text-align:center}
.values{display:flex;flex-wrap:wrap;gap:8px 24px;margin:0}
.values div{min-width:0}
.values dt{color:var(--muted);font-size:.9rem}
.values dd{margin:0;font-size:1.8rem;line-height:1.2;font-weight:600}
.scroll{overflow-x:auto;max-width:100%}
table.data{border-collapse:collapse;width:100%;font-size:.9rem}
table.data th,table.data td{padding:4px 10px 4px 0;text-align:left;border-bottom:1px solid var(--line);vertical-align:top}
table.data thead th{color:var(--muted);font-weight:600;white-space:nowrap}
table.data th[scope=row]{font-weight:400;min-width:9rem}
table.figures td,table.figures thead th:not(:first-child){text-align:right;white-space:nowrap;font-variant-numeric:tabular-nums}
table.figures td:last-child,table.figures th:last-child{padding-right:0}
.swatch{vertical-align:middle}
.unknown{margin:8px 0 0;padding-left:20px;font-size:.9rem}
.unknown strong,.state-unknown{color:var(--unknown)}
.marks{margin:0 0 .5rem;padding-left:1.2rem}
.state{font-weight:600;white-space:nowrap}
.state-alarm{color:var(--alert)}
.state-ok{color:var(--ok)}
.state-insufficient{color:var(--unknown)}
summary{cursor:pointer;padding:4px 0}
@media (max-width:800px){
.grid{grid-template-columns:minmax(0,1fr)}
.grid>*{grid-column:auto}
table.figures{font-size:.8rem}
table.data th,table.data td{padding-right:6px}
table.data th[scope=row]{min-width:6rem}
.wide{display:none}
.narrow{display:block}
}
@media print{.card{break-inside:avoid}}
`.trim();
