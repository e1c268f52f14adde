import Assay
import AssayIO

/// Verifies JSON Lines: each row is routed by its own type, and every family computes its rows of a chunk together.
final class VerifyWorker: RowWorker {
  private let parser: JSONParser
  private let families: [any AnyRowFamily]
  private let familyOfType: [String: any AnyRowFamily]
  private var outcomes: [RowOutcome] = []
  /// The rows' identifiers as JSON, end to end, and where each one ends.
  private var identifiers = TextBuffer()
  private var identifierEnds: [Int] = []

  /// A worker that computes on `executor`.
  init(_ executor: any Executor) throws(AssayError) {
    parser = try JSONParser()
    families = RowTypes.families(on: executor)
    var table: [String: any AnyRowFamily] = [:]
    for family in families {
      for type in family.types { table[type] = family }
    }
    familyOfType = table
  }

  func process(_ chunk: TextChunk, into text: inout TextBuffer, tally: inout Tally) throws(AssayError) {
    outcomes.removeAll(keepingCapacity: true)
    identifiers.removeAll()
    identifierEnds.removeAll(keepingCapacity: true)
    chunk.forEachRecord { record in
      do throws(RowProblem) {
        guard !chunk.isOversized else { throw .malformed("the line is longer than a row may be") }
        try take(chunk.bytes(record))
        outcomes.append(RowOutcome(verdict: .accepted))
      } catch {
        outcomes.append(RowOutcome(verdict: error.verdict))
        if error.verdict == .malformedRow {
          tally.note("line \(chunk.position(of: record.lowerBound).line): \(error.message)")
        }
      }
      identifierEnds.append(identifiers.count)
    }
    for family in families { try family.deliver { outcomes[$0] = $1 } }
    write(firstRow: chunk.firstRow, to: &text)
    for outcome in outcomes { tally.add(outcome.verdict) }
  }

  private func take(_ line: UnsafeRawBufferPointer) throws(RowProblem) {
    switch parser.parse(line) {
    case .failure(let failure): throw .malformed("\(failure)")
    case .success(let json):
      let row = try Row(json)
      if let identifier = row.identifier { identifiers.append(json: identifier) }
      let type = try row.text("type")
      guard let family = familyOfType[type] else { throw .unsupported("type '\(type.prefix(40))' is not known") }
      try family.take(row, type: type, number: outcomes.count)
    }
  }

  private func write(firstRow: Int, to text: inout TextBuffer) {
    var start = 0
    for (index, outcome) in outcomes.enumerated() {
      text.append("{\"row\":")
      text.append(firstRow + index)
      let end = identifierEnds[index]
      if end > start {
        text.append(",\"id\":")
        text.append(identifiers.bytes(start..<end))
        start = end
      }
      text.append(outcome: outcome)
    }
  }
}

extension TextBuffer {
  /// Appends the part of an output row that tells its outcome, to the end of the line.
  mutating func append(outcome: RowOutcome) {
    if let reason = outcome.verdict.reason {
      append(",\"accepted\":false,\"reason\":\"")
      append(reason)
      append("\"")
    } else {
      append(",\"accepted\":true")
    }
    for detail in outcome.details {
      append(",\"")
      append(detail.name)
      append("\":\"0x")
      detail.bytes.withUnsafeBytes { append(hexadecimal: $0) }
      append("\"")
    }
    append("}\n")
  }

  /// Appends a string or a number as JSON; anything else is left out.
  fileprivate mutating func append(json value: JSONValue) {
    if let text = value.utf8 {
      append(jsonString: text)
    } else if let number = value.unsigned {
      append(number)
    } else if let number = value.double, number.isFinite {
      append(number)
    }
  }
}
