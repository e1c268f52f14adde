/// The names that a file may use, and what a name that is not among them may have meant.
///
/// A name that equals a known one after dropping case, `_`, `-` and spaces is that name: `dividend_yield` is `dividendYield`. A name
/// within edit distance 1 (2 where the known one has nine letters or more) of a known one of six letters or more is a near miss,
/// which callers refuse while the known name is absent. Other names are unknown.
package struct NameTable: Sendable {
  /// The names in the order in which they were given; a match is a position here.
  package let names: [String]
  private let exact: [[UInt8]]
  private let folded: [[UInt8]]

  /// A table of `names`.
  package init(_ names: [String]) {
    self.names = names
    exact = names.map { Array($0.utf8) }
    folded = exact.map { Self.fold($0) }
  }

  /// The position of the name that `name` is; nil when it is none of them.
  package func position(of name: UnsafeRawBufferPointer) -> Int? {
    if let place = exact.firstIndex(where: { Self.equal($0, name) }) { return place }
    return folded.firstIndex { Self.equal(folded: $0, name) }
  }

  /// The position of the name that `name` is; nil when it is none of them.
  package func position(of name: String) -> Int? { Array(name.utf8).withUnsafeBytes { position(of: $0) } }

  /// The position of the name that `name` nearly is, among those for which `isAbsent`.
  package func nearMiss(of name: some Collection<UInt8>, where isAbsent: (Int) -> Bool = { _ in true }) -> Int? {
    guard name.count <= Self.longestNearMiss else { return nil }
    let fold = Self.fold(name)
    return folded.indices.first { place in
      let known = folded[place]
      guard known.count >= 6, isAbsent(place) else { return false }
      return Self.distance(fold, known, atMost: known.count >= 9 ? 2 : 1) != nil
    }
  }

  /// The name that `name` nearly is; see ``nearMiss(of:where:)``.
  package func suggestion(for name: String, where isAbsent: (Int) -> Bool = { _ in true }) -> String? {
    nearMiss(of: Array(name.utf8), where: isAbsent).map { names[$0] }
  }

  /// No name of ours is so long that a longer one could be a near miss.
  private static let longestNearMiss = 128

  /// A name without what does not count: case, `_`, `-` and spaces.
  static func fold(_ name: some Collection<UInt8>) -> [UInt8] {
    name.compactMap { byte in
      switch byte {
      case UInt8(ascii: "_"), UInt8(ascii: "-"), UInt8(ascii: " "): nil
      case UInt8(ascii: "A")...UInt8(ascii: "Z"): byte | 0x20
      default: byte
      }
    }
  }

  @inline(__always)
  private static func equal(_ known: [UInt8], _ name: UnsafeRawBufferPointer) -> Bool {
    guard known.count == name.count else { return false }
    for index in known.indices where known[index] != name[index] { return false }
    return true
  }

  /// Whether `name` folds to `known`.
  private static func equal(folded known: [UInt8], _ name: UnsafeRawBufferPointer) -> Bool {
    guard name.count >= known.count else { return false }
    var index = 0
    for byte in name {
      switch byte {
      case UInt8(ascii: "_"), UInt8(ascii: "-"), UInt8(ascii: " "): continue
      default: break
      }
      guard index < known.count, ((65...90).contains(byte) ? byte | 0x20 : byte) == known[index] else { return false }
      index += 1
    }
    return index == known.count
  }

  /// Levenshtein's distance; nil when it is more than `limit`.
  private static func distance(_ first: [UInt8], _ second: [UInt8], atMost limit: Int) -> Int? {
    guard abs(first.count - second.count) <= limit else { return nil }
    var row = Array(0...second.count)
    for (i, byte) in first.enumerated() {
      var diagonal = row[0]
      row[0] = i + 1
      for (j, other) in second.enumerated() {
        let substituted = diagonal + (byte == other ? 0 : 1)
        diagonal = row[j + 1]
        row[j + 1] = min(substituted, row[j] + 1, diagonal + 1)
      }
    }
    return row[second.count] <= limit ? row[second.count] : nil
  }
}
