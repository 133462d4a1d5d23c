/** How the page looks: on paper, on a bright screen, on a dark one. Colours are those of `palette.ts` by purpose. */
import { DARK, LIGHT, type Palette } from '../pictures/palette.js'

const variables = (palette: Palette): string =>
  Object.entries(palette)
    .map(([name, colour]) => `--${name}:${colour}`)
    .join(';')

export const STYLE = `:root{color-scheme:light dark;${variables(LIGHT)}}
@media screen and (prefers-color-scheme:dark){:root{${variables(DARK)}}}
*{box-sizing:border-box}
html{background:var(--paper);color:var(--ink);-webkit-text-size-adjust:100%;print-color-adjust:exact;-webkit-print-color-adjust:exact}
body{margin:0 auto;max-width:60rem;padding:2rem 1.5rem 3rem;font:15px/1.5 system-ui,-apple-system,"Segoe UI","Helvetica Neue",Arial,"Noto Sans",sans-serif;overflow-wrap:anywhere}
h1{font-size:1.15rem;line-height:1.3;margin:0;font-weight:650}
h2{font-size:1.05rem;line-height:1.3;margin:2.4rem 0 .7rem;padding-top:.9rem;border-top:1px solid var(--line);font-weight:650}
h3{font-size:.95rem;margin:1.2rem 0 .35rem;font-weight:650}
p{margin:.35rem 0}
.muted,figcaption p,.source{color:var(--muted)}
.small,.source,footer{font-size:.82rem}
.source{margin-top:.6rem}
.warn{color:var(--warn);font-weight:600}
.subject{display:grid;grid-template-columns:repeat(auto-fit,minmax(10.5rem,1fr));gap:.4rem 1.5rem;margin:.8rem 0 0;padding:0}
.subject dt,.fields dt{color:var(--muted);font-size:.78rem}
.subject dd{margin:0;font-weight:550}
.subject div:first-child{grid-column:span 2}
.first{margin:1.4rem 0 0;padding:.9rem 1.1rem;border-left:5px solid var(--warn);background:var(--warn-paper);border-radius:0 6px 6px 0}
.first h2{margin:0 0 .35rem;padding:0;border:0;color:var(--warn);font-size:1rem}
.first ul{margin:0;padding-left:1.1rem}
.first li+li{margin-top:.45rem}
code{font:.8em ui-monospace,SFMono-Regular,Menlo,Consolas,monospace;color:var(--muted);white-space:nowrap}
.hero{display:flex;flex-wrap:wrap;gap:1.2rem 3rem;align-items:center;margin:1.4rem 0 0;padding:1.4rem 1.6rem;background:var(--faint);border:1px solid var(--line);border-radius:10px}
.hero .number{flex:1 1 15rem}
.hero .label{font-size:.95rem;color:var(--muted);margin:0}
.hero .score{font-size:4.6rem;line-height:1.05;font-weight:700;letter-spacing:-.02em;margin:0;font-variant-numeric:tabular-nums}
.hero .score.long{font-size:3rem}
.hero .statement{flex-basis:100%;margin:0}
.categories{flex:1 1 19rem;margin:0;display:grid;gap:.75rem}
.categories dt{font-size:.8rem;color:var(--muted)}
.categories dd{margin:0;font-size:.92rem}
.categories b{font-size:1.3rem;font-weight:650;margin-right:.5rem}
.scroll{overflow-x:auto}
table{border-collapse:collapse;width:100%;font-variant-numeric:tabular-nums;font-size:.92rem}
caption{text-align:left;color:var(--muted);font-size:.82rem;padding-bottom:.4rem}
th,td{text-align:left;padding:.36rem .9rem .36rem 0;border-bottom:1px solid var(--line);vertical-align:baseline;font-weight:400}
thead th{color:var(--muted);font-size:.8rem;vertical-align:bottom}
td.n,th.n{text-align:right;white-space:nowrap}
td:last-child,th:last-child{padding-right:0}
tr.total>*{font-weight:700;border-top:2px solid var(--ink)}
tr.apart>*,tr.rest>*{color:var(--muted)}
.mark{width:.95em;height:.95em;vertical-align:-.1em;margin-right:.45em;overflow:visible;flex:none}
.vessel b{font-weight:650;margin-right:.45em}
.bar{display:block;width:100%;min-width:5rem;height:10px}
td.barred{width:24%}
.pair{display:grid;grid-template-columns:repeat(auto-fit,minmax(20rem,1fr));gap:1.2rem 2rem;align-items:start}
.keys{display:grid;grid-template-columns:repeat(3,minmax(0,1fr));gap:1.2rem}
.keys.of-1,.keys.of-2,.keys.of-4{grid-template-columns:repeat(2,minmax(0,1fr))}
.overviews{display:grid;grid-template-columns:repeat(2,minmax(0,1fr));gap:1.2rem;align-items:start}
figure{margin:0;break-inside:avoid}
figure svg:not(.mark){width:100%;height:auto;display:block;font-family:inherit}
figure img{width:100%;height:auto;display:block;border-radius:6px;background:#000}
figcaption{margin-top:.4rem;font-size:.9rem}
figcaption b{font-weight:650}
figcaption p{margin:.1rem 0 0;font-size:.8rem;line-height:1.4}
.lead{font-size:1.2rem;font-weight:650;line-height:1.35}
.fields{display:grid;grid-template-columns:minmax(0,1fr);gap:.28rem;margin:0}
.fields>div{display:grid;grid-template-columns:9rem minmax(0,1fr);gap:1rem}
.fields dd{margin:0}
ul.plain{list-style:none;margin:0;padding:0}
ul.plain>li{padding:.5rem 0;border-bottom:1px solid var(--line);break-inside:avoid}
ul.plain>li p{margin:.12rem 0}
.state{display:inline-block;min-width:5.6rem;margin-right:.6rem;padding:.02rem .5rem;border:1px solid currentColor;border-radius:4px;font-size:.78rem;font-weight:650;text-align:center}
.state.strong{background:var(--ink);color:var(--paper);border-color:var(--ink)}
.state.weak{color:var(--muted);border-style:dashed}
.state.alert{color:var(--warn)}
footer{margin-top:2.6rem;padding-top:.9rem;border-top:2px solid var(--ink)}
footer h3{font-size:.85rem}
.disclaimer{font-weight:650;font-size:.95rem}
@media (max-width:42rem){.keys{grid-template-columns:repeat(2,minmax(0,1fr))}.overviews{grid-template-columns:1fr}.hero .score{font-size:3.6rem}.fields>div{grid-template-columns:1fr;gap:0}.pair{grid-template-columns:1fr}}
@page{margin:13mm 14mm 15mm;@bottom-right{content:counter(page) " / " counter(pages);font:8pt sans-serif;color:#55626f}}
@media print{html{font-size:13.2px}body{max-width:none;padding:0;font-size:10pt;line-height:1.4}h2{break-after:avoid;margin:1.1rem 0 .4rem;padding-top:.6rem}h3{break-after:avoid}table{font-size:9.2pt}tr,.first li,.hero,.fields>div{break-inside:avoid}thead{display:table-header-group}.scroll{overflow:visible}p{orphans:3;widows:3}.pair{grid-template-columns:1fr 1fr}.keys,.keys[class*=of-]{grid-template-columns:repeat(4,minmax(0,1fr));gap:.7rem}.keys.of-5{grid-template-columns:repeat(5,minmax(0,1fr))}.overviews{gap:.7rem}.hero{padding:.8rem 1.1rem;margin-top:.8rem}.hero .score{font-size:4rem}.categories{gap:.4rem}.pair{gap:.6rem 1.4rem}.lead{font-size:1.1rem}.subject{gap:.25rem 1.2rem}}
`
