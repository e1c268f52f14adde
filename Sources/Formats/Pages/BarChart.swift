/// One value per name as bars: upright ones over an axis of names, or lying ones beside them.
struct BarChart {
  /// What is shown, in a few words.
  let title: String
  /// A bar's name and value.
  let bars: [(name: String, value: Double)]

  /// Upright bars.
  var upright: String {
    let left = 52.0, top = 26.0, height = 130.0, width = 380.0
    var drawing = Drawing(width: left + width + 6, height: top + height + 26, title: title)
    drawing.text(title, x: 0, y: 13, kind: "axis")
    let axis = Axis(bars.map(\.value), includingZero: true, count: 4)
    func y(_ value: Double) -> Double { top + height * (1 - axis.share(value)) }
    for tick in axis.ticks {
      drawing.line(x1: left, y1: y(tick), x2: left + width, y2: y(tick), kind: tick == 0 ? "zero" : "rule")
      drawing.text(PageNumber.tick(tick), x: left - 6, y: y(tick) + 3.5, .end)
    }
    let step = width / Double(max(1, bars.count)), thickness = min(28, step * 0.72)
    // A name takes about 66 units: the others in between are told by their bars' hints.
    let every = max(1, Int((66 / step).rounded(.up)))
    for (place, bar) in bars.enumerated() {
      let middle = left + step * (Double(place) + 0.5)
      if bar.value.isFinite {
        drawing.box(
          x: middle - thickness / 2, y: min(y(bar.value), y(0)), width: thickness, height: abs(y(bar.value) - y(0)),
          kind: bar.value < 0 ? "loss" : "gain", opacity: 0.75, hint: "\(bar.name): \(bar.value)")
      }
      if place % every == 0 { drawing.text(bar.name, x: middle, y: top + height + 16, .middle) }
    }
    return drawing.svg
  }

  /// Lying bars, one under another, with names on the left and values on the right.
  var lying: String {
    let left = 190.0, width = 380.0, right = 76.0, row = 24.0
    var drawing = Drawing(width: left + width + right, height: row * Double(bars.count) + 6, title: title)
    let axis = Axis(bars.map(\.value), includingZero: true)
    func x(_ value: Double) -> Double { left + width * axis.share(value) }
    drawing.line(x1: x(0), y1: 0, x2: x(0), y2: row * Double(bars.count) + 4, kind: "zero")
    for (place, bar) in bars.enumerated() {
      let y = row * Double(place)
      drawing.text(Self.clipped(bar.name), x: left - 8, y: y + 16, .end)
      guard bar.value.isFinite else { continue }
      drawing.box(
        x: min(x(bar.value), x(0)), y: y + 4, width: abs(x(bar.value) - x(0)), height: row - 8,
        kind: bar.value < 0 ? "loss" : "gain", opacity: 0.75, hint: "\(bar.name): \(bar.value)")
      drawing.text(PageNumber.short(bar.value), x: left + width + right - 4, y: y + 16, .end)
    }
    return drawing.svg
  }

  private static func clipped(_ name: String) -> String { name.count <= 30 ? name : name.prefix(29) + "…" }
}
