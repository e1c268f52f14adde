import ArgumentParser
import Assay
import AssayFormats

/// `assay surface BOOK.csv`
struct Surface: ParsableCommand, RowCommand {
  static let name = ["surface"]
  static let configuration = CommandConfiguration(
    abstract: "Fit volatility smiles: SVI parameters, errors and arbitrage checks for every expiry of a book.",
    discussion: """
      A book as `assay price` takes it, with the volatility of each option, or with --from-prices its price. Options of one \
      underlying and expiry are a slice. Out: a row per slice with the parameters of raw SVI in total variance and log-moneyness, the \
      root mean square error of total variance, and what the slice was checked for, with the strike where it is worst: density, \
      the wings' slope, and total variance against the expiry before. docs/surface.md has the formulas.
      """)

  @Argument(help: "The book; `-` is standard input.")
  var book: InputPath

  @Option(help: "svi: every slice for itself; ssvi: one surface for each underlying, free of arbitrage.")
  var fit = SurfaceFit.svi

  @Option(help: "How options count: equal, or vega for errors of price instead of total variance.")
  var weights = Weights.equal

  @Flag(help: "Find the volatilities of the column price first.")
  var fromPrices = false

  @Flag(help: "One JSON document.")
  var json = false

  @OptionGroup var options: BookOptions
  @OptionGroup var engine: EngineOptions
  @OptionGroup var job: JobOptions

  /// How options count in the least squares.
  enum Weights: String, ExpressibleByArgument, CaseIterable { case equal, vega }

  func validate() throws {
    do throws(AssayError) { _ = try options.request(.impliedVolatility) } catch { throw ValidationError("\(error)") }
  }

  func perform(_ sink: Job.Sink) throws(AssayError) -> Job.Outcome {
    let job = try Job(words, engine.choice, sink: sink)
    let request = try options.request(fromPrices ? .impliedVolatility : .measures([.vega]))
    let rows = try job.fitSurface(book.path, request, fit, isWeightedByVega: weights == .vega)
    let text = SurfaceText(rows)
    try job.write(json ? text.json() : text.csv)
    return try job.finish()
  }
}

extension SurfaceFit: ExpressibleByArgument {}
