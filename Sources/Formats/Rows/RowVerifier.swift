public import Assay
import AssayIO

/// Verifies rows of JSON text: each is routed by its own `type`, and all rows of a workload are computed together.
///
/// ```swift
/// let verifier = try RowVerifier(on: Engine())
/// let lines = try verifier.verify(lines: Array(#"{"type":"ed25519","publicKey":"...","message":"","signature":"..."}"#.utf8))
/// print(String(decoding: lines, as: UTF8.self))  // {"row":1,"accepted":false,"reason":"malformed-row","detail":"..."}
/// ```
/// A verifier keeps its working memory from call to call; it serves one call at a time.
public final class RowVerifier {
  /// A row may have this many bytes.
  public static let longestRow = 1 << 26

  private let executor: any Executor
  private let parser: JSONParser
  private let context: RowContext
  private let root: [UInt8]?
  private let takers: [String: (layout: RowLayout, take: RowTaker)]
  private let queues: [any RowQueue]
  private var outcomes: [RowOutcome] = []
  private var lines: [Range<Int>] = []
  /// The rows' identifiers as JSON, end to end, and where each one ends.
  private var identifiers = TextBuffer()
  private var identifierEnds: [Int] = []

  /// A verifier that computes on `executor`.
  ///
  /// - Throws: ``AssayError`` of kind `usage` when there is no memory for it.
  public init(on executor: any Executor, _ options: RowOptions = RowOptions()) throws(AssayError) {
    self.executor = executor
    parser = try JSONParser(longest: Self.longestRow)
    context = RowContext(options)
    root = options.root
    var takers: [String: (RowLayout, RowTaker)] = [:]
    var queues: [any RowQueue] = []
    var placeOfWorkload: [String: Int] = [:]
    for type in RowType.all {
      let place = placeOfWorkload[type.workload] ?? queues.count
      if place == queues.count { queues.append(type.makeChecks()) }
      placeOfWorkload[type.workload] = place
      takers[type.name] = (type.layout, type.taker(into: queues[place]))
    }
    self.takers = takers
    self.queues = queues
  }

  /// The verdict of every row of `lines`, which are JSON Lines or one JSON array of rows: one line each, in their order, as
  /// `assay verify` writes them.
  ///
  /// - Throws: ``AssayError`` when the executor cannot run an operation at all. No row, however malformed, throws.
  public func verify(lines: [UInt8]) throws(AssayError) -> [UInt8] {
    var text = TextBuffer()
    var tally = Tally()
    try verify(TextChunk(lines, rule: .rows), into: &text, tally: &tally)
    return Array(text.bytes)
  }

  /// Appends a line for every row of `chunk` to `text` and counts the rows in `tally`.
  func verify(_ chunk: TextChunk, into text: inout TextBuffer, tally: inout Tally) throws(AssayError) {
    outcomes.removeAll(keepingCapacity: true)
    lines.removeAll(keepingCapacity: true)
    identifiers.removeAll()
    identifierEnds.removeAll(keepingCapacity: true)
    chunk.forEachRecord { record in
      do throws(RowProblem) {
        guard !chunk.isOversized else { throw .malformed("the row is longer than 64 MiB") }
        try take(chunk.bytes(record))
        outcomes.append(RowOutcome(verdict: .accepted))
      } catch {
        outcomes.append(RowOutcome(error))
      }
      identifierEnds.append(identifiers.count)
      lines.append(record)
    }
    for queue in queues { try queue.deliver(on: executor) { outcomes[$0] = $1 } }
    write(firstRow: chunk.firstRow, to: &text)
    for (line, outcome) in zip(lines, outcomes) {
      tally.add(outcome, at: "line \(chunk.position(of: line.lowerBound).line)")
    }
    tally.note(unknownNames: context.unknown.take())
  }

  /// The files that rows named since this was last asked, with their digests.
  func takeFiles() -> [ReceiptFile.File] { context.files.take() }

  private func take(_ line: UnsafeRawBufferPointer) throws(RowProblem) {
    switch parser.parse(line) {
    case .failure(let failure): throw .malformed("this is not JSON: \(failure)")
    case .success(let json):
      guard json.isObject else { throw .malformed("this is not a JSON object") }
      let (type, identifier) = Self.head(of: json)
      if let identifier { echo(identifier, in: line) }
      guard let type else { throw .malformed("type is missing") }
      guard let name = type.string else { throw .malformed("type is not a string") }
      guard let (layout, take) = takers[name] else { throw Self.unsupported(name) }
      let row = try Row(json, layout, context)
      if let root { try row.check(root: root) }
      try take(row, outcomes.count)
    }
  }

  /// Keeps the identifier that stands in `line` under `name`, as it is written.
  private func echo(_ identifier: (name: UnsafeRawBufferPointer, value: JSONValue), in line: UnsafeRawBufferPointer) {
    if let written = RawJSON.value(of: identifier.name, in: line) {
      identifiers.append(written)
    } else if let text = identifier.value.utf8 {
      // Its name is written with escapes.
      identifiers.append(jsonString: text)
    } else if let number = identifier.value.unsigned {
      identifiers.append(number)
    } else if let number = identifier.value.double, number.isFinite {
      identifiers.append(number)
    }
  }

  /// A row's type, and the name under which it has an identifier that is a string or a number.
  private static func head(
    of json: JSONValue
  ) -> (type: JSONValue?, identifier: (name: UnsafeRawBufferPointer, value: JSONValue)?) {
    var type: JSONValue?
    var identifier: (UnsafeRawBufferPointer, JSONValue)?
    json.forEachField { name, value in
      switch own.position(of: name) {
      case RowLayout.type: type = type ?? value
      case RowLayout.id where identifier == nil && (value.utf8 != nil || value.isNumber):
        identifier = (name, value)
      default: break
      }
    }
    return (type.flatMap { $0.isNull ? nil : $0 }, identifier)
  }

  private static let own = RowLayout([]).names
  private static let names = NameTable(RowType.all.map(\.name))

  private static func unsupported(_ name: String) -> RowProblem {
    let shown = "type '\(name.prefix(40))' is not known"
    return .unsupported(names.suggestion(for: name).map { "\(shown): did you mean \($0)?" } ?? shown)
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
