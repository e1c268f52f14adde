import ArgumentParser
import Assay
import AssayFormats
import AssayIO

/// `assay verify FILE...`
struct Verify: ParsableCommand, RowCommand {
  static let name = ["verify"]
  static let configuration = CommandConfiguration(
    abstract: "Verify signatures and proofs: JSON Lines in, a verdict per row out.",
    discussion: """
      Every row is an object with a `type` and that type's fields (docs/formats.md); types may be mixed. Output rows are \
      {"row":1,"id":"tx-7","accepted":true} or {"row":2,"accepted":false,"reason":"signature-mismatch"}, in input order.
      """)

  /// What the files hold.
  enum Format: String, ExpressibleByArgument, CaseIterable {
    /// A JSON object per line.
    case jsonl
    /// One proof: verification_key.json, proof.json and public.json.
    case snarkjs
  }

  @Argument(
    help: ArgumentHelp(
      "JSON Lines files; `-` is standard input. With --format snarkjs: VK.json PROOF.json PUBLIC.json.",
      valueName: "files"))
  var inputs: [InputPath]

  @Option(help: "What the files hold: jsonl or snarkjs.")
  var format = Format.jsonl

  @Option(help: "The files hold fixed-size binary rows of this type instead (docs/formats.md).")
  var packed: String?

  @Flag(help: "Packed rows end with an identifier of eight bytes.")
  var packedIds = false

  @Option(help: "Public keys to prepare, one per line; they never change a verdict.")
  var accelerateKeys: InputPath?

  @Flag(help: "A field that the row's type does not have makes the row malformed, instead of being ignored and listed.")
  var strictFields = false

  @Option(help: "Rows may name files below this folder: regular ones of at most 1 MiB.")
  var files: InputPath?

  @Option(help: "The root, in hexadecimal, that every row must prove something of: any other is a root-mismatch.")
  var root: String?

  @OptionGroup var delay: DelayOptions
  @OptionGroup var engine: EngineOptions
  @OptionGroup var job: JobOptions

  func validate() throws {
    if let packed, PackedSignatures.Layout(rawValue: packed) == nil {
      let known = PackedSignatures.Layout.allCases.map(\.rawValue).joined(separator: ", ")
      throw ValidationError("--packed takes one of: \(known).")
    }
    if format == .snarkjs, inputs.count != 3 || packed != nil {
      throw ValidationError("--format snarkjs takes VK.json PROOF.json PUBLIC.json.")
    }
    if strictFields || files != nil, format == .snarkjs || packed != nil {
      throw ValidationError("--strict-fields and --files are for JSON Lines.")
    }
    if let root, Self.bytes(root) == nil { throw ValidationError("--root takes bytes in hexadecimal.") }
    if root != nil, packed != nil || format == .snarkjs {
      throw ValidationError("--root needs rows that are proofs of a root.")
    }
    if packedIds, packed == nil { throw ValidationError("--packed-ids needs --packed.") }
  }

  private static func bytes(_ text: String) -> [UInt8]? {
    Array(text.utf8).withUnsafeBytes(Hexadecimal.decode).flatMap { $0.isEmpty ? nil : $0 }
  }

  func perform(_ sink: Job.Sink) throws(AssayError) -> Job.Outcome {
    var rows = RowOptions()
    rows.refusesUnknownFields = strictFields
    rows.filesFolder = files?.path
    rows.root = root.flatMap(Self.bytes)
    let job = try Job(words, engine.choice, sink: sink)
    job.longestDelay = delay.longest
    if let accelerateKeys {
      job.choice.keys = try KeyList(job.read(accelerateKeys.path), path: accelerateKeys.path).keys()
    }
    if format == .snarkjs { try job.verifySnarkjs(inputs.map(\.path)) }
    for file in inputs where format == .jsonl {
      let input = try job.open(file.path)
      if let layout = packed.flatMap(PackedSignatures.Layout.init(rawValue:)) {
        try job.verifyPacked(input, PackedSignatures(layout, identifiers: packedIds))
      } else {
        try job.verifyRows(input, rows)
      }
    }
    return try job.finish()
  }
}
