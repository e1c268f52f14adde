import Assay
import FoundationEssentials

extension Encodable {
  /// The value as a JSON document with sorted keys and a line end.
  package func jsonText() throws(AssayError) -> String {
    let encoder = JSONEncoder()
    encoder.outputFormatting = [.prettyPrinted, .sortedKeys, .withoutEscapingSlashes]
    do {
      return String(decoding: try encoder.encode(self), as: UTF8.self) + "\n"
    } catch {
      throw AssayError(.usage, "The report cannot be written as JSON: \(error).")
    }
  }
}
