import ArgumentParser
import Assay
import AssayFormats

/// `assay risk BOOK.csv`
struct Risk: ParsableCommand, RowCommand {
  static let name = ["risk"]
  static let configuration = CommandConfiguration(
    abstract: "Total a book's price and Greeks by group, and its profit and loss in scenarios.",
    discussion: """
      A book as `assay price` takes it; every position counts quantity x multiplier times. Totals are exact and rounded once: the \
      same bits for any order or split of the book, on every backend. Scenarios are a JSON file: a grid \
      {"spot": [-0.1, 0, 0.1], "volatility": [-0.05, 0.05], "volatilityShift": "absolute"} or a list {"scenarios": [{"name": \
      "crash", "spot": -0.3, "volatility": 0.5, "volatilityShift": "relative"}]}. Spot moves are relative, or absolute by spotShift; \
      days, rate, underlyings and weight complete a scenario.
      """)

  @Argument(help: "The book; `-` is standard input.")
  var book: InputPath

  @Option(help: "Measures to total, comma-separated.")
  var measures = Self.standardMeasures

  @Option(help: "Columns to group by, comma-separated, such as underlying,expiry,account; nothing for one total.")
  var by: String?

  @Option(
    help: "Scenarios, a JSON file: adds profit and loss by full revaluation and its delta-gamma-vega approximation.")
  var scenarios: InputPath?

  @Option(
    help: """
      Rates, a JSON file {"currency": "USD", "rates": {"EUR": 1.08}}: all amounts in one currency. Without it amounts of different \
      currencies are never added.
      """)
  var fx: InputPath?

  @Flag(help: "One JSON document.")
  var json = false

  @OptionGroup var units: UnitsOption

  @OptionGroup var margin: MarginOptions

  @OptionGroup var page: PageOption
  @OptionGroup var options: BookOptions
  @OptionGroup var engine: EngineOptions
  @OptionGroup var job: JobOptions

  mutating func validate() throws {
    if by == "" { by = nil }
    if margin.margin != nil,
      by != nil || scenarios != nil || fx != nil || units.units != nil || measures != Self.standardMeasures
    {
      throw ValidationError(
        "--margin computes accounts by its rule: leave out --by, --scenarios, --fx, --units and --measures.")
    }
    if margin.margin != nil, options.map != nil || options.set != nil {
      throw ValidationError("--map and --set have no effect with --margin: leave them out.")
    }
    if let html = page.html {
      let others = [job.output, job.receipt, book.path, scenarios?.path, fx?.path] + margin.paths
      guard html != "-", !html.isEmpty, !others.contains(html) else {
        throw ValidationError("--html names a file of its own, which is no input and no other output.")
      }
    }
    do throws(AssayError) {
      _ = try Measure.list(measures)
      _ = try options.request(.measures([]))
    } catch {
      throw ValidationError("\(error)")
    }
  }

  func perform(_ sink: Job.Sink) throws(AssayError) -> Job.Outcome {
    let job = try Job(words, engine.choice, sink: sink)
    if let request = margin.request(for: book.path) {
      let document = try job.margin(request, options.valuation())
      try writePage { page throws(AssayError) in try page.write(MarginPage(document, of: book.path).html) }
      if json { try job.write(document.jsonText()) } else { try job.write(document) }
      return try job.finish()
    }
    var moves: [Scenario] = []
    if let scenarios { moves = try ScenarioFile.read(job.read(scenarios.path), path: scenarios.path) }
    let wanted = try Measure.list(measures)
    let groups = by?.split(separator: ",").map(String.init) ?? []
    var exchange: ExchangeFile?
    if let fx { exchange = try ExchangeFile(job.read(fx.path), path: fx.path) }
    var request = try options.request(.measures(wanted))
    request.computation.units = units.chosen
    let risk = try job.aggregate(
      book.path, request, by: groups, exchange: exchange, into: Portfolio(measures: wanted, scenarios: moves))
    try writePage { page throws(AssayError) in
      try page.writeRiskPage(book.path, request, scenarios: moves, exchange: exchange)
    }
    if json {
      try RiskDocument(risk).write { text throws(AssayError) in try job.write(text) }
    } else {
      try RiskTable(risk).write { text throws(AssayError) in try job.write(text) }
    }
    return try job.finish()
  }

  /// Writes the page, where one is asked for, as a job of its own.
  private func writePage(_ write: (Job) throws(AssayError) -> Void) throws(AssayError) {
    guard let html = page.html else { return }
    let job = try Job(words, engine.choice, sink: Job.Sink(output: html, receipt: nil))
    try write(job)
    _ = try job.finish()
  }

  private static let standardMeasures = Measure.standard.map(\.name).joined(separator: ",")
}

/// A page about what was computed: an output, which receipts leave out.
struct PageOption: UnrecordedOptions {
  @Option(
    help: ArgumentHelp(
      "Write a page with pictures to this file, too: HTML without network or script.", valueName: "file"))
  var html: String?
}
