/// The cells that a position is grouped by, as one key: keys are equal when all cells have the same bytes.
package enum GroupKey {
  /// The key of `cells`. Its order is that of the first cell's bytes, then of the second's, and so on.
  package static func joined(_ cells: [[UInt8]]) -> [UInt8] {
    var key: [UInt8] = []
    for (index, cell) in cells.enumerated() {
      if index > 0 { key += [0, 0] }
      for byte in cell { key += byte == 0 ? [0, 1] : [byte] }
    }
    return key
  }

  /// The cells that `key` was made of, `count` of them.
  package static func cells(of key: [UInt8], count: Int) -> [[UInt8]] {
    var cells: [[UInt8]] = [[]]
    var index = 0
    while index < key.count {
      if key[index] == 0, index + 1 < key.count {
        if key[index + 1] == 0 { cells.append([]) } else { cells[cells.count - 1].append(0) }
        index += 2
      } else {
        cells[cells.count - 1].append(key[index])
        index += 1
      }
    }
    return cells + Array(repeating: [], count: max(0, count - cells.count))
  }
}
