import Assay

extension Job {
  /// Where results go and what is told.
  package struct Sink {
    /// The output's path; `-` is standard output.
    package var output: String
    /// Where the receipt goes.
    package var receipt: String?
    /// Whether the inputs' and the output's digests are computed.
    package var hashes: Bool
    /// Whether the Merkle root of the result rows is computed.
    package var rootsResults: Bool
    /// Whether results are written as an Arrow file.
    package var isArrow: Bool
    /// Whether what is written as Arrow is a stream, without a file's magic and footer.
    package var isArrowStream = false
    /// Told how many rows are done and, where the end is known, what share of all that is.
    package var progress: (_ rows: Int, _ fraction: Double?) -> Void = { _, _ in }

    /// A sink that writes to `output` and, when `receipt` is a path, accounts for it there.
    package init(output: String, receipt: String?) {
      self.output = output
      self.receipt = receipt
      hashes = receipt != nil
      rootsResults = receipt != nil
      isArrow = Self.isArrow(output)
    }

    /// Whether results in the file `output` are an Arrow file, unless something else is said.
    package static func isArrow(_ output: String) -> Bool { output.hasSuffix(".arrow") || output.hasSuffix(".feather") }

    /// Nowhere: only digests are of interest.
    package static func digest(isArrow: Bool) -> Sink {
      var sink = Sink(output: "/dev/null", receipt: nil)
      sink.hashes = true
      sink.isArrow = isArrow
      return sink
    }
  }

  /// What came of a job.
  package struct Outcome {
    /// How many rows came to which end.
    package let tally: Tally
    /// Who computed what.
    package let ledger: RowsLedger
    /// The job's receipt; digests are empty when none were computed.
    package let receipt: ReceiptFile
    /// Why the results were not written although the job ran to its end: what was required computed nothing of it.
    package let refusal: AssayError?
  }

  /// How big a piece of text one thread works on.
  struct Pieces {
    /// On the host: small enough for its caches and for all cores to finish together.
    var host: Int
    /// For a device that wants many rows at once.
    var accelerator: Int
    /// Longer rows than that make a piece bigger, so that they are computed together too.
    var fewestRows = 1
  }
}
