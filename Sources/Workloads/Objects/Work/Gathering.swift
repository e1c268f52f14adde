/// What became of the parts of an object, handed on when all are there and the whole has been asked for.
final class Gathering<Part> {
  private var parts: [Part?]
  private var missing: Int
  private let finish: ([Part]) -> Void

  /// A gathering of `count` parts, and of the start.
  init(_ count: Int, finish: @escaping ([Part]) -> Void) {
    parts = Array(repeating: nil, count: count)
    missing = count + 1
    self.finish = finish
  }

  /// Says that the whole may be decided by its parts.
  func begin() { take() }

  /// Takes what became of part `index`.
  func put(_ part: Part, at index: Int) {
    parts[index] = part
    take()
  }

  private func take() {
    missing -= 1
    if missing == 0 { finish(parts.compactMap { $0 }) }
  }
}
