/// The page at `/`: load and latency, drawn from `/metrics` every second. It needs no network but this service.
enum StatusPage {
  static let html = """
    <!doctype html>
    <html lang="en"><meta charset="utf-8"><title>assayd</title>
    <meta name="viewport" content="width=device-width, initial-scale=1">
    <style>
      :root { color-scheme: light dark; font: 15px/1.5 system-ui, sans-serif; }
      body { max-width: 52rem; margin: 2rem auto; padding: 0 1rem; }
      h1 { font-size: 1.4rem; } table { border-collapse: collapse; width: 100%; }
      td, th { text-align: right; padding: .3rem .6rem; border-bottom: 1px solid #8884; }
      td:first-child, th:first-child { text-align: left; }
      svg { width: 100%; height: 9rem; border: 1px solid #8884; } polyline { fill: none; stroke: #27c; stroke-width: 2; }
    </style>
    <h1>assayd</h1>
    <p id="now">waiting for the first numbers</p>
    <svg viewBox="0 0 120 40" preserveAspectRatio="none" role="img" aria-label="rows per second over two minutes">
      <polyline id="line" points=""/></svg>
    <table><thead><tr><th>operation</th><th>accepted</th><th>rejected</th><th>requests</th><th>mean ms</th></tr></thead>
    <tbody id="rows"></tbody></table>
    <p><a href="/metrics">/metrics</a></p>
    <script>
      const history = []; let before = null;
      const read = text => Object.fromEntries(text.split("\\n").filter(l => l && l[0] !== "#").map(l => {
        const at = l.lastIndexOf(" "); return [l.slice(0, at), Number(l.slice(at + 1))]; }));
      const sum = (m, start, part) => Object.entries(m).filter(([k]) => k.startsWith(start) && k.includes(part))
        .reduce((total, [, v]) => total + v, 0);
      async function tick() {
        try {
          const m = read(await (await fetch("/metrics")).text()), rows = sum(m, "assay_rows_total", "");
          if (before !== null) history.push(rows - before);
          before = rows;
          while (history.length > 120) history.shift();
          const top = Math.max(1, ...history);
          document.getElementById("line").setAttribute("points", history.map((v, i) => `${i},${40 - 38 * v / top}`).join(" "));
          document.getElementById("now").textContent = `${(history.at(-1) ?? 0).toLocaleString()} rows per second, ` +
            `${m.assay_requests_running} requests running, ${m.assay_fallbacks_total} fallbacks`;
          const body = document.getElementById("rows"); body.replaceChildren();
          const names = new Set(Object.keys(m).map(k => /operation="([^"]+)"/.exec(k)?.[1]).filter(Boolean));
          for (const name of [...names].sort()) {
            const part = `operation="${name}"`, row = body.insertRow();
            const count = sum(m, "assay_request_seconds_count", part), seconds = sum(m, "assay_request_seconds_sum", part);
            for (const cell of [name, m[`assay_rows_total{${part},outcome="accepted"}`] ?? 0,
              m[`assay_rows_total{${part},outcome="rejected"}`] ?? 0, sum(m, "assay_requests_total", part),
              count ? (1000 * seconds / count).toFixed(1) : "-"]) row.insertCell().textContent = cell.toLocaleString();
          }
        } catch { document.getElementById("now").textContent = "the service does not answer"; }
      }
      tick(); setInterval(tick, 1000);
    </script></html>
    """
}
