/// An SVG picture under construction: shapes in the order in which they are drawn. Colours are classes of ``PageStyle``, so that a
/// picture is right in light and in dark.
struct Drawing {
  private let width: Double
  private let height: Double
  private let title: String
  private var shapes = ""

  /// An empty picture; `title` is what a screen reader says of it.
  init(width: Double, height: Double, title: String) {
    self.width = width
    self.height = height
    self.title = title
  }

  /// The side of a point at which a text stands.
  enum Anchor: String {
    case start, middle, end
  }

  /// Adds a text whose baseline is at (x, y).
  mutating func text(_ text: String, x: Double, y: Double, _ anchor: Anchor = .start, kind: String = "label") {
    shapes += """
      <text class="\(kind)" x="\(at(x))" y="\(at(y))" text-anchor="\(anchor.rawValue)">\(Page.escaped(text))</text>

      """
  }

  /// Adds a straight line.
  mutating func line(x1: Double, y1: Double, x2: Double, y2: Double, kind: String = "rule") {
    shapes += """
      <line class="\(kind)" x1="\(at(x1))" y1="\(at(y1))" x2="\(at(x2))" y2="\(at(y2))"/>

      """
  }

  /// Adds a rectangle that shows `hint` under the pointer; `opacity` is that of its colour.
  mutating func box(
    x: Double, y: Double, width: Double, height: Double, kind: String, opacity: Double = 1, hint: String
  ) {
    shapes += """
      <rect class="\(kind)" x="\(at(x))" y="\(at(y))" width="\(at(max(0, width)))" height="\(at(max(0, height)))" \
      fill-opacity="\(at(opacity))"><title>\(Page.escaped(hint))</title></rect>

      """
  }

  /// Adds a line through points, and a dot with a hint at each.
  mutating func path(_ points: [(x: Double, y: Double, hint: String)], kind: String) {
    let places = points.map { "\(at($0.x)),\(at($0.y))" }.joined(separator: " ")
    shapes += "<polyline class=\"path \(kind)\" points=\"\(places)\"/>\n"
    for point in points {
      shapes += """
        <circle class="dot \(kind)" cx="\(at(point.x))" cy="\(at(point.y))" r="2.5"><title>\(Page.escaped(point.hint))</title></circle>

        """
    }
  }

  /// The finished picture.
  var svg: String {
    """
    <svg viewBox="0 0 \(at(width)) \(at(height))" role="img" aria-label="\(Page.escaped(title))">
    \(shapes)</svg>
    """
  }

  private func at(_ value: Double) -> String { PageNumber.coordinate(value) }
}
