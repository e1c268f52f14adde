import Assay
import AssayIO

extension Job {
  /// Adds every row of a book to a portfolio, on every thread, and reports.
  package func aggregate(
    _ path: String, _ request: BookRequest, by groups: [String], exchange: ExchangeFile? = nil, into empty: Portfolio
  ) throws(AssayError) -> BookRisk {
    let input = try open(path)
    var workers: [RiskWorker] = []
    try read(
      input, request, keeping: groups + [BookColumn.currency.name, BookColumn.underlying.name],
      needs: [.exactSum, .exactProduct] + request.computation.operations
    ) { header, _ throws(AssayError) in
      tally.note(
        unknownNames: header.unknownPlaces.map { header.names[$0] }.filter { name in
          !groups.contains { header.place(named: $0).map { header.names[$0] } == name }
        })
      if let missing = groups.first(where: { header.place(named: $0) == nil }) {
        throw AssayError(
          .input, "\(input.name):1:1: the header has no column \(missing) to group by.",
          advice: "It has: \(header.names.joined(separator: ", ")).")
      }
    } makeConsumer: { header, _, executor in
      let places = groups.compactMap(header.place(named:))
      let worker = RiskWorker(by: places, header, exchange: exchange, portfolio: empty, on: executor)
      workers.append(worker)
      return worker
    }
    var portfolio = workers.popLast()?.portfolio ?? empty
    let executor = RecordingExecutor(try choice.engine(threads: choice.workers))
    // Each is given up when it was merged: there are never all of them and their sum.
    while let worker = workers.popLast() { try portfolio.merge(worker.portfolio, on: executor) }
    let risk = try BookRisk(portfolio, by: groups, units: request.computation.units, on: executor)
    add(risk.report.omissions, executor.takeLedger(), at: input)
    return risk
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
