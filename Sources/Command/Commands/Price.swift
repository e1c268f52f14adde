import ArgumentParser
import Assay
import AssayFormats

/// `assay price BOOK.csv`
struct Price: ParsableCommand, RowCommand {
  static let name = ["price"]
  static let configuration = CommandConfiguration(
    abstract: "Price a book of options and compute its Greeks.",
    discussion: """
      CSV with a header or Arrow in, columns in any order: type, spot (or forward), strike, years (or expiry with --as-of or a \
      column asOf), volatility, and if wanted id, rate, dividendYield, model, quantity, multiplier; unknown columns are passed \
      through. Out: id (or the row number), the measures, reason, the unknown columns. Units in docs/formats.md: everything \
      annual, continuous, per 1.00.
      """)

  @Argument(help: "The book; `-` is standard input.")
  var book: InputPath

  @Option(help: "Measures, comma-separated; `all` for every one that the book's models have.")
  var measures = Measure.standard.map(\.name).joined(separator: ",")

  @Flag(help: "Multiply every measure by quantity x multiplier.")
  var position = false

  @OptionGroup var results: BookResultOptions
  @OptionGroup var options: BookOptions
  @OptionGroup var units: UnitsOption
  @OptionGroup var accuracy: AccuracyOption
  @OptionGroup var delay: DelayOptions
  @OptionGroup var engine: EngineOptions
  @OptionGroup var job: JobOptions

  func validate() throws {
    do throws(AssayError) {
      _ = try options.request(BookComputation(named: measures))
      try results.check(job.output)
    } catch {
      throw ValidationError("\(error)")
    }
  }

  func perform(_ sink: Job.Sink) throws(AssayError) -> Job.Outcome {
    var request = try options.request(BookComputation(named: measures))
    request.isPosition = position
    request.computation.accuracy = accuracy.accuracy
    request.computation.units = units.chosen
    request.kept = results.kept
    let job = try Job(words, engine.choice, sink: results.applied(to: sink))
    job.longestDelay = delay.longest
    return try job.runBook(book.path, request)
  }
}

/// `assay implied-volatility BOOK.csv`
struct ImpliedVolatility: ParsableCommand, RowCommand {
  static let name = ["implied-volatility"]
  static let configuration = CommandConfiguration(
    abstract: "Find the volatility at which a model gives each option's price.",
    discussion:
      """
      A book as `assay price` takes it, with the column price instead of volatility. Out: id, impliedVolatility, the measures asked for \
      at that volatility, reason.
      """
  )

  @Argument(help: "The book; `-` is standard input.")
  var book: InputPath

  @Option(help: "Measures at the volatility found, comma-separated; `all` for every one that the book's models have.")
  var measures: String?

  @OptionGroup var results: BookResultOptions
  @OptionGroup var options: BookOptions
  @OptionGroup var units: UnitsOption
  @OptionGroup var accuracy: AccuracyOption
  @OptionGroup var delay: DelayOptions
  @OptionGroup var engine: EngineOptions
  @OptionGroup var job: JobOptions

  func validate() throws {
    do throws(AssayError) {
      _ = try options.request(computation())
      try results.check(job.output)
    } catch {
      throw ValidationError("\(error)")
    }
    if units.units != nil, measures == nil {
      throw ValidationError("--units has no effect on volatilities: pass --measures too, or leave it out.")
    }
  }

  private func computation() throws(AssayError) -> BookComputation {
    guard let measures else { return .impliedVolatility }
    return try .impliedVolatility(and: measures)
  }

  func perform(_ sink: Job.Sink) throws(AssayError) -> Job.Outcome {
    let job = try Job(words, engine.choice, sink: results.applied(to: sink))
    job.longestDelay = delay.longest
    var request = try options.request(computation())
    request.kept = results.kept
    request.computation.accuracy = accuracy.accuracy
    request.computation.units = units.chosen
    return try job.runBook(book.path, request)
  }
}

/// What of a book its results repeat, and how they are written.
struct BookResultOptions: ParsableArguments {
  @Option(help: "Columns of the book that the results repeat, comma-separated; all for every one.")
  var keep: String?

  @Option(help: "csv or arrow; the default is what the name of --output says: .csv, .arrow or .feather.")
  var format: BookFormat?

  /// The formats of results.
  enum BookFormat: String, ExpressibleByArgument, CaseIterable { case csv, arrow }

  /// The columns to repeat.
  var kept: KeptColumns { keep.map { KeptColumns($0) } ?? .none }

  /// The sink, with results in the format asked for.
  func applied(to sink: Job.Sink) -> Job.Sink {
    var sink = sink
    if let format { sink.isArrow = format == .arrow }
    return sink
  }

  /// Refuses an output whose name says that it is of another format.
  func check(_ output: String) throws(AssayError) {
    let name = output.split(separator: "/").last ?? ""
    guard format == nil, let dot = name.dropFirst().lastIndex(of: ".") else { return }
    let end = name[name.index(after: dot)...].lowercased()
    guard !["csv", "arrow", "feather"].contains(end) else { return }
    throw AssayError(
      .usage, "--output \(output): results are not written as .\(end).",
      advice: "End the name with .csv, .arrow or .feather, or say --format csv or --format arrow.")
  }
}

/// How a book is read.
struct BookOptions: ParsableArguments {
  @Option(help: "The valuation date or time (ISO 8601) that expiry dates count from, ACT/365 fixed.")
  var asOf: String?

  @Option(help: "The time of day at which options expire whose expiry is a date alone: 16:00, 16:00Z or 16:00-05:00.")
  var expiryTime: String?

  @Option(help: "What the book calls known columns: spot=underlying_price,strike=k.")
  var map: String?

  @Option(
    help: "What stands for empty cells, and for columns that the book lacks: rate=0.03,multiplier=100,type=call.")
  var set: String?

  @Option(help: "The model of rows that name none.")
  var model = PricingModel.blackScholes.name

  @Flag(help: "A column `detail` after `reason`: what is wrong with a bad row, in words.")
  var detail = false

  @Flag(help: "A column that Assay does not know ends the command, instead of being passed through.")
  var strictFields = false

  /// What is asked of a book.
  func request(_ computation: BookComputation) throws(AssayError) -> BookRequest {
    var request = BookRequest(computation, try valuation())
    request.map = try BookMap(map: map, set: set, at: request.valuation.expiryTime)
    request.hasDetail = detail
    request.refusesUnknownColumns = strictFields
    return request
  }

  /// The valuation date, where there is one, and the model.
  func valuation() throws(AssayError) -> Valuation {
    var valuation = try Valuation(asOf: asOf, model: model)
    if let expiryTime { valuation.expiryTime = try TimeOfDay(expiryTime) }
    return valuation
  }
}

/// The units of measures.
struct UnitsOption: ParsableArguments {
  @Option(
    help: """
      annual (the default), or market: theta, charm, color and veta per calendar day, vega, rho, volga and vanna per 1%.
      """)
  var units: MeasureUnits?

  /// The units asked for.
  var chosen: MeasureUnits { units ?? .annual }
}

extension MeasureUnits: ExpressibleByArgument {}

/// How closely a book is computed.
struct AccuracyOption: ParsableArguments {
  @Option(help: "How closely rows of the model american are computed: fast, standard (the default) or high.")
  var accuracy: PricingModel.Accuracy?
}

extension PricingModel.Accuracy: ExpressibleByArgument {}
