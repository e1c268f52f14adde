import AssayIO
import Assay

/// What a receipt says, held against what is there now.
package struct ReceiptReplay {
  /// The receipt.
  package let recorded: ReceiptFile
  private let base: PathBase

  /// Reads the receipt at `path`.
  ///
  /// - Throws: ``AssayError`` of kind `input` naming the file and what is wrong.
  package init(contentsOf path: String) throws(AssayError) {
    recorded = try ReceiptFile(contentsOf: path)
    // The paths of the first version start from wherever the command ran.
    base = PathBase(receipt: recorded.schemaVersion == 1 ? nil : path)
  }

  /// The recorded command, with paths from the current folder on.
  package var words: [CommandWord] {
    let files = Set(recorded.files ?? [])
    return recorded.arguments.enumerated().map { index, word in
      files.contains(index) ? .file(base.resolve(word)) : .text(word)
    }
  }

  /// Where the recorded results go: nowhere, but in the format that they had.
  package var sink: Job.Sink {
    var sink = Job.Sink.digest(isArrow: Job.Sink.isArrow(recorded.output.path))
    sink.rootsResults = recorded.resultRoot != nil
    return sink
  }

  /// The inputs that are not what they were, in sentences. Standard input is not read.
  package func changedInputs() throws(AssayError) -> [String] {
    var changes: [String] = []
    for input in recorded.inputs where input.path != "-" {
      if let change = try change(of: input, as: "is not the file that was read") { changes.append(change) }
    }
    return changes
  }

  /// What has become of the results as they lie there, in a sentence; nil when they are what was written, or went into a stream.
  package func changedOutput() throws(AssayError) -> String? {
    guard recorded.output.path != "-", !PathBase.isDevice(recorded.output.path), !recorded.output.sha256.isEmpty else {
      return nil
    }
    let path = base.resolve(recorded.output.path)
    guard FileIdentity(existing: path) != nil else { return "\(path) is not there any more" }
    return try change(of: recorded.output, as: "is not the file that was written")
  }

  /// The options that differ between the receipt and the command that its arguments make, in sentences.
  package func changedOptions(of command: [CommandWord], ignoring ignored: Set<String>) -> [String] {
    guard let before = recorded.options else { return [] }
    let now = command.options
    return Set(before.keys).union(now.keys).subtracting(ignored).sorted().compactMap { name in
      switch (before[name], now[name]) {
      case (let before?, let now?) where before != now: "\(name) is \(now) and was \(before)"
      case (let before?, nil): "\(name) is not given and was \(before)"
      case (nil, let now?): "\(name) is \(now) and was not given"
      default: nil
      }
    }
  }

  /// What differs in the results of a run on the same inputs, in sentences.
  package func changedResults(of outcome: Job.Outcome) -> [String] {
    let now = outcome.receipt
    var changes: [String] = []
    for (before, now) in zip(recorded.inputs, now.inputs) where before.path == "-" && before.sha256 != now.sha256 {
      changes.append("standard input is not what was read: SHA-256 is \(now.sha256) and was \(before.sha256)")
    }
    if recorded.output.sha256 != now.output.sha256 {
      changes.append(
        "the results differ: SHA-256 is \(now.output.sha256) and was \(recorded.output.sha256) "
          + "(assay \(AssayVersion.current) now, \(recorded.assayVersion) then)")
    } else if recorded.resultRoot != now.resultRoot || recorded.resultRows != now.resultRows {
      changes.append("the results are the same, but their root in the receipt is not theirs")
    }
    return changes
  }

  private func change(of file: ReceiptFile.File, as sentence: String) throws(AssayError) -> String? {
    let path = base.resolve(file.path)
    // What is not a regular file gives its bytes once, or never: a pipe would be waited for, or leave nothing to the run that follows.
    if let identity = FileIdentity(existing: path), !identity.isRegular {
      return "\(path) is not a regular file, and cannot be compared"
    }
    let input = try InputFile(path, hashing: true)
    let block = Memory(byteCount: 1 << 20)
    while try input.read(into: block.bytes) > 0 {}
    let now = input.sha256?.hexadecimal ?? ""
    return now == file.sha256 ? nil : "\(path) \(sentence): SHA-256 is \(now) and was \(file.sha256)"
  }
}
