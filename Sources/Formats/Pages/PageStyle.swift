/// The one style sheet of every page: light and dark after what the reader's system prefers, no font that must be fetched.
enum PageStyle {
  static let sheet = """
    :root {
      color-scheme: light dark;
      --paper: #fbfbf9; --card: #ffffff; --ink: #1d2329; --faint: #68727d; --rule: #e3e5e8; --gain: #0f7b6c; --loss: #c2410c;
      --s0: #2563a8; --s1: #b45309; --s2: #0f7b6c; --s3: #9d3c72; --s4: #6d5bb0; --s5: #7a6a12; --s6: #b3423a; --s7: #4b5563;
    }
    @media (prefers-color-scheme: dark) {
      :root {
        --paper: #14181c; --card: #1c2127; --ink: #e8eaed; --faint: #9aa4af; --rule: #31383f; --gain: #35b5a2; --loss: #f0804a;
        --s0: #6ea8e5; --s1: #e6a34c; --s2: #35b5a2; --s3: #e08abf; --s4: #ab9df0; --s5: #cfbd5a; --s6: #ef8b83; --s7: #a9b2bd;
      }
    }
    * { box-sizing: border-box; }
    body { margin: 0; background: var(--paper); color: var(--ink); font: 15px/1.5 system-ui, -apple-system, "Segoe UI", sans-serif; }
    main { max-width: 1080px; margin: 0 auto; padding: 32px 20px 56px; }
    h1 { font-size: 26px; line-height: 1.2; margin: 0 0 4px; font-weight: 650; letter-spacing: -0.01em; }
    h2 { font-size: 17px; margin: 0 0 2px; font-weight: 650; }
    p { margin: 0 0 12px; color: var(--faint); max-width: 76ch; }
    section { background: var(--card); border: 1px solid var(--rule); border-radius: 10px; padding: 18px 20px; margin-top: 18px;
      overflow-x: auto; }
    .tiles { display: grid; grid-template-columns: repeat(auto-fit, minmax(108px, 1fr)); gap: 10px; margin-top: 18px; }
    .tile { background: var(--card); border: 1px solid var(--rule); border-radius: 10px; padding: 10px 14px; }
    .tile span { display: block; color: var(--faint); font-size: 13px; }
    .tile b { font-size: 20px; font-weight: 600; font-variant-numeric: tabular-nums; }
    .pair { display: grid; grid-template-columns: repeat(auto-fit, minmax(400px, 1fr)); gap: 12px 24px; }
    svg { display: block; width: 100%; height: auto; max-width: 760px; }
    svg text { font: 11px system-ui, -apple-system, "Segoe UI", sans-serif; fill: var(--faint); font-variant-numeric: tabular-nums; }
    svg .axis { font-size: 12px; fill: var(--ink); }
    svg .cell { fill: var(--ink); }
    .gain { fill: var(--gain); } .loss { fill: var(--loss); } .none { fill: var(--rule); }
    .rule { stroke: var(--rule); } .zero { stroke: var(--faint); }
    .path { fill: none; stroke-width: 1.8; stroke-linejoin: round; }
    .dot { stroke: none; }
    \((0..<LineChart.mostSeries).map { ".path.series\($0) { stroke: var(--s\($0)); } .dot.series\($0) { fill: var(--s\($0)); }" }
      .joined(separator: "\n"))
    table { border-collapse: collapse; width: 100%; font-variant-numeric: tabular-nums; }
    th { text-align: right; color: var(--faint); font-weight: 500; font-size: 13px; }
    th, td { padding: 5px 10px; border-bottom: 1px solid var(--rule); white-space: nowrap; }
    td { text-align: right; }
    th:first-child, td:first-child { text-align: left; padding-left: 0; }
    td.bad { color: var(--loss); font-weight: 600; }
    footer { margin-top: 22px; color: var(--faint); font-size: 13px; overflow-wrap: anywhere; }
    """
}
