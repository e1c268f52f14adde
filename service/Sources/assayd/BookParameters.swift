import Assay
import AssayFormats
import Foundation

/// The parameters of a request for a book, by the names that HTTP and Flight share.
struct BookParameters: Sendable {
  /// What every request for a book may say.
  static let ofEach = ["model", "asOf"]
  /// What a request for prices may say.
  static let ofPrice = ofEach + ["measures"]
  /// What a request for totals may say.
  static let ofRisk = ofPrice + ["by", "scenarios"]

  private var values: [String: String] = [:]

  /// Takes parameters whose names must be `known`.
  ///
  /// - Throws: ``AssayError`` of kind `usage` for an unknown name, with the one that may have been meant, and for one that is there twice.
  init(_ pairs: [(name: String, value: String)], among known: [String]) throws(AssayError) {
    for (name, value) in pairs {
      let name = try ParameterName.known(name, among: known)
      guard values.updateValue(value, forKey: name) == nil else {
        throw AssayError(.usage, "The parameter \(name) is there twice.")
      }
    }
  }

  /// The names and values of a query; broken escapes stay as they are.
  static func pairs(of query: some StringProtocol) -> [(name: String, value: String)] {
    query.split(separator: "&").map { pair in
      let parts = pair.split(separator: "=", maxSplits: 1, omittingEmptySubsequences: false).map { part in
        let text = part.replacingOccurrences(of: "+", with: " ")
        return text.removingPercentEncoding ?? text
      }
      return (parts[0], parts.count > 1 ? parts[1] : "")
    }
  }

  /// Measures by name; none where the request leaves them open.
  var measures: [String] { list("measures") }
  /// Columns to group by.
  var by: [String] { list("by") }
  /// The text of a scenario file.
  var scenarios: String? { values["scenarios"] }
  /// The model of rows that do not name one.
  var model: String? { values["model"] }
  /// What expiry dates count from.
  var asOf: String? { values["asOf"] }
  /// What is computed, where the path leaves it open.
  var operation: String? { values["operation"] }

  private func list(_ name: String) -> [String] {
    values[name]?.split(separator: ",", omittingEmptySubsequences: false).map(String.init) ?? []
  }
}
