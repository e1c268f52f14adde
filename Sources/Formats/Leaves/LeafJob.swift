import Assay
import AssayIO

/// A file of leaves, and the tree that they make.
package struct LeafInput: Sendable {
  /// The file; `-` is standard input. The leaves of an Arrow file are its rows, as CSV has them.
  package var file: String
  /// How leaves and nodes are hashed.
  package var rule: LeafRule
  /// Whether a leaf is its line as it is; hexadecimal otherwise.
  package var isText = false
  /// Whether the file is CSV with a header, of which the leaves are the rows.
  package var skipsHeader = false
  /// The depth of an SSZ tree; nil for one just deep enough.
  package var depth: Int?
  /// Whether the SSZ tree is a list, whose length is hashed in.
  package var isList = false

  /// The leaves in `file`, one per line in hexadecimal.
  package init(_ file: String, rule: LeafRule) {
    self.file = file
    self.rule = rule
  }
}

extension Job {
  /// The tree of a file's leaves, with the proof of leaf `index`.
  package func build(_ leaves: LeafInput, proving index: Int?) throws(AssayError) -> LeafTree.Result {
    let input = try open(leaves.file)
    let executor = RecordingExecutor(try choice.engine(threads: choice.workers))
    let tree = LeafTree(
      leaves.rule, depth: leaves.depth, mixesLength: leaves.isList, proving: index, on: executor)
    if try ArrowFile.isArrow(input) {
      let file = try ArrowFile(input)
      try run(ArrowSlices(file), of: input, rows: file.rows, needs: leaves.rule.operations) { executor in
        ArrowLeafWorker(LeafWorker(input.name, isText: true, into: tree, on: executor))
      }
      return try finish(tree, executor, input)
    }
    try run(
      input, rule: leaves.skipsHeader ? .csv : .lines, pieces: Pieces(host: 1 << 19, accelerator: 1 << 24),
      longestRecord: 1 << 23, needs: leaves.rule.operations
    ) { reader throws(AssayError) in
      guard leaves.skipsHeader else { return }
      guard try reader.first() != nil else {
        throw AssayError(.input, "\(input.name):1:1: is empty where a header should be.")
      }
    } makeWorker: { _, executor in
      LeafWorker(input.name, isText: leaves.isText, into: tree, on: executor)
    }
    return try finish(tree, executor, input)
  }

  private func finish(
    _ tree: LeafTree, _ executor: RecordingExecutor, _ input: InputFile
  ) throws(AssayError) -> LeafTree.Result {
    do throws(AssayError) {
      let result = try tree.finish()
      add(Tally(), executor.takeLedger(), at: input)
      return result
    } catch {
      guard error.kind == .input else { throw error }
      // What is wrong with all leaves together has no line of its own.
      throw AssayError(.input, "\(input.name):1:1: \(error.message)", advice: error.advice)
    }
  }
}
