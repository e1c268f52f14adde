/// Values over two axes as coloured cells: gains in one colour, losses in another, stronger the larger they are.
struct HeatMap {
  /// What is shown, in a few words.
  let title: String
  /// The columns' and the rows' names.
  let columns: [String]
  let rows: [String]
  /// What the columns and the rows are.
  let across: String
  let down: String
  /// The values, row by row; nil where there is none.
  let values: [[Double?]]

  /// The picture.
  var svg: String {
    let left = 64.0, top = 40.0, cellWidth = max(46, min(74, 640 / Double(max(1, columns.count)))), cellHeight = 30.0
    let width = left + cellWidth * Double(columns.count) + 4
    var drawing = Drawing(width: width, height: top + cellHeight * Double(rows.count) + 8, title: title)
    drawing.text(across, x: left + cellWidth * Double(columns.count) / 2, y: 12, .middle, kind: "axis")
    drawing.text(down, x: 0, y: 30, kind: "axis")
    for (place, name) in columns.enumerated() {
      drawing.text(name, x: left + cellWidth * (Double(place) + 0.5), y: 30, .middle)
    }
    let largest = values.joined().compactMap { $0?.magnitude }.filter(\.isFinite).max() ?? 0
    for (row, name) in rows.enumerated() {
      let y = top + cellHeight * Double(row)
      drawing.text(name, x: left - 8, y: y + 19, .end)
      for (column, value) in values[row].enumerated() {
        let x = left + cellWidth * Double(column)
        guard let value, value.isFinite else {
          drawing.box(
            x: x + 1, y: y + 1, width: cellWidth - 2, height: cellHeight - 2, kind: "none",
            hint: "\(columns[column]), \(name): no value")
          continue
        }
        // The square root shows small values beside large ones.
        let strength = largest > 0 ? (value.magnitude / largest).squareRoot() : 0
        drawing.box(
          x: x + 1, y: y + 1, width: cellWidth - 2, height: cellHeight - 2, kind: value < 0 ? "loss" : "gain",
          opacity: 0.08 + 0.62 * strength, hint: "\(across) \(columns[column]), \(down) \(name): \(value)")
        drawing.text(PageNumber.short(value), x: x + cellWidth / 2, y: y + 19, .middle, kind: "cell")
      }
    }
    return drawing.svg
  }
}
