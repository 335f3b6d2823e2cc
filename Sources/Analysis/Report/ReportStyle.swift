/// The style sheet of the report: paper first, then small and dark screens.
enum ReportStyle {
  /// One column of text, colours with a contrast of at least 4.5.
  ///
  /// Tables wider than the page scroll on their own, with a shadow at the side where there is more
  /// (after Lea Verou, "Pure CSS scrolling shadows"). On a phone nothing scrolls: each row of a table
  /// becomes a heading with its cells below it, and figures are the narrow ones.
  static let sheet = """
    :root{color-scheme:light dark;--ink:#1f2328;--soft:#57606a;--line:#d0d7de;--ground:#fff;\
    --card:#f6f8fa;--shade:rgba(0,0,0,.22);--accent:#0a5a96;--note:#fff8e1;--note-line:#c58b00}
    @media screen and (prefers-color-scheme:dark){:root{--ink:#e6edf3;--soft:#9da7b1;--line:#3d444d;\
    --ground:#0d1117;--shade:rgba(255,255,255,.3);--card:#161b22;--accent:#79c0ff;--note:#2a2410;--note-line:#d4a72c}}
    *{box-sizing:border-box}
    html{-webkit-text-size-adjust:100%}
    body{margin:0;background:var(--ground);color:var(--ink);\
    font:17px/1.55 Charter,"Bitstream Charter","Sitka Text",Cambria,Georgia,serif}
    main{max-width:46rem;margin:0 auto;padding:2.5rem 1.25rem 4rem}
    h1{font-size:1.75rem;line-height:1.25;margin:.2rem 0 .8rem;text-wrap:balance}
    h2{font-size:1.25rem;margin:2.6rem 0 .6rem;padding-top:.6rem;border-top:1px solid var(--line)}
    h3{font-size:1.05rem;margin:1.8rem 0 .4rem}
    p{margin:.6rem 0}
    a{color:var(--accent)}
    .kicker,.meta,figcaption,.caption,table,.small{\
    font-family:system-ui,-apple-system,"Segoe UI",Helvetica,Arial,sans-serif}
    .kicker{font-size:.8rem;letter-spacing:.04em;text-transform:uppercase;color:var(--soft);margin:0}
    .meta,.small{font-size:.84rem;color:var(--soft)}
    .answer{background:var(--card);border-left:4px solid var(--accent);padding:.8rem 1.1rem;\
    margin:1.4rem 0;border-radius:0 6px 6px 0}
    .answer p:first-child{margin-top:0}.answer p:last-child{margin-bottom:0}
    .note{background:var(--note);border-left:4px solid var(--note-line);padding:.6rem 1.1rem;\
    margin:1rem 0;border-radius:0 6px 6px 0}
    .note p{margin:.3rem 0}
    code{font:.86em/1.4 ui-monospace,"SF Mono",Menlo,Consolas,monospace;overflow-wrap:anywhere}
    .scroll{overflow-x:auto;margin:0 0 1.4rem;background:\
    linear-gradient(to right,var(--ground) 40%,transparent) left/2.5rem 100% no-repeat local,\
    linear-gradient(to left,var(--ground) 40%,transparent) right/2.5rem 100% no-repeat local,\
    linear-gradient(to right,var(--shade),transparent) left/.9rem 100% no-repeat scroll,\
    linear-gradient(to left,var(--shade),transparent) right/.9rem 100% no-repeat scroll}
    table{border-collapse:collapse;width:100%;font-size:.86rem;line-height:1.4;\
    font-variant-numeric:tabular-nums;border-bottom:1.5px solid var(--ink)}
    .caption{font-size:.86rem;line-height:1.45;margin:1.4rem 0 .45rem}
    .caption b,figcaption b{font-weight:600}
    thead th{border-top:1.5px solid var(--ink);border-bottom:1px solid var(--ink);\
    font-weight:600;font-size:.8rem;vertical-align:bottom}
    th,td{padding:.28rem .55rem;text-align:right}
    th:first-child,td:first-child{padding-left:0}th:last-child,td:last-child{padding-right:0}
    th[scope=row],th.word{text-align:left;font-weight:400}
    th[scope=row]{min-width:6.5rem}
    tbody th[scope=rowgroup]{text-align:left;font-weight:600;padding-top:.6rem}
    td{white-space:nowrap}
    tbody+tbody tr:first-child>*{border-top:1px solid var(--line);padding-top:.5rem}
    figure{margin:1.4rem 0}
    figure svg{display:block;width:100%;height:auto}
    .narrow{display:none}
    figcaption{font-size:.84rem;color:var(--soft);margin-top:.4rem}
    dl{display:grid;grid-template-columns:max-content 1fr;gap:.2rem 1.2rem;font-size:.86rem}
    dt{color:var(--soft)}dd{margin:0;overflow-wrap:anywhere;min-width:0}
    footer{margin-top:2.6rem}
    @media screen and (max-width:36rem){.wide{display:none}.narrow{display:block}\
    .narrow svg{max-width:26rem}table,tbody{display:block}thead{display:none}\
    tr{display:grid;grid-template-columns:repeat(auto-fill,minmax(6.2rem,1fr));gap:.3rem .8rem;\
    padding:.5rem 0;border-top:1px solid var(--line)}\
    tbody:first-of-type tr:first-child{border-top:1.5px solid var(--ink)}\
    tbody tr>*,tbody+tbody tr:first-child>*{padding:0;border:0;text-align:left}\
    th[scope=row]{grid-column:1/-1;font-weight:500}\
    tbody th[scope=rowgroup]{grid-column:1/-1;padding:0;font-size:.95rem}\
    td:empty{display:none}.scroll{background:none}\
    td{min-width:0}\
    td::before{content:attr(data-label);display:block;white-space:normal;font-size:.74rem;line-height:1.3;\
    color:var(--soft)}}
    @media (max-width:36rem){body{font-size:16px}main{padding:1.2rem 1rem 3rem}h1{font-size:1.4rem}\
    dl{grid-template-columns:1fr;gap:0}dd{margin-bottom:.5rem}}
    @page{size:A4;margin:16mm 16mm 17mm}
    @media print{html{font-size:12.5px}body{font-size:10pt;line-height:1.45;background:#fff}main{max-width:none;padding:0}\
    .scroll{overflow:visible;background:none}figure,.short,.answer,.note,tr,li{break-inside:avoid}\
    h2,h3,.caption,.lead,thead{break-after:avoid}p,li{orphans:3;widows:3}\
    figure svg{max-width:10cm}h2{margin-top:1.2rem}h3{margin-top:1rem}a{color:inherit;text-decoration:none}\
    .answer,.note{background:none;border:1px solid #999;border-left-width:4px}}
    """
}
