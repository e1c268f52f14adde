import ArgumentParser
import Assay
import AssayFormats

/// `assay merkle root|prove`
struct MerkleCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "merkle", abstract: "Build a Merkle tree of a file's leaves: its root, or the proof of one leaf.",
    subcommands: [Root.self, Prove.self])

  /// `assay merkle root LEAVES`
  struct Root: ParsableCommand, RowCommand {
    static let name = ["merkle", "root"]
    static let configuration = CommandConfiguration(abstract: "Print the root of a file's leaves.")

    @Flag(help: "One JSON document: rule, leaves, root.")
    var json = false

    @OptionGroup var leaves: LeafOptions
    @OptionGroup var engine: EngineOptions
    @OptionGroup var job: JobOptions

    private struct Document: Encodable {
      let rule: String
      let leaves: Int
      let root: String
    }

    func perform(_ sink: Job.Sink) throws(AssayError) -> Job.Outcome {
      let job = try Job(words, engine.choice, sink: sink)
      let tree = try job.build(leaves.input, proving: nil)
      let root = tree.root.hexadecimal
      try job.write(
        json ? Document(rule: leaves.rule.rawValue, leaves: tree.leaves, root: root).jsonText() : root + "\n")
      return try job.finish()
    }
  }

  /// `assay merkle prove LEAVES --index N`
  struct Prove: ParsableCommand, RowCommand {
    static let name = ["merkle", "prove"]
    static let configuration = CommandConfiguration(
      abstract: "Print the inclusion proof of one leaf, as a row that `assay verify` takes.",
      discussion: """
        A row of a published price run, against the root in its receipt: \
        assay merkle prove RESULTS.csv --id tx-7 | assay verify - --root ROOT
        """)

    @Option(help: "The leaf's position, from 0.")
    var index: Int?

    @Option(help: "The leaf's row number, from 1, instead.")
    var row: Int?

    @Option(
      help: """
        The identifier of a row of results instead: the column id of CSV or Arrow, the field id of JSON Lines; of \
        margins the account.
        """)
    var id: String?

    @OptionGroup var leaves: LeafOptions
    @OptionGroup var engine: EngineOptions
    @OptionGroup var job: JobOptions

    mutating func validate() throws {
      guard [index != nil, row != nil, id != nil].count(where: { $0 }) == 1 else {
        throw ValidationError("Name the leaf: --index, --row or --id.")
      }
      if let index, index < 0 { throw ValidationError("--index counts from 0.") }
      if let row, row < 1 { throw ValidationError("--row counts from 1.") }
      if id != nil, leaves.rule != .rfc6962 {
        throw ValidationError("--id finds rows of results, whose tree is rfc6962.")
      }
      if let row { (index, self.row) = (row - 1, nil) }
    }

    func perform(_ sink: Job.Sink) throws(AssayError) -> Job.Outcome {
      let job = try Job(words, engine.choice, sink: sink)
      var input = leaves.input
      var position = index ?? 0
      if let id {
        let search = try LeafSearch(id, in: leaves.file.path)
        (position, input.isText, input.skipsHeader) = (search.index, true, search.hasHeader)
      }
      let tree = try job.build(input, proving: position)
      guard let proof = tree.proof, let line = ProofLine(proof, identifier: "leaf \(position)") else {
        throw AssayError(
          .usage, "\(leaves.file.path) has \(tree.leaves) leaves, so none has the index \(position).",
          advice: "--index counts from 0, --row from 1.")
      }
      try job.write(line.text)
      return try job.finish()
    }
  }
}

extension LeafRule: ExpressibleByArgument {}

/// What the leaves of a tree are.
struct LeafOptions: ParsableArguments {
  @Argument(help: "One leaf per line, in hexadecimal; `-` is standard input. Blank lines are skipped.")
  var file: InputPath

  @Option(help: "How leaves and nodes are hashed: rfc6962, ssz, keccak-sorted or keccak-standard.")
  var rule = LeafRule.rfc6962

  @Flag(help: "A leaf is the bytes of its line as they are, without the line end.")
  var text = false

  @Flag(help: "The file is CSV with a header: leaves are its rows as they are.")
  var skipHeader = false

  @Option(help: "The depth of an SSZ tree, filled up with zero chunks (default: just deep enough).")
  var depth: Int?

  @Flag(help: "The SSZ tree is a list: its length is hashed in.")
  var list = false

  func validate() throws {
    if skipHeader, !text { throw ValidationError("--skip-header needs --text.") }
    if depth != nil || list, rule != .ssz { throw ValidationError("--depth and --list need --rule ssz.") }
    if let depth, !(0...MerkleTree.depthLimit).contains(depth) {
      throw ValidationError("--depth takes 0 to \(MerkleTree.depthLimit).")
    }
  }

  /// What the options say, as the library takes it.
  var input: LeafInput {
    var input = LeafInput(file.path, rule: rule)
    input.isText = text
    input.skipsHeader = skipHeader
    input.depth = depth
    input.isList = list
    return input
  }
}
