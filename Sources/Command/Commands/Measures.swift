import ArgumentParser
import Assay
import AssayFormats

/// `assay measures`
struct Measures: ParsableCommand {
  static let configuration = CommandConfiguration(
    abstract: "List the measures of each pricing model, or the columns that a book may have.")

  @Flag(help: "The columns of a book instead, with their aliases and defaults.")
  var columns = false

  @Flag(help: "One JSON document.")
  var json = false

  private struct Model: Encodable {
    let model: String
    let measures: [String]
    let impliedVolatility: Bool
  }

  private struct Column: Encodable {
    let name: String
    let aliases: [String]
    let kind: String
    let fallback: Double?
    let note: String

    enum CodingKeys: String, CodingKey {
      case name, aliases, kind, note
      case fallback = "default"
    }
  }

  mutating func run() throws {
    if columns {
      let all = BookColumn.all.map {
        Column(name: $0.name, aliases: $0.aliases, kind: $0.kind.rawValue, fallback: $0.fallback, note: $0.note)
      }
      return try Terminal.report(json ? all.jsonText() : Self.text(all))
    }
    let models = PricingModel.all.map { model in
      Model(
        model: model.name, measures: model.measures.map(\.name), impliedVolatility: model.impliedVolatility != nil)
    }
    try Terminal.report(json ? models.jsonText() : Self.text(models))
  }

  private static func text(_ models: [Model]) -> String {
    models.map { model in
      let measures = model.measures + (model.impliedVolatility ? ["impliedVolatility"] : [])
      return "\(model.model)\n" + Style.wrapped(measures, indent: 2).joined(separator: "\n") + "\n"
    }.joined()
  }

  private static func text(_ columns: [Column]) -> String {
    columns.map { column in
      let names = ([column.name] + column.aliases).joined(separator: ", ")
      let fallback = column.fallback.map { "; \($0) by default" } ?? ""
      return "\(Style.left(names, 16)) \(Style.left(column.kind, 8)) \(column.note)\(fallback)\n"
    }.joined()
  }
}
