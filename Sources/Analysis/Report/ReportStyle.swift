/// The style sheet of the report: paper first, then small and dark screens.
enum ReportStyle {
  /// One column of text, tables that scroll on their own, colours with a contrast of at least 4.5.
  static let sheet = """
    :root{color-scheme:light dark;--ink:#1f2328;--soft:#57606a;--line:#d0d7de;--ground:#fff;\
    --card:#f6f8fa;--accent:#0a5a96;--note:#fff8e1;--note-line:#c58b00}
    @media screen and (prefers-color-scheme:dark){:root{--ink:#e6edf3;--soft:#9da7b1;--line:#3d444d;\
    --ground:#0d1117;--card:#161b22;--accent:#79c0ff;--note:#2a2410;--note-line:#d4a72c}}
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
    .scroll{overflow-x:auto;margin:0 0 1.4rem}
    table{border-collapse:collapse;width:100%;font-size:.86rem;line-height:1.4;\
    font-variant-numeric:tabular-nums;border-bottom:1.5px solid var(--ink)}
    .caption{font-size:.86rem;line-height:1.45;margin:1.4rem 0 .45rem}
    .caption b,figcaption b{font-weight:600}
    thead th{border-top:1.5px solid var(--ink);border-bottom:1px solid var(--ink);\
    font-weight:600;font-size:.8rem;vertical-align:bottom}
    th,td{padding:.28rem .55rem;text-align:right}
    th:first-child,td:first-child{padding-left:0}th:last-child,td:last-child{padding-right:0}
    th[scope=row],th.word{text-align:left;font-weight:400;white-space:nowrap}
    tbody th[scope=rowgroup]{text-align:left;font-weight:600;padding-top:.6rem}
    td{white-space:nowrap}
    tbody+tbody tr:first-child>*{border-top:1px solid var(--line);padding-top:.5rem}
    figure{margin:1.4rem 0}
    figure .scroll{margin:0}
    figure svg{display:block;width:100%;min-width:30rem;height:auto}
    figcaption{font-size:.84rem;color:var(--soft);margin-top:.4rem}
    dl{display:grid;grid-template-columns:max-content 1fr;gap:.2rem 1.2rem;font-size:.86rem}
    dt{color:var(--soft)}dd{margin:0;overflow-wrap:anywhere;min-width:0}
    footer{margin-top:2.6rem}
    @media (max-width:34rem){body{font-size:16px}main{padding:1.2rem 1rem 3rem}h1{font-size:1.4rem}\
    dl{grid-template-columns:1fr;gap:0}dd{margin-bottom:.5rem}th,td{padding:.28rem .4rem}}
    @page{size:A4;margin:18mm 16mm 20mm}
    @media print{body{font-size:10.5pt;background:#fff}main{max-width:none;padding:0}\
    .scroll{overflow:visible}figure,table,.answer,.note,tr{break-inside:avoid}\
    h2,h3,.caption{break-after:avoid}figure svg{min-width:0;max-width:15cm}a{color:inherit;text-decoration:none}\
    .answer,.note{background:none;border:1px solid #999;border-left-width:4px}}
    """
}
