import Assay
import AssayIO

/// How a surface is fitted to a book.
package enum SurfaceFit: String, Sendable, CaseIterable {
  /// Raw SVI, every slice for itself.
  case svi
  /// One surface over expiries for each underlying, free of butterfly and calendar arbitrage.
  case ssvi
}

/// One fitted slice of a book, as `assay surface` reports it.
package struct SurfaceRow: Sendable {
  package let underlying: String
  package let years: Double
  package let options: Int
  package let fit: SmileFit
  /// Against the slice before it; nil for an underlying's first.
  package let calendar: CalendarGap?
}

extension Job {
  /// Fits the smiles of a book: the rows in the order of underlyings and expiries.
  package func fitSurface(
    _ path: String, _ request: BookRequest, _ kind: SurfaceFit, isWeightedByVega: Bool
  ) throws(AssayError) -> [SurfaceRow] {
    let input = try open(path)
    let isImplied = request.computation.isImpliedVolatility
    var workers: [SurfaceWorker] = []
    try read(
      input, request, keeping: [BookColumn.underlying.name],
      needs: [.sviSlice, .sviButterfly, .sviCalendar] + request.computation.operations
    ) { header, _ throws(AssayError) in
      tally.note(unknownNames: header.unknownPlaces.map { header.names[$0] })
    } makeConsumer: { header, _, executor in
      let worker = SurfaceWorker(
        underlying: header.place(.underlying), isImplied: isImplied, isWeightedByVega: isWeightedByVega, on: executor)
      workers.append(worker)
      return worker
    }
    var points: [SurfaceWorker.Key: [Smile.Point]] = [:]
    for worker in workers { points.merge(worker.points) { $0 + $1 } }
    let executor = RecordingExecutor(try choice.engine(threads: choice.workers))
    var rows: [SurfaceRow] = []
    for (underlying, keys) in Dictionary(grouping: points.keys, by: \.underlying).sorted(by: { $0.key < $1.key }) {
      // In an order of their own: the sums' last bits do not depend on the book's.
      let smiles = keys.sorted { $0.years < $1.years }.map { key in
        Smile(
          years: key.years,
          points: (points[key] ?? []).sorted { $0.orderedNumbers.lexicographicallyPrecedes($1.orderedNumbers) })
      }
      let fits = kind == .svi ? try executor.fit(smiles) : try executor.fitSurface(smiles).fits
      rows += try Self.rows(underlying, smiles, fits, on: executor)
    }
    var unfitted = Tally()
    for row in rows where !row.fit.verdict.isAccepted { unfitted.add(row.fit.verdict) }
    add(unfitted, executor.takeLedger(), at: input)
    return rows
  }

  /// The slices of one underlying, each compared with the fitted one before it.
  private static func rows(
    _ underlying: String, _ smiles: [Smile], _ fits: [SmileFit], on executor: some Executor
  ) throws(AssayError) -> [SurfaceRow] {
    let usable = fits.indices.filter { fits[$0].verdict.isAccepted }
    let gaps = try executor.calendarGaps(
      zip(usable, usable.dropFirst()).map { (earlier: fits[$0], later: fits[$1]) })
    let gapOf = Dictionary(uniqueKeysWithValues: zip(usable.dropFirst(), gaps))
    return smiles.indices.map { index in
      SurfaceRow(
        underlying: underlying, years: smiles[index].years, options: smiles[index].points.count, fit: fits[index],
        calendar: gapOf[index])
    }
  }
}

extension Smile.Point {
  /// Every number of the point.
  fileprivate var orderedNumbers: [Double] { [strike, spot, carry, volatility, weight] }
}
