/// A self-contained HTML page: no script, no network, pictures as inline SVG.
struct Page {
  /// A figure at the head of the page.
  struct Tile {
    let name: String
    let value: String
  }

  private let title: String
  private let subtitle: String
  private var body = ""
  private let footer: String

  /// A page with a heading, a line under it and a line at its foot.
  init(title: String, subtitle: String, footer: String) {
    self.title = title
    self.subtitle = subtitle
    self.footer = footer
  }

  /// Adds a row of figures.
  mutating func add(_ tiles: [Tile]) {
    let cells = tiles.map {
      "<div class=\"tile\"><span>\(Self.escaped($0.name))</span><b>\(Self.escaped($0.value))</b></div>"
    }
    body += "<div class=\"tiles\">\n\(cells.joined(separator: "\n"))\n</div>\n"
  }

  /// Adds a section: a heading, a sentence, and pictures, several side by side.
  mutating func add(_ heading: String, _ words: String, _ pictures: [String]) {
    let pictures =
      pictures.count == 1 ? pictures[0] : "<div class=\"pair\">\n\(pictures.joined(separator: "\n"))\n</div>"
    body += "<section>\n<h2>\(Self.escaped(heading))</h2>\n<p>\(Self.escaped(words))</p>\n\(pictures)\n</section>\n"
  }

  /// The page's text.
  var html: String {
    """
    <!doctype html>
    <html lang="en">
    <head>
    <meta charset="utf-8">
    <meta name="viewport" content="width=device-width, initial-scale=1">
    <meta http-equiv="Content-Security-Policy" content="default-src 'none'; style-src 'unsafe-inline'">
    <title>\(Self.escaped(title))</title>
    <style>
    \(PageStyle.sheet)
    </style>
    </head>
    <body>
    <main>
    <h1>\(Self.escaped(title))</h1>
    <p>\(Self.escaped(subtitle))</p>
    \(body)<footer>\(Self.escaped(footer))</footer>
    </main>
    </body>
    </html>

    """
  }

  /// `text` as HTML shows it, whatever is in it: markup is escaped, and control characters, which HTML forbids, are replaced.
  static func escaped(_ text: String) -> String {
    var result = ""
    for scalar in text.unicodeScalars {
      switch scalar {
      case "&": result += "&amp;"
      case "<": result += "&lt;"
      case ">": result += "&gt;"
      case "\"": result += "&quot;"
      case "\u{0}"..."\u{1f}", "\u{7f}"..."\u{9f}": result += "\u{fffd}"
      default: result.unicodeScalars.append(scalar)
      }
    }
    return result
  }

  /// A table; the cells of `isBad` rows' last column stand out.
  static func table(_ heading: [String], _ rows: [[String]], isBad: (Int) -> Bool = { _ in false }) -> String {
    let head = heading.map { "<th>\(escaped($0))</th>" }.joined()
    let lines = rows.enumerated().map { index, row in
      let cells = row.enumerated().map { place, cell in
        "<td\(isBad(index) && place == row.count - 1 ? " class=\"bad\"" : "")>\(escaped(cell))</td>"
      }
      return "<tr>\(cells.joined())</tr>"
    }
    return "<table>\n<thead><tr>\(head)</tr></thead>\n<tbody>\n\(lines.joined(separator: "\n"))\n</tbody>\n</table>"
  }
}
