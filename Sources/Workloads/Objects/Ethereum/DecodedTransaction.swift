import AssayCore
import AssayProofs

/// A transaction's fields as far as its hash, signature and chain need them, every one checked for its canonical form.
struct DecodedTransaction {
  /// 0 for legacy, else the first byte.
  let type: UInt8
  /// The chain's identifier without leading zeros; nil for a legacy transaction without one.
  let chainId: [UInt8]?
  /// What is hashed for the transaction's hash: without blobs.
  let canonical: TransactionPart
  /// What is hashed for the signature.
  let signedPayload: TransactionPart
  /// r, s and parity: 65 bytes.
  let signature: [UInt8]
  /// EIP-7702's authorizations that are worth recovering.
  let authorizations: [Authorization]
  /// The versioned hashes of EIP-4844, and what the network form brings beside them.
  let blobHashes: [[UInt8]]
  let sidecar: BlobSidecar?

  /// An EIP-7702 authorization tuple: what is signed, and by which signature.
  struct Authorization {
    let signedPayload: TransactionPart
    let signature: [UInt8]
  }

  /// Decodes `raw`.
  init(_ raw: [UInt8]) throws(ObjectFault) {
    guard let first = raw.first else { throw .malformed("raw is empty") }
    if first >= 0xc0 {
      try self.init(legacy: raw)
    } else {
      guard (1...4).contains(first) else {
        throw first < 0x80
          ? ObjectFault(.unsupportedType, "transaction type \(first) is not known")
          : .malformed("raw is an RLP string, not a transaction")
      }
      try self.init(typed: raw, type: first)
    }
  }

  private init(legacy raw: [UInt8]) throws(ObjectFault) {
    let (list, fields) = try Self.fields(raw[...], count: 9)
    try Self.checkCore(nonce: fields[0], gas: fields[2], to: fields[3], value: fields[4], data: fields[5])
    _ = try fields[1].integer("gasPrice")
    let v = try fields[6].integer("v", width: 8).bigEndian
    // What a chain adds to the fields that are signed.
    var added: [UInt8] = []
    let parity: UInt8
    switch v {
    case 27, 28:
      chainId = nil
      parity = UInt8(v - 27)
    case 35...:
      let chain = Array(((v - 35) / 2).bigEndianBytes.drop { $0 == 0 })
      chainId = chain
      parity = UInt8((v - 35) % 2)
      added = RLPWriter.integer(chain) + [0x80, 0x80]
    default: throw ObjectFault(.signatureEncodingInvalid, "v is \(v), not 27, 28 or at least 35")
    }
    type = 0
    canonical = TransactionPart(raw[...])
    signedPayload = TransactionPart(list, upTo: fields[5], adding: added)
    signature = try Self.signature(parity: parity, r: fields[7], s: fields[8])
    authorizations = []
    blobHashes = []
    sidecar = nil
  }

  private init(typed raw: [UInt8], type: UInt8) throws(ObjectFault) {
    let count: Int =
      switch type {
      case 1: 11
      case 2: 12
      case 3: 14
      default: 13
      }
    var body = raw[1...]
    var sidecar: BlobSidecar?
    if type == 3, let wrapper = RLPField(body)?.items, wrapper.first?.isList == true {
      sidecar = try BlobSidecar(wrapper)
      body = wrapper[0].encoding
    }
    let (list, fields) = try Self.fields(body, count: count)
    let chain = try fields[0].integer("chainId")
    // 01 has a gas price, the others two fees; 03 a blob fee behind the access list.
    let hasFees = type > 1
    let gas = hasFees ? 4 : 3
    for field in fields[2..<gas] { _ = try field.integer("a fee") }
    try Self.checkCore(
      nonce: fields[1], gas: fields[gas], to: fields[gas + 1], value: fields[gas + 2], data: fields[gas + 3],
      mayCreate: type < 3)
    try Self.checkAccessList(fields[gas + 4])
    blobHashes = type == 3 ? try Self.blobHashes(fields[9], fields[10]) : []
    authorizations = type == 4 ? try Self.authorizations(fields[9], chain: Array(chain)) : []
    let parity = try fields[count - 3].integer("yParity")
    guard parity.count == 0 || Array(parity) == [1] else {
      throw ObjectFault(.signatureEncodingInvalid, "yParity is not 0 or 1")
    }
    self.type = type
    chainId = Array(chain)
    canonical = TransactionPart(body, behind: [type])
    signedPayload = TransactionPart(type: type, list, upTo: fields[count - 4])
    signature = try Self.signature(parity: parity.first ?? 0, r: fields[count - 2], s: fields[count - 1])
    self.sidecar = sidecar
  }

  private static func fields(
    _ body: ArraySlice<UInt8>, count: Int
  ) throws(ObjectFault) -> (list: RLPField, fields: [RLPField]) {
    guard let list = RLPField(body), let fields = list.items else {
      throw .malformed("the transaction is not one canonical RLP list")
    }
    guard fields.count == count else {
      throw .malformed("the transaction has \(fields.count) fields, not \(count)")
    }
    return (list, fields)
  }

  private static func checkCore(
    nonce: RLPField, gas: RLPField, to: RLPField, value: RLPField, data: RLPField, mayCreate: Bool = true
  ) throws(ObjectFault) {
    guard try nonce.integer("nonce", width: 8).bigEndian < .max else { throw .malformed("nonce is 2^64 - 1") }
    _ = try gas.integer("gas", width: 8)
    let address = try to.string("to")
    guard address.count == 20 || mayCreate && address.isEmpty else { throw .malformed("to is not 20 bytes long") }
    _ = try value.integer("value")
    _ = try data.string("data")
  }

  private static func checkAccessList(_ field: RLPField) throws(ObjectFault) {
    for entry in try field.list("accessList") {
      let parts = try entry.list("an accessList entry")
      guard parts.count == 2 else { throw .malformed("an accessList entry does not have 2 parts") }
      _ = try parts[0].string("an accessList address", count: 20)
      for key in try parts[1].list("an accessList entry's storageKeys") {
        _ = try key.string("an accessList storage key", count: 32)
      }
    }
  }

  private static func blobHashes(_ fee: RLPField, _ hashes: RLPField) throws(ObjectFault) -> [[UInt8]] {
    _ = try fee.integer("maxFeePerBlobGas")
    var list: [[UInt8]] = []
    for hash in try hashes.list("blobVersionedHashes") {
      let bytes = try hash.string("a blob's versioned hash", count: 32)
      guard bytes.first == 1 else { throw .malformed("a blob's versioned hash does not start with 01") }
      list.append(Array(bytes))
    }
    guard !list.isEmpty else { throw .malformed("blobVersionedHashes is empty") }
    return list
  }

  /// The tuples [chain, address, nonce, yParity, r, s]. Only their form matters to the transaction (EIP-7702); those of another
  /// chain, or whose scalars are out of range, are not worth recovering.
  private static func authorizations(_ field: RLPField, chain: [UInt8]) throws(ObjectFault) -> [Authorization] {
    var list: [Authorization] = []
    let tuples = try field.list("authorizationList")
    guard !tuples.isEmpty else { throw .malformed("authorizationList is empty") }
    for tuple in tuples {
      let parts = try tuple.list("an authorization")
      guard parts.count == 6 else { throw .malformed("an authorization does not have 6 parts") }
      let tupleChain = try parts[0].integer("an authorization's chainId")
      _ = try parts[1].string("an authorization's address", count: 20)
      let nonce = try parts[2].integer("an authorization's nonce", width: 8)
      let parity = try parts[3].integer("an authorization's yParity", width: 1)
      let r = try parts[4].integer("an authorization's r")
      let s = try parts[5].integer("an authorization's s")
      guard tupleChain.isEmpty || Array(tupleChain) == chain, nonce.bigEndian < .max, parity.bigEndian < 2,
        !isHighS(s.padded(to: 32))
      else { continue }
      list.append(
        Authorization(
          signedPayload: TransactionPart(type: 0x05, tuple, upTo: parts[2]),
          signature: r.padded(to: 32) + s.padded(to: 32) + [parity.first ?? 0]))
    }
    return list
  }

  /// r, s and parity in 65 bytes, with the rules that recovery itself does not have.
  private static func signature(parity: UInt8, r: RLPField, s: RLPField) throws(ObjectFault) -> [UInt8] {
    let r = try r.integer("r").padded(to: 32)
    let s = try s.integer("s").padded(to: 32)
    guard r.contains(where: { $0 != 0 }), s.contains(where: { $0 != 0 }) else {
      throw ObjectFault(.scalarOutOfRange, "r or s is zero")
    }
    guard !isHighS(s) else { throw ObjectFault(.highS, "s is above half the group order") }
    return r + s + [parity]
  }

  /// Half of secp256k1's group order, rounded down (SEC 2): the largest s that EIP-2 allows.
  private static let largestLowS: [UInt8] =
    [0x7f] + [UInt8](repeating: 0xff, count: 15)
    + [0x5d, 0x57, 0x6e, 0x73, 0x57, 0xa4, 0x50, 0x1d, 0xdf, 0xe9, 0x2f, 0x46, 0x68, 0x1b, 0x20, 0xa0]

  /// Whether 32 big-endian bytes are above half the group order.
  static func isHighS(_ s: [UInt8]) -> Bool { largestLowS.lexicographicallyPrecedes(s) }
}

/// A piece of a transaction that is hashed, with what stands around it there: nothing of the transaction is copied before it is.
struct TransactionPart {
  private let front: [UInt8]
  private let piece: ArraySlice<UInt8>
  private let back: [UInt8]

  /// A piece as it is, behind a few bytes.
  init(_ piece: ArraySlice<UInt8>, behind front: [UInt8] = []) {
    self.front = front
    self.piece = piece
    back = []
  }

  /// The list of what is in `list` up to its item `last`, and of the encoded items `added`; behind `type` where there is one.
  init(type: UInt8? = nil, _ list: RLPField, upTo last: RLPField, adding added: [UInt8] = []) {
    piece = list.payload[..<last.encoding.endIndex]
    front = (type.map { [$0] } ?? []) + RLPWriter.listHeader(piece.count + added.count)
    back = added
  }

  /// Adds the bytes to a message.
  func append(to message: inout [UInt8]) {
    message += front
    message += piece
    message += back
  }
}
