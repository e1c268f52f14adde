import AssayIO

/// One word of a command as its receipt repeats it.
package enum CommandWord: Hashable, Sendable, ExpressibleByStringLiteral {
  /// A word that means the same everywhere.
  case text(String)
  /// The path of a file that is read; `-` is standard input.
  case file(String)

  /// A word that means the same everywhere.
  package init(stringLiteral word: String) { self = .text(word) }

  /// The word as a command line has it.
  package var word: String {
    switch self {
    case .text(let word), .file(let word): word
    }
  }

  /// The path, where it is one.
  package var path: String? { if case .file(let path) = self { path } else { nil } }
}

extension [CommandWord] {
  /// The options among the words with their values, those left out that name files; a flag's is `true`.
  package var options: [String: String] {
    var options: [String: String] = [:]
    for (index, word) in enumerated() where word.path == nil && word.word.hasPrefix("--") {
      guard index + 1 < count, !self[index + 1].word.hasPrefix("--") else {
        options[word.word] = "true"
        continue
      }
      if case .text(let value) = self[index + 1] { options[word.word] = value }
    }
    return options
  }

  /// An option and its value.
  package static func option(_ name: String, _ value: String) -> [CommandWord] { [.text(name), .text(value)] }

  /// An option and the path of a file that is read; nothing without one.
  package static func option(_ name: String, file: String?) -> [CommandWord] {
    file.map { [.text(name), .file($0)] } ?? []
  }

  /// A flag, where it is set.
  package static func flag(_ name: String, _ isSet: Bool) -> [CommandWord] { isSet ? [.text(name)] : [] }
}
