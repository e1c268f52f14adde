public import Assay
import AssayIO

/// The trees of `assay merkle` over leaves that lie in memory.
public struct HeldLeaves {
  private let leaves: UnsafeRawBufferPointer
  private let choice: EngineChoice
  private let check: () throws(AssayError) -> Void

  /// Leaves as a file of `assay merkle` has them; see ``HeldFiles/init(_:on:workers:check:)``.
  public init(
    _ leaves: UnsafeRawBufferPointer, on engine: Engine, workers: Int,
    check: @escaping () throws(AssayError) -> Void = {}
  ) {
    self.leaves = leaves
    choice = EngineChoice(sharing: engine, workers: workers)
    self.check = check
  }

  /// What `assay merkle root --json` writes, or with an `index` the row of `assay merkle prove`.
  ///
  /// - Parameter options: a JSON object: `rule`, `text`, `skipHeader`, `depth`, `list` and `index` as the command's options. Nothing
  ///   stands for `{}`.
  /// - Throws: ``AssayError`` of kind `input` or `usage` saying what is wrong with which line or option.
  public func document(_ options: [UInt8]) throws(AssayError) -> [UInt8] {
    let file = try JSONFile(options.isEmpty ? Array("{}".utf8) : options, name: "options")
    defer { withExtendedLifetime(file) {} }
    let fields = try FileFields(
      file.root, ["rule", "text", "skipHeader", "depth", "list", "index"], in: "options")
    let name = try fields.text("rule") ?? LeafRule.rfc6962.rawValue
    guard let rule = LeafRule(rawValue: name) else {
      let known = LeafRule.allCases.map(\.rawValue).joined(separator: ", ")
      throw fields.problem("there is no rule '\(name.prefix(40))'", advice: "There are: \(known).")
    }
    var input = LeafInput("leaves", rule: rule)
    input.isText = try fields.flag("text")
    input.skipsHeader = try fields.flag("skipHeader")
    input.depth = try fields.whole("depth", in: 0...MerkleTree.depthLimit)
    input.isList = try fields.flag("list")
    if input.skipsHeader, !input.isText { throw fields.problem("skipHeader needs text") }
    if input.depth != nil || input.isList, rule != .ssz { throw fields.problem("depth and list need the rule ssz") }
    let index = try fields.whole("index", in: 0...Int.max)
    let job = try Job(["merkle"], choice, sink: Job.Sink(output: "/dev/null", receipt: nil))
    job.held = ["leaves": leaves]
    job.check = check
    let tree = try job.build(input, proving: index)
    guard let index else { return Array(try LeafDocument(rule, tree).jsonText().utf8) }
    guard let proof = tree.proof, let line = ProofLine(proof, identifier: "leaf \(index)") else {
      throw fields.problem(
        "there are \(tree.leaves) leaves, so none has the index \(index)", advice: "It counts from 0.")
    }
    return Array(line.text.utf8)
  }
}
