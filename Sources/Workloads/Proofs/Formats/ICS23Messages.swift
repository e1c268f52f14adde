/// The messages of `cosmos/ics23/v1/proofs.proto` that a commitment proof is made of. Enumerations stay numbers: a specification says
/// which ones it takes.
enum ICS23 {
  /// SHA-256 in `HashOp`.
  static let sha256: UInt64 = 1
  /// `NO_HASH` in `HashOp`.
  static let noHash: UInt64 = 0
  /// Protobuf varint lengths in `LengthOp`.
  static let variableLength: UInt64 = 1
  /// `NO_PREFIX` in `LengthOp`.
  static let noLength: UInt64 = 0

  /// How a key and a value become a leaf.
  struct LeafOp: Hashable {
    var hash: UInt64 = 0
    var prehashKey: UInt64 = 0
    var prehashValue: UInt64 = 0
    var length: UInt64 = 0
    var prefix: ArraySlice<UInt8> = []
  }

  /// How a node and its siblings become their parent: hash(prefix, node, suffix).
  struct InnerOp: Hashable {
    var hash: UInt64 = 0
    var prefix: ArraySlice<UInt8> = []
    var suffix: ArraySlice<UInt8> = []
  }

  /// A key, its value, and the way to the root as positions in ``Proof/inners``.
  struct Existence {
    var key: ArraySlice<UInt8> = []
    var value: ArraySlice<UInt8> = []
    var leaf: LeafOp?
    var path: [Int] = []
  }

  /// A key between two neighbours.
  struct NonExistence {
    var key: ArraySlice<UInt8> = []
    var left: Existence?
    var right: Existence?
  }

  /// A commitment proof: one entry, or a batch.
  struct Proof {
    var existences: [Existence] = []
    var nonExistences: [NonExistence] = []
    /// Every inner step, those of a compressed batch once.
    var inners: [InnerOp] = []
  }
}

/// Decoding. Nil for anything but a well-formed message with known fields, each of the singular ones at most once.
extension ICS23.Proof {
  /// More steps in all its paths than any batch needs; bounds the memory that a compressed batch can ask for.
  static let stepLimit = 1 << 18

  init?(_ bytes: [UInt8]) {
    var fields = 0
    let isRead = ProtobufReader.read(bytes[...]) { number, value in
      guard case .bytes(let message) = value, fields == 0 else { return false }
      fields += 1
      switch number {
      case 1, 2: return readEntry(number, message, isCompressed: false)
      case 3: return readBatch(message)
      case 4: return readCompressedBatch(message)
      default: return false
      }
    }
    guard isRead, fields == 1 else { return nil }
  }

  private mutating func readBatch(_ bytes: ArraySlice<UInt8>) -> Bool {
    ProtobufReader.read(bytes, repeated: [1]) { number, value in
      guard number == 1, case .bytes(let entry) = value else { return false }
      return readBatchEntry(entry, isCompressed: false)
    }
  }

  private mutating func readCompressedBatch(_ bytes: ArraySlice<UInt8>) -> Bool {
    var entries: [ArraySlice<UInt8>] = []
    let isRead = ProtobufReader.read(bytes, repeated: [1, 2]) { number, value in
      guard case .bytes(let message) = value else { return false }
      switch number {
      case 1: entries.append(message)
      case 2:
        guard let inner = ICS23.InnerOp(message) else { return false }
        inners.append(inner)
      default: return false
      }
      return true
    }
    return isRead && entries.allSatisfy { readBatchEntry($0, isCompressed: true) }
  }

  private mutating func readBatchEntry(_ bytes: ArraySlice<UInt8>, isCompressed: Bool) -> Bool {
    var fields = 0
    let isRead = ProtobufReader.read(bytes) { number, value in
      guard case .bytes(let message) = value, fields == 0 else { return false }
      fields += 1
      return readEntry(number, message, isCompressed: isCompressed)
    }
    return isRead && fields == 1
  }

  private mutating func readEntry(_ number: UInt64, _ bytes: ArraySlice<UInt8>, isCompressed: Bool) -> Bool {
    if number == 1 {
      guard let existence = readExistence(bytes, isCompressed: isCompressed) else { return false }
      existences.append(existence)
      return true
    }
    guard number == 2 else { return false }
    var proof = ICS23.NonExistence()
    let isRead = ProtobufReader.read(bytes) { number, value in
      guard case .bytes(let field) = value else { return false }
      switch number {
      case 1: proof.key = field
      case 2:
        proof.left = readExistence(field, isCompressed: isCompressed)
        return proof.left != nil
      case 3:
        proof.right = readExistence(field, isCompressed: isCompressed)
        return proof.right != nil
      default: return false
      }
      return true
    }
    guard isRead else { return false }
    nonExistences.append(proof)
    return true
  }

  private mutating func readExistence(_ bytes: ArraySlice<UInt8>, isCompressed: Bool) -> ICS23.Existence? {
    var proof = ICS23.Existence()
    let isRead = ProtobufReader.read(bytes, repeated: [4]) { number, value in
      switch (number, value) {
      case (1, .bytes(let key)): proof.key = key
      case (2, .bytes(let value)): proof.value = value
      case (3, .bytes(let message)):
        proof.leaf = ICS23.LeafOp(message)
        return proof.leaf != nil
      case (4, .bytes(let message)) where !isCompressed:
        guard let inner = ICS23.InnerOp(message) else { return false }
        inners.append(inner)
        proof.path.append(inners.count - 1)
      case (4, .bytes(let packed)):
        var reader = ByteReader(packed)
        while !reader.isAtEnd {
          guard let index = reader.varint(), append(index, to: &proof.path) else { return false }
        }
      case (4, .integer(let index)) where isCompressed: return append(index, to: &proof.path)
      default: return false
      }
      return true
    }
    return isRead ? proof : nil
  }

  private func append(_ index: UInt64, to path: inout [Int]) -> Bool {
    guard index < UInt64(inners.count), path.count < Self.stepLimit else { return false }
    path.append(Int(index))
    return true
  }
}

extension ICS23.LeafOp {
  init?(_ bytes: ArraySlice<UInt8>) {
    let isRead = ProtobufReader.read(bytes) { number, value in
      switch (number, value) {
      case (1, .integer(let code)): hash = code
      case (2, .integer(let code)): prehashKey = code
      case (3, .integer(let code)): prehashValue = code
      case (4, .integer(let code)): length = code
      case (5, .bytes(let bytes)): prefix = bytes
      default: return false
      }
      return true
    }
    guard isRead else { return nil }
  }
}

extension ICS23.InnerOp {
  init?(_ bytes: ArraySlice<UInt8>) {
    let isRead = ProtobufReader.read(bytes) { number, value in
      switch (number, value) {
      case (1, .integer(let code)): hash = code
      case (2, .bytes(let bytes)): prefix = bytes
      case (3, .bytes(let bytes)): suffix = bytes
      default: return false
      }
      return true
    }
    guard isRead else { return nil }
  }
}
