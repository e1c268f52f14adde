import Assay

/// A row type as `assay types` tells of it.
package struct RowTypeReport: Encodable {
  /// A field of a row, or of its output.
  package struct Field: Encodable {
    /// The name; that of a field inside another one after the outer one's and a full stop.
    package let name: String
    /// What it holds, in a word or two.
    package let kind: String
    /// Whether it may be left out.
    package let optional: Bool
    /// The words that it may be.
    let words: [String]?
    /// What the kind does not say.
    package let note: String

    fileprivate static func list(_ fields: [RowField], inside outer: String = "") -> [Field] {
      fields.flatMap { field in
        let name = outer + field.name
        let words = field.words.isEmpty ? nil : field.words
        let note = [words?.joined(separator: ", "), field.note.isEmpty ? nil : field.note].compactMap(\.self)
        let own = Field(
          name: name, kind: field.kind.name, optional: field.isOptional, words: words,
          note: note.joined(separator: "; "))
        switch field.kind {
        case .object(let inner), .list(.object(let inner)): return [own] + list(inner, inside: name + ".")
        default: return [own]
        }
      }
    }
  }

  /// The value of a row's `type`.
  package let type: String
  /// When a row is accepted.
  package let rule: String
  /// What rows hold.
  package let fields: [Field]
  /// What outputs carry beside the verdict.
  let results: [Field]
  /// The operations that rows may need.
  let operations: [String]

  private init(_ type: RowType) {
    self.type = type.name
    rule = type.rule
    fields = Field.list(type.fields)
    results = Field.list(type.results)
    operations = type.operations.map(\.name)
  }

  /// Every type of this build.
  package static let all = RowType.all.map(RowTypeReport.init)

  /// The tables of docs/row-types.md: a section per type.
  package static var markdown: String {
    let sections = all.map { report in
      let rows = report.fields.map { field in
        "| `\(field.name)` | \(field.kind) | \(field.optional ? "optional" : "") | \(field.note) |"
      }
      let results = report.results.map { field in
        "`\(field.name)` (\(field.kind)\(field.note.isEmpty ? "" : ", \(field.note)"))"
      }
      return """
        ## \(report.type)

        \(report.rule)

        | field | kind | | |
        |---|---|---|---|
        \(rows.joined(separator: "\n"))
        \(results.isEmpty ? "" : "\nThe output carries \(results.joined(separator: ", ")).\n")
        """
    }
    return """
      # Row types

      `assay types --markdown` writes this page from the row types of the build; docs/formats.md says how rows are written.

      \(sections.joined(separator: "\n"))
      """
  }
}
