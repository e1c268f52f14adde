import Assay
import AssayIO

/// The risk of a book: a report, whose amounts are never added over currencies.
package struct BookRisk: Sendable {
  /// Totals by group; its ``RiskReport/total`` means something only where ``totals`` has one line.
  package let report: RiskReport
  /// The columns of the groups' keys: those asked for, and `currency` where the book has several.
  package let by: [String]
  /// The totals of all groups, a line per currency; keys are currencies where there are several.
  package let totals: [RiskReport.Line]
  /// What measures are divided by when they are written, in the order of the report's.
  package let divisors: [Double]

  /// Whether there are several currencies.
  package var hasCurrencies: Bool { totals.count > 1 }

  /// The risk of `portfolio`, whose keys have the cells of the columns `by` and after them a currency where a row is of one.
  init(
    _ portfolio: Portfolio, by: [String], units: MeasureUnits, on executor: any Executor
  ) throws(AssayError) {
    divisors = portfolio.measures.map(units.divisor)
    func currency(_ key: [UInt8]) -> [UInt8] {
      let cells = GroupKey.cells(of: key, count: by.count + 1)
      return cells[by.count]
    }
    let currencies = Set(portfolio.groups.map(currency))
    var portfolio = portfolio
    guard currencies.count > 1 else {
      if currencies != [[]] {
        portfolio.rename { GroupKey.joined(Array(GroupKey.cells(of: $0, count: by.count + 1).dropLast())) }
      }
      report = try portfolio.report(on: executor)
      (self.by, totals) = (by, [report.total])
      return
    }
    let column = by.firstIndex { NameTable([BookColumn.currency.name]).position(of: $0) != nil }
    portfolio.rename { key in
      var cells = GroupKey.cells(of: key, count: by.count + 1)
      // A group by currency is one already.
      if column != nil { cells.removeLast() }
      return GroupKey.joined(cells)
    }
    report = try portfolio.report(on: executor)
    self.by = by + (column == nil ? [BookColumn.currency.name] : [])
    let place = column ?? by.count
    let count = self.by.count
    totals = try portfolio.regrouped(on: executor) { GroupKey.cells(of: $0, count: count)[place] }
      .report(on: executor).groups
  }

  /// A measure's total as it is written; nil where no position of the line has the measure.
  package func total(_ measure: Int, of line: RiskReport.Line) -> Double? {
    guard line.measured[measure] > 0 else { return nil }
    let total = line.totals[measure]
    return divisors[measure] == 1 ? total : total / divisors[measure]
  }
}
