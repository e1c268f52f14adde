/// Series of points over two linear axes, each series a line with its name beside the picture.
struct LineChart {
  /// The most series that one picture tells apart by colour.
  static let mostSeries = 8

  /// One line: its name and its points, ascending in x.
  struct Series {
    let name: String
    let points: [(x: Double, y: Double)]
  }

  /// What is shown, in a few words.
  let title: String
  /// What the axes are.
  let across: String
  let up: String
  /// How a number of the upright axis is printed.
  let label: (Double) -> String
  /// At most ``mostSeries`` lines.
  let series: [Series]

  /// The picture.
  var svg: String {
    let left = 52.0, top = 26.0, width = 560.0, height = 240.0, names = 130.0
    var drawing = Drawing(width: left + width + names, height: top + height + 40, title: title)
    let horizontal = Axis(series.flatMap { $0.points.map(\.x) }, includingZero: false, count: 7)
    let vertical = Axis(series.flatMap { $0.points.map(\.y) }, includingZero: false)
    func x(_ value: Double) -> Double { left + width * horizontal.share(value) }
    func y(_ value: Double) -> Double { top + height * (1 - vertical.share(value)) }
    drawing.text(up, x: 0, y: 13, kind: "axis")
    drawing.text(across, x: left + width / 2, y: top + height + 36, .middle, kind: "axis")
    for tick in vertical.ticks {
      drawing.line(x1: left, y1: y(tick), x2: left + width, y2: y(tick))
      drawing.text(label(tick), x: left - 6, y: y(tick) + 3.5, .end)
    }
    for tick in horizontal.ticks {
      drawing.text(PageNumber.tick(tick), x: x(tick), y: top + height + 18, .middle)
    }
    for (place, line) in series.prefix(Self.mostSeries).enumerated() {
      drawing.path(
        line.points.map { point in
          (x(point.x), y(point.y), "\(line.name), \(PageNumber.tick(point.x)): \(label(point.y))")
        }, kind: "series\(place)")
      let nameY = top + 8 + 20 * Double(place)
      drawing.line(x1: left + width + 14, y1: nameY, x2: left + width + 32, y2: nameY, kind: "path series\(place)")
      drawing.text(line.name, x: left + width + 38, y: nameY + 4)
    }
    return drawing.svg
  }
}
