public import Assay
import AssayIO

/// The command's reports over files that lie in memory, on an engine that calls share: for programs that link the library.
///
/// The documents are those that the command writes for the same files and options, byte for byte. No file is opened.
public struct HeldFiles {
  /// The names that files may have: those of the command's arguments and options.
  public static let names = ["book", "margin", "accounts", "prices", "signers", "whatIf"]

  private let files: [String: UnsafeRawBufferPointer]
  private let choice: EngineChoice
  private let check: () throws(AssayError) -> Void

  /// Files by their ``names``, in any spelling.
  ///
  /// - Parameters:
  ///   - engine: what computes.
  ///   - workers: how many threads read a file's pieces.
  ///   - check: called after every piece; what it throws ends the report.
  /// - Throws: ``AssayError`` of kind `usage` for a name that is not known, or there twice.
  public init(
    _ files: [(name: String, bytes: UnsafeRawBufferPointer)], on engine: Engine, workers: Int,
    check: @escaping () throws(AssayError) -> Void = {}
  ) throws(AssayError) {
    let table = NameTable(Self.names)
    var held: [String: UnsafeRawBufferPointer] = [:]
    for (name, bytes) in files {
      guard let place = table.position(of: name) else {
        throw AssayError(
          .usage, "There is no file '\(name.prefix(64))' in a report.",
          advice: "There are: \(Self.names.joined(separator: ", ")).")
      }
      guard held.updateValue(bytes, forKey: Self.names[place]) == nil else {
        throw AssayError(.usage, "The file \(Self.names[place]) is given twice.", advice: "Give each file once.")
      }
    }
    self.files = held
    var choice = EngineChoice(workers: workers)
    choice.shared = engine
    self.choice = choice
    self.check = check
  }

  /// What `assay risk --json` writes for the book; with a file `margin`, which is a rule, what `assay risk --margin --json` writes.
  ///
  /// - Parameter options: a JSON object: `asOf` and `model` as the command takes them, `strictFields`; `by` and `measures`, lists
  ///   of names or one text with commas, and `scenarios`, the object that a scenario file is; with `margin` instead `quorum`, `maxAge`
  ///   and `explain`. Nothing stands for `{}`.
  /// - Throws: ``AssayError`` of kind `input` or `usage` saying what is wrong with which file or option.
  public func riskDocument(_ options: [UInt8]) throws(AssayError) -> [UInt8] {
    let file = try JSONFile(options.isEmpty ? Array("{}".utf8) : options, name: "options")
    defer { withExtendedLifetime(file) {} }
    let common = ["asOf", "model", "strictFields"]
    let isMargin = files["margin"] != nil
    let fields = try FileFields(
      file.root,
      common + (isMargin ? ["quorum", "maxAge", "explain"] : ["by", "measures", "scenarios", "fx", "units"]),
      in: "options")
    guard files["book"] != nil else { throw AssayError(.usage, "There is no file 'book': nothing to report on.") }
    if !isMargin, let other = files.keys.filter({ $0 != "book" }).min() {
      throw AssayError(.usage, "The file \(other) has no effect without a file margin, the rule.")
    }
    let valuation = try Valuation(
      asOf: fields.text("asOf"), model: fields.text("model") ?? PricingModel.blackScholes.name)
    return isMargin ? try marginDocument(fields, valuation) : try portfolioDocument(fields, valuation)
  }

  private func portfolioDocument(_ fields: FileFields, _ valuation: Valuation) throws(AssayError) -> [UInt8] {
    let names = try fields.names("measures") ?? Measure.standard.map(\.name)
    let measures = try Measure.list(names.joined(separator: ","))
    let groups = try fields.names("by") ?? []
    let scenarios = try fields.value("scenarios").map { value throws(AssayError) in
      try ScenarioFile.read(value, path: "scenarios")
    }
    var request = BookRequest(.measures(measures), valuation)
    request.refusesUnknownColumns = try fields.flag("strictFields")
    if let name = try fields.text("units") {
      guard let units = MeasureUnits(rawValue: name) else { throw fields.problem("units is annual or market") }
      request.computation.units = units
    }
    let exchange = try fields.value("fx").map { value throws(AssayError) in try ExchangeFile(value, path: "fx") }
    let risk = try job().aggregate(
      "book", request, by: groups, exchange: exchange, into: Portfolio(measures: measures, scenarios: scenarios ?? []))
    var document: [UInt8] = []
    try RiskDocument(risk).write { text in document += Array(text.utf8) }
    return document
  }

  private func marginDocument(_ fields: FileFields, _ valuation: Valuation) throws(AssayError) -> [UInt8] {
    func name(_ file: String) -> String? { files[file] == nil ? nil : file }
    var request = MarginRequest(book: "book", rule: "margin")
    request.accounts = name("accounts")
    request.prices = name("prices")
    request.signers = name("signers")
    request.whatIf = name("whatIf")
    request.quorum = try fields.whole("quorum", in: 1...1000) ?? 1
    request.greatestAge = try fields.whole("maxAge", in: 0...1_000_000_000)
    request.explained = try fields.text("explain")
    if request.prices == nil, request.signers != nil || fields.has("quorum") || fields.has("maxAge") {
      throw AssayError(.usage, "signers, quorum and maxAge need the file prices.")
    }
    if try fields.flag("strictFields") {
      throw AssayError(.usage, "strictFields has no effect on a margin: its book's columns are checked anyway.")
    }
    return Array(try job().margin(request, valuation).jsonText().utf8)
  }

  /// A job whose files lie in memory and that writes nowhere.
  private func job() throws(AssayError) -> Job {
    let job = try Job(["risk"], choice, sink: Job.Sink(output: "/dev/null", receipt: nil))
    job.held = files
    job.check = check
    return job
  }
}

/// The trees of `assay merkle` over leaves that lie in memory.
public struct HeldLeaves {
  private let leaves: UnsafeRawBufferPointer
  private let choice: EngineChoice
  private let check: () throws(AssayError) -> Void

  /// Leaves as a file of `assay merkle` has them; see ``HeldFiles/init(_:on:workers:check:)``.
  public init(
    _ leaves: UnsafeRawBufferPointer, on engine: Engine, workers: Int,
    check: @escaping () throws(AssayError) -> Void = {}
  ) {
    self.leaves = leaves
    var choice = EngineChoice(workers: workers)
    choice.shared = engine
    self.choice = choice
    self.check = check
  }

  /// What `assay merkle root --json` writes, or with an `index` the row of `assay merkle prove`.
  ///
  /// - Parameter options: a JSON object: `rule`, `text`, `skipHeader`, `depth`, `list` and `index` as the command's options. Nothing
  ///   stands for `{}`.
  /// - Throws: ``AssayError`` of kind `input` or `usage` saying what is wrong with which line or option.
  public func document(_ options: [UInt8]) throws(AssayError) -> [UInt8] {
    let file = try JSONFile(options.isEmpty ? Array("{}".utf8) : options, name: "options")
    defer { withExtendedLifetime(file) {} }
    let fields = try FileFields(
      file.root, ["rule", "text", "skipHeader", "depth", "list", "index"], in: "options")
    let name = try fields.text("rule") ?? LeafRule.rfc6962.rawValue
    guard let rule = LeafRule(rawValue: name) else {
      let known = LeafRule.allCases.map(\.rawValue).joined(separator: ", ")
      throw fields.problem("there is no rule '\(name.prefix(40))'", advice: "There are: \(known).")
    }
    var input = LeafInput("leaves", rule: rule)
    input.isText = try fields.flag("text")
    input.skipsHeader = try fields.flag("skipHeader")
    input.depth = try fields.whole("depth", in: 0...MerkleTree.depthLimit)
    input.isList = try fields.flag("list")
    if input.skipsHeader, !input.isText { throw fields.problem("skipHeader needs text") }
    if input.depth != nil || input.isList, rule != .ssz { throw fields.problem("depth and list need the rule ssz") }
    let index = try fields.whole("index", in: 0...Int.max)
    let job = try Job(["merkle"], choice, sink: Job.Sink(output: "/dev/null", receipt: nil))
    job.held = ["leaves": leaves]
    job.check = check
    let tree = try job.build(input, proving: index)
    guard let index else { return Array(try LeafDocument(rule, tree).jsonText().utf8) }
    guard let proof = tree.proof, let line = ProofLine(proof, identifier: "leaf \(index)") else {
      throw fields.problem(
        "there are \(tree.leaves) leaves, so none has the index \(index)", advice: "It counts from 0.")
    }
    return Array(line.text.utf8)
  }
}

extension FileFields {
  /// Names: a list of them, or one text with commas; nil when the field is missing or null.
  fileprivate func names(_ name: String) throws(AssayError) -> [String]? {
    guard let value = value(name) else { return nil }
    if let text = value.string { return text.isEmpty ? [] : text.split(separator: ",").map(String.init) }
    let elements = try list(name) ?? []
    let names = elements.compactMap(\.string)
    guard names.count == elements.count else { throw problem("\(name) holds something else than names") }
    return names
  }

  /// A truth value; false when the field is missing or null.
  fileprivate func flag(_ name: String) throws(AssayError) -> Bool {
    guard let value = value(name) else { return false }
    guard let flag = value.bool else { throw problem("\(name) is true or false") }
    return flag
  }

  /// A whole number in a range; nil when the field is missing or null.
  fileprivate func whole(_ name: String, in range: ClosedRange<Int>) throws(AssayError) -> Int? {
    guard let value = value(name) else { return nil }
    guard let number = value.unsigned.flatMap({ Int(exactly: $0) }), range.contains(number) else {
      throw problem("\(name) is a whole number from \(range.lowerBound) to \(range.upperBound)")
    }
    return number
  }
}
