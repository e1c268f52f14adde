import Assay
import FoundationEssentials

extension Encodable {
  /// The value as a JSON document with sorted keys and a line end.
  package func jsonText() throws(AssayError) -> String { try json([.prettyPrinted]) + "\n" }

  /// The value as JSON with sorted keys, without line ends.
  package func jsonLine() throws(AssayError) -> String { try json([]) }

  private func json(_ formatting: JSONEncoder.OutputFormatting) throws(AssayError) -> String {
    let encoder = JSONEncoder()
    encoder.outputFormatting = formatting.union([.sortedKeys, .withoutEscapingSlashes])
    do {
      return String(decoding: try encoder.encode(self), as: UTF8.self)
    } catch {
      throw AssayError(.usage, "The report cannot be written as JSON: \(error).")
    }
  }
}
