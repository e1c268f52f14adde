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
    choice = EngineChoice(sharing: engine, workers: workers)
    self.check = check
  }

  /// What `assay risk --json` writes for the book; with a file `margin`, which is a rule, what `assay risk --margin --json` writes.
  ///
  /// - Parameter options: a JSON object: `asOf` and `model` as the command takes them, `strictFields`; `by` and `measures`, lists
  ///   of names or one text with commas, `scenarios` and `fx`, the objects that files of these options are, and `units`; with `margin`
  ///   instead `quorum`, `maxAge` and `explain`. Nothing stands for `{}`.
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
