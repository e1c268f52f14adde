import Assay
import AssayIO

extension Job {
  /// Verifies one proof in snarkjs' three files.
  package func verifySnarkjs(_ files: [String]) throws(AssayError) {
    var inputs: [InputFile] = []
    var documents: [JSONFile] = []
    for path in files {
      let input = try open(path)
      documents.append(try JSONFile(try input.readAll(), name: input.name))
      inputs.append(input)
    }
    try run(inputs, needs: [.groth16BN254, .groth16BN254Prepare]) { executor, text, tally throws(AssayError) in
      let outcome = try Snarkjs.outcome(documents, on: executor)
      text.append("{\"row\":1")
      text.append(outcome: outcome)
      tally.add(outcome, at: "the proof")
    }
  }

  /// Verifies JSON Lines, or the rows of one JSON array.
  package func verifyRows(_ input: InputFile, _ rows: RowOptions) throws(AssayError) {
    // A dozen blobs of 256 KB each share a pairing and more.
    let pieces = Pieces(host: 1 << 18, accelerator: 1 << 24, fewestRows: 16)
    try run(
      input, rule: .rows, pieces: pieces, longestRecord: RowVerifier.longestRow, needs: RowType.allOperations,
      results: .lines
    ) { _ in
    } makeWorker: { (_, executor) throws(AssayError) in
      try VerifyWorker(executor, rows) { [self] files throws(AssayError) in try add(files) }
    }
  }

  /// Verifies fixed-size binary rows.
  package func verifyPacked(_ input: InputFile, _ layout: PackedSignatures) throws(AssayError) {
    try run(
      input, rule: .fixed(layout.rowBytes), pieces: Pieces(host: 1 << 18, accelerator: 1 << 24), longestRecord: 1 << 23,
      needs: [layout.operation], results: .lines
    ) { _ in
    } makeWorker: { _, executor in
      PackedWorker(executor, layout)
    }
  }
}
