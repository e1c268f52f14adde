/// A log's signed statement of its size and root (a signed note, C2SP `tlog-checkpoint`).
struct Checkpoint {
  /// A signature line.
  struct Signature {
    /// Who claims to have signed.
    let name: [UInt8]
    /// The first four bytes: which key.
    let hint: [UInt8]
    /// The signature itself.
    let bytes: [UInt8]
  }

  /// What is signed: the lines before the blank one, the last one's newline included.
  let body: [UInt8]
  /// How many leaves the tree has.
  let size: UInt64
  /// The tree's root.
  let root: [UInt8]
  let signatures: [Signature]

  /// The mark in front of a signature's name: an em dash and a space.
  private static let mark: [UInt8] = [0xe2, 0x80, 0x94, 0x20]
  /// More signature lines than any log has.
  private static let mostSignatures = 256

  /// Reads the text.
  init(_ text: [UInt8]) throws(ObjectFault) {
    guard let blank = text.indices.dropLast().first(where: { text[$0] == 0x0a && text[$0 + 1] == 0x0a }) else {
      throw .malformed("the checkpoint has no blank line")
    }
    body = Array(text[...blank])
    let lines = body.split(separator: 0x0a, omittingEmptySubsequences: false)
    guard lines.count >= 4, !lines[0].isEmpty, let size = UInt64(String(decoding: lines[1], as: UTF8.self)),
      lines[1].first != UInt8(ascii: "0") || lines[1].count == 1, lines[1].first != UInt8(ascii: "+"),
      let root = Base64.bytes(lines[2]), root.count == 32
    else { throw .malformed("the checkpoint's first lines are not origin, size and root") }
    self.size = size
    self.root = root
    let rest = text[(blank + 2)...].split(separator: 0x0a)
    guard rest.count <= Self.mostSignatures else { throw .malformed("the checkpoint has too many signatures") }
    var signatures: [Signature] = []
    for line in rest {
      guard line.starts(with: Self.mark) else { throw .malformed("the checkpoint has a line that is not a signature") }
      let parts = line.dropFirst(Self.mark.count).split(separator: 0x20, omittingEmptySubsequences: false)
      guard parts.count == 2, !parts[0].isEmpty, let bytes = Base64.bytes(parts[1]), bytes.count > 4 else {
        throw .malformed("the checkpoint has a signature line that is not a name and base64")
      }
      signatures.append(Signature(name: Array(parts[0]), hint: Array(bytes[..<4]), bytes: Array(bytes[4...])))
    }
    self.signatures = signatures
  }
}
