import AssayCore

/// What a signature in a Bitcoin transaction is over.
struct SignatureHash {
  let transaction: BitcoinTransaction
  let input: Int

  /// Of the type's low five bits: all outputs unless it is one of these.
  private static let (none, single) = (UInt32(2), UInt32(3))
  private static let anyoneCanPay: UInt32 = 0x80

  /// The message before segregated witnesses, to be hashed twice; nil where the digest is the number one: SINGLE without an output
  /// of the input's position.
  ///
  /// `type` is the whole number of 32 bits that the reference client hashes, of which signatures carry the lowest byte.
  func legacy(_ script: [UInt8], type: UInt32) -> [UInt8]? {
    let base = type & 0x1f
    let isAlone = type & Self.anyoneCanPay != 0
    if base == Self.single, input >= transaction.outputs.count { return nil }
    var message = transaction.version.littleEndianBytes
    let inputs = isAlone ? input..<input + 1 : 0..<transaction.inputs.count
    message += BitcoinScript.compactSize(inputs.count)
    let code = BitcoinScript.sized(BitcoinScript.withoutCodeSeparators(script))
    for index in inputs {
      let isOwn = index == input
      let sequence = isOwn || base != Self.none && base != Self.single ? transaction.inputs[index].sequence : 0
      message += transaction.inputs[index].outpoint + (isOwn ? code : [0]) + sequence.littleEndianBytes
    }
    switch base {
    case Self.none: message.append(0)
    case Self.single:
      message += BitcoinScript.compactSize(input + 1)
      for _ in 0..<input { message += [UInt8](repeating: 0xff, count: 8) + [0] }
      message += transaction.outputs[input].encoding
    default:
      message += BitcoinScript.compactSize(transaction.outputs.count)
      for output in transaction.outputs { message += output.encoding }
    }
    return message + transaction.lockTime.littleEndianBytes + type.littleEndianBytes
  }

  /// The message of version 0 witnesses (BIP-143), to be hashed twice. Its parts are hashed first, so it is a node.
  func witnessV0(_ script: [UInt8], value: UInt64, type: UInt32) -> HashNode {
    let base = type & 0x1f
    let isAlone = type & Self.anyoneCanPay != 0
    let zero = HashNode.Part.bytes([UInt8](repeating: 0, count: 32))
    let own = transaction.inputs[input]
    let outputs: HashNode.Part =
      switch base {
      case Self.none: zero
      case Self.single:
        input < transaction.outputs.count ? .node(HashNode(transaction.outputs[input].encoding)) : zero
      default: .node(HashNode(transaction.outputs.flatMap(\.encoding)))
      }
    return HashNode([
      .bytes(transaction.version.littleEndianBytes),
      isAlone ? zero : .node(HashNode(transaction.inputs.flatMap(\.outpoint))),
      isAlone || base == Self.none || base == Self.single
        ? zero : .node(HashNode(transaction.inputs.flatMap { $0.sequence.littleEndianBytes })),
      .bytes(own.outpoint + BitcoinScript.sized(script) + value.littleEndianBytes + own.sequence.littleEndianBytes),
      outputs,
      .bytes(transaction.lockTime.littleEndianBytes + type.littleEndianBytes),
    ])
  }

  /// The digest of a key-path spend (BIP-341), SHA-256 tagged `TapSighash`; nil for a type that it does not have. `annex` is the
  /// witness's last element when it starts with 50 and is not alone.
  func taproot(_ spent: [BitcoinTransaction.Output], type: UInt8, annex: [UInt8]?) -> HashNode? {
    guard [0, 1, 2, 3, 0x81, 0x82, 0x83].contains(type) else { return nil }
    let base = type & 3
    let isAlone = UInt32(type) & Self.anyoneCanPay != 0
    if UInt32(base) == Self.single, input >= transaction.outputs.count { return nil }
    let tag = HashNode(Array("TapSighash".utf8))
    var parts: [HashNode.Part] = [
      .node(tag), .node(tag),
      .bytes([0, type] + transaction.version.littleEndianBytes + transaction.lockTime.littleEndianBytes),
    ]
    if !isAlone {
      parts += [
        .node(HashNode(transaction.inputs.flatMap(\.outpoint))),
        .node(HashNode(spent.flatMap { $0.value.littleEndianBytes })),
        .node(HashNode(spent.flatMap { BitcoinScript.sized($0.script) })),
        .node(HashNode(transaction.inputs.flatMap { $0.sequence.littleEndianBytes })),
      ]
    }
    if UInt32(base) != Self.none, UInt32(base) != Self.single {
      parts.append(.node(HashNode(transaction.outputs.flatMap(\.encoding))))
    }
    parts.append(.bytes([annex == nil ? 0 : 1]))
    if isAlone {
      let own = transaction.inputs[input]
      parts.append(.bytes(own.outpoint + spent[input].encoding + own.sequence.littleEndianBytes))
    } else {
      parts.append(.bytes(UInt32(input).littleEndianBytes))
    }
    if let annex { parts.append(.node(HashNode(BitcoinScript.sized(annex)))) }
    if UInt32(base) == Self.single { parts.append(.node(HashNode(transaction.outputs[input].encoding))) }
    return HashNode(parts)
  }
}
