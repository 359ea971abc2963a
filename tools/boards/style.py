"""How the pages look: Grafana's dark theme, its grid of 24 columns; on a narrow screen two."""

CSS = """
*{box-sizing:border-box}
html{background:#111217;color:#ccccdc;font:14px/1.45 Inter,"Segoe UI",Roboto,"Helvetica Neue",Arial,sans-serif;
font-variant-numeric:tabular-nums}
body{margin:0;padding:0 16px 48px}
a{color:#6e9fff;text-decoration:none}a:hover{text-decoration:underline}
header{display:flex;flex-wrap:wrap;align-items:baseline;gap:4px 16px;padding:14px 0 10px}
h1{font-size:20px;font-weight:500;margin:0;color:#e6e6f0}
header p{margin:0;color:#8e8e9c}header .span{margin-left:auto;color:#8e8e9c;white-space:nowrap}
nav{display:flex;flex-wrap:wrap;gap:4px;padding:8px 0;border-bottom:1px solid #25272e;position:sticky;top:0;
background:#111217;z-index:2}
nav a{padding:3px 10px;border-radius:4px;color:#a9a9b8}nav a:hover{background:#1f2127;text-decoration:none}
nav a.here{background:#25272e;color:#fff}
summary{font-size:16px;font-weight:500;padding:12px 0 8px;cursor:pointer;color:#e6e6f0}
summary small{color:#8e8e9c;font-weight:400;font-size:12px;margin-left:6px}
.grid-of-panels{display:grid;grid-template-columns:repeat(24,minmax(0,1fr));grid-auto-rows:30px;gap:8px}
.panel{background:#181b1f;border:1px solid #25272e;border-radius:3px;display:flex;flex-direction:column;min-width:0;
grid-column:var(--x)/span var(--w);grid-row:var(--y)/span var(--h);overflow:hidden}
.panel h2{font-size:14px;font-weight:500;margin:0;padding:6px 8px 2px;white-space:nowrap;overflow:hidden;
text-overflow:ellipsis;color:#d8d8e4;flex:none}
.panel h2 abbr{display:inline-block;width:13px;height:13px;border:1px solid #6d6f7b;border-radius:50%;color:#8e8e9c;
text-decoration:none;cursor:help;font:italic 9px/11px Georgia,serif;text-align:center;
margin-left:6px;vertical-align:1px}
.body{flex:1;min-height:0;padding:2px 8px 8px;display:flex;flex-direction:column}
.panel.bare{background:none;border-color:transparent}
.text{margin:auto 0;color:#b5b5c4}.text b{color:#e6e6f0;font-weight:500}
.error{color:#ff7383;font-size:12px;overflow:auto;white-space:pre-wrap}
.nothing{margin:auto;color:#8e8e9c;font-size:15px}
.elsewhere{margin:auto;text-align:center;color:#8e8e9c;max-width:100%;overflow:auto}.elsewhere p{margin:0 0 8px}
.elsewhere code{font-size:12px;color:#6d6f7b;white-space:pre-wrap;overflow-wrap:anywhere;
display:-webkit-box;-webkit-box-orient:vertical;-webkit-line-clamp:3;overflow:hidden}
.tiles{flex:1;display:flex;gap:6px;min-height:0}
.tile{flex:1;min-width:0;border-radius:3px;display:flex;flex-direction:column;justify-content:center;
text-align:center;container-type:size;overflow:hidden}
.tile .name{font-size:12px;color:#a9a9b8;white-space:nowrap;overflow:hidden;text-overflow:ellipsis}
.tile.solid .name{color:inherit}
.tile .value{font-weight:500;line-height:1.15;white-space:nowrap;
font-size:clamp(11px,min(calc(var(--share)*1cqh),calc(160cqw/var(--letters))),64px)}
.bars{margin:auto 0;display:grid;grid-template-columns:fit-content(40%) minmax(20px,1fr) max-content;gap:6px 10px;
align-items:center;max-height:100%;overflow:auto}
.bars.alone{grid-template-columns:minmax(20px,1fr) max-content;width:100%}
.bars .name{font-size:12px;overflow:hidden;text-overflow:ellipsis;white-space:nowrap}
.bars .track{height:16px;background:#22252b;border-radius:2px;overflow:hidden}.bars .track div{height:100%}
.bars .value{text-align:right;font-weight:500;font-size:14px;white-space:nowrap}
.bars.alone .track{height:30px}.bars.alone .value{font-size:22px}
.chart{flex:1;min-height:60px;display:grid;font-size:11px;color:#9a9aaa;
grid-template:minmax(0,1fr) 18px/min(max(26px,calc(var(--letters)*.6em + 10px)),45%) minmax(0,1fr)}
.ys{position:relative;margin-top:6px}
.ys span{position:absolute;right:8px;transform:translateY(-50%);white-space:nowrap;max-width:100%;overflow:hidden;
text-overflow:ellipsis}
.states{flex:1;display:flex;flex-direction:column;min-height:0}
.plot{position:relative;min-width:0;margin:6px 4px 0 0}
.xs{grid-column:2;position:relative;margin-right:4px;overflow:hidden}
.xs span{position:absolute;transform:translateX(-50%);white-space:nowrap;top:3px}
svg{position:absolute;inset:0;width:100%;height:100%;overflow:hidden}
svg polyline,svg line{vector-effect:non-scaling-stroke;stroke-linejoin:round}
.grid line{stroke:rgba(204,204,220,.09);stroke-width:1}
.step{stroke-width:1.3;stroke-dasharray:7 6;opacity:.85}
.mark{stroke-width:1;stroke-dasharray:3 3;opacity:.55}.mark:hover{opacity:1;stroke-width:2}
.hint{fill:transparent}.hint:hover{fill:rgba(204,204,220,.08)}
.legend{display:flex;flex-wrap:wrap;gap:1px 14px;font-size:12px;padding-top:4px;max-height:36%;overflow:auto;flex:none;
color:#a9a9b8}
.legend span{white-space:nowrap}.legend b{font-weight:500;color:#d8d8e4;margin-left:2px}
.legend i{display:inline-block;width:14px;height:4px;border-radius:2px;margin:0 6px 3px 0;vertical-align:middle}
.legend .key{width:120px;height:8px;margin:6px 0}
.table{overflow:auto;flex:1;margin:0 -8px -8px}
table{border-collapse:collapse;width:100%;font-size:13px}
th{position:sticky;top:0;background:#181b1f;text-align:left;font-weight:500;color:#6e9fff;white-space:nowrap}
th,td{height:35px;padding:0 10px;border-bottom:1px solid #25272e}.number{text-align:right;white-space:nowrap}
.list{display:grid;grid-template-columns:repeat(auto-fill,minmax(300px,1fr));gap:8px;padding-top:16px}
.list a{display:block;background:#181b1f;border:1px solid #25272e;border-radius:3px;padding:12px 14px;color:inherit}
.list a:hover{border-color:#3d71d9;text-decoration:none}.list b{color:#e6e6f0;font-weight:500;font-size:16px}
.list p{margin:4px 0 0;color:#8e8e9c}
@media(max-width:760px){body{padding:0 8px 32px}header .span{margin-left:0}
.grid-of-panels{grid-template-columns:repeat(2,minmax(0,1fr))}
.panel{grid-column:span 2;grid-row:span var(--h)}.panel.small{grid-column:span 1}}
"""
