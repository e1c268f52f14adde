import ArgumentParser
import Assay
import AssayIO

/// `assay risk BOOK.csv`
struct Risk: ParsableCommand, RowCommand {
  static let configuration = CommandConfiguration(
    abstract: "Total a book's price and Greeks by group, and its profit and loss in scenarios.",
    discussion: """
      A book as `assay price` takes it; every position counts quantity x multiplier times. Totals are exact and rounded once: the \
      same bits for any order or split of the book, on every backend. Scenarios are a JSON file: a grid \
      {"spot": [-0.1, 0, 0.1], "volatility": [-0.05, 0.05], "volatilityShift": "absolute"} or a list {"scenarios": [{"name": \
      "crash", "spot": -0.3, "volatility": 0.5, "volatilityShift": "relative"}]}; spot moves are relative.
      """)

  @Argument(help: "The book; `-` is standard input.")
  var book: String

  @Option(help: "Columns to group by, comma-separated, such as underlying,expiry,account; nothing for one total.")
  var by = ""

  @Option(help: "Measures to total, comma-separated.")
  var measures = Measure.standard.map(\.name).joined(separator: ",")

  @Option(
    help: "Scenarios, a JSON file: adds profit and loss by full revaluation and its delta-gamma-vega approximation.")
  var scenarios: String?

  @Flag(help: "One JSON document.")
  var json = false

  @OptionGroup var options: BookOptions
  @OptionGroup var engine: EngineOptions
  @OptionGroup var job: JobOptions

  var arguments: [String] {
    ["risk", book, "--measures", measures] + (by.isEmpty ? [] : ["--by", by])
      + (scenarios.map { ["--scenarios", $0] } ?? []) + (json ? ["--json"] : []) + options.arguments
  }

  func validate() throws {
    do throws(AssayError) {
      _ = try wanted()
      _ = try options.valuation()
    } catch {
      throw ValidationError("\(error)")
    }
  }

  func perform(_ sink: Job.Sink) throws(AssayError) -> Job.Outcome {
    let job = try Job(arguments, engine, sink: sink)
    let portfolio = Portfolio(measures: try wanted(), scenarios: try scenarios.map(ScenarioFile.read) ?? [])
    let report = try job.aggregate(book, options, by: names(by), into: portfolio)
    try job.write(json ? RiskDocument(report, by: names(by)).jsonText() : RiskTable(report, by: names(by)).text)
    return try job.finish()
  }

  private func names(_ list: String) -> [String] { list.split(separator: ",").map(String.init) }

  private func wanted() throws(AssayError) -> [Measure] {
    let known = PricingModel.all.flatMap(\.measures)
    let measures = names(measures).map { Measure($0) }
    if let unknown = measures.first(where: { !known.contains($0) }) {
      throw AssayError(.usage, "There is no measure '\(unknown)'.")
    }
    return measures
  }
}

extension Job {
  /// Adds every row of a book to a portfolio, on every thread, and reports.
  fileprivate func aggregate(
    _ path: String, _ options: BookOptions, by groups: [String], into empty: Portfolio
  ) throws(AssayError) -> RiskReport {
    let (asOf, model) = try options.valuation()
    let input = try open(path)
    var workers: [RiskWorker] = []
    let computation = BookComputation.measures(empty.measures)
    try run(
      input, rule: .csv, pieces: Pieces(host: 1 << 19, accelerator: 1 << 24), longestRecord: 1 << 20,
      needs: [.exactSum, .exactProduct] + BookFormat.models.map(\.operation)
    ) { reader throws(AssayError) in
      guard let line = try reader.first() else {
        throw AssayError(.input, "\(input.name):1:1: is empty where a header should be.")
      }
      let names = try CSVHeader(line, schema: CSVSchema([]), file: input.name)
      try BookFormat.check(names.names, for: computation, hasDate: asOf != nil, file: input.name)
      if let missing = groups.first(where: { !names.has($0) }) {
        throw AssayError(
          .input, "\(input.name):1:1: the header has no column \(missing) to group by.",
          advice: "It has: \(names.names.joined(separator: ", ")).")
      }
      let format = BookFormat(names: names.names, computation, asOf: asOf, model: model)
      return try CSVHeader(line, schema: format.schema, file: input.name)
    } makeWorker: { header, executor in
      let worker = RiskWorker(header, by: groups, portfolio: empty, on: executor)
      workers.append(worker)
      return worker
    }
    var portfolio = empty
    let executor = RecordingExecutor(try self.options.engine(threads: self.options.workers))
    for worker in workers { try portfolio.merge(worker.portfolio, on: executor) }
    let report = try portfolio.report(on: executor)
    add(report.omissions, executor.takeLedger(), at: input)
    return report
  }
}

extension RiskReport {
  /// What scenarios had to do without, as the summary tells it.
  fileprivate var omissions: Tally {
    var tally = Tally()
    func positions(_ count: Int) -> String { "\(Style.grouped(count)) position\(count == 1 ? "" : "s")" }
    for (scenario, omissions) in zip(scenarios, total.leftOut) {
      for omission in omissions {
        tally.omit("\(positions(omission.positions)) of \(scenario.name): \(omission.reason.reason ?? "")")
      }
    }
    if total.unapproximated > 0 {
      tally.omit("\(positions(total.unapproximated)) of deltaGammaVega: infinite sensitivities")
    }
    return tally
  }
}
