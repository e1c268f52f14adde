import Assay
import AssayIO

extension Job {
  /// Adds every row of a book to a portfolio, on every thread, and reports.
  package func aggregate(
    _ path: String, _ valuation: Valuation, by groups: [String], into empty: Portfolio
  ) throws(AssayError) -> RiskReport {
    let (asOf, model) = (valuation.asOf, valuation.model)
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
      reader.mostRows = names.mostRows
      let format = BookFormat(names: names.names, computation, asOf: asOf, model: model)
      return try CSVHeader(line, schema: format.schema, file: input.name)
    } makeWorker: { header, executor in
      let worker = RiskWorker(header, by: groups, portfolio: empty, on: executor)
      workers.append(worker)
      return worker
    }
    var portfolio = empty
    let executor = RecordingExecutor(try choice.engine(threads: choice.workers))
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
    func positions(_ count: Int) -> String { "\(count.grouped) position\(count == 1 ? "" : "s")" }
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
