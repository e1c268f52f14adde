import Assay
import Foundation
import Testing

@Suite("Bitcoin blocks")
struct BitcoinBlockTests {
  /// The transaction identifiers of a serialized block, in the hashed byte order, and its root.
  static func identifiers(_ block: [UInt8]) throws -> (identifiers: [[UInt8]], root: [UInt8]) {
    var next = 80
    func number(_ width: Int) -> Int {
      next += width
      return block[next - width..<next].reversed().reduce(0) { $0 << 8 | Int($1) }
    }
    func compactSize() -> Int {
      let first = number(1)
      return first < 0xfd ? first : number(2 << (first - 0xfd))
    }
    var messages: [[UInt8]] = []
    for _ in 0..<compactSize() {
      // The identifier leaves out marker, flag and witnesses.
      var message = Array(block[next..<next + 4])
      next += 4
      let hasWitness = block[next] == 0
      if hasWitness { next += 2 }
      let start = next
      let inputs = compactSize()
      for _ in 0..<inputs {
        next += 36
        next += compactSize()
        next += 4
      }
      for _ in 0..<compactSize() {
        next += 8
        next += compactSize()
      }
      message += block[start..<next]
      if hasWitness {
        for _ in 0..<inputs { for _ in 0..<compactSize() { next += compactSize() } }
      }
      message += block[next..<next + 4]
      next += 4
      messages.append(message)
    }
    #expect(next == block.count)
    let results = try engine.execute(Batch(.sha256dMessage, [Column(messages: messages)]))
    let digests = try withExtendedLifetime(results) { Array(try #require(results.bytes("digest"))) }
    return (messages.indices.map { Array(digests[32 * $0..<32 * $0 + 32]) }, Array(block[36..<68]))
  }

  @Test(
    "the branches of a mainnet block of 2,500 transactions and of a testnet block", .enabled(if: PublicVectors.areThere)
  )
  func branches() throws {
    let testnet = try PublicVectors.text("bitcoin/rust-bitcoin_block_13b8a.hex").trimmingCharacters(
      in: .whitespacesAndNewlines)
    let mainnet = Array(try PublicVectors.file("bitcoin/mainnet_block_0c835b2a_1381836.raw"))
    for (block, step) in [([UInt8](hex: testnet), 1), (mainnet, 25)] {
      let (identifiers, root) = try Self.identifiers(block)
      let rows = BitcoinTests.rows(identifiers)
      #expect(rows.last == [root])
      var proofs: [MerkleProof] = []
      for index in identifiers.indices where index % step == 0 || index == identifiers.count - 1 {
        for size in [nil, UInt64(identifiers.count)] {
          proofs.append(
            .bitcoinBranch(
              BitcoinBranch(
                transaction: identifiers[index].reversed(), index: UInt64(index),
                path: MerklePath(BitcoinTests.path(rows, index).map { $0.reversed() }), root: root.reversed(),
                treeSize: size)))
        }
      }
      var cases = proofs.map { (proof: $0, isValid: true) }
      for case .bitcoinBranch(var wrong) in proofs {
        wrong.index ^= 1
        cases.append((.bitcoinBranch(wrong), false))
      }
      try check(cases, "block of \(identifiers.count)")
    }
  }

  /// BIP 37's TraverseAndBuild.
  static func merkleBlock(_ leaves: [[UInt8]], matches: Set<Int>) -> BitcoinMerkleBlock {
    let rows = BitcoinTests.rows(leaves)
    var bits: [Bool] = []
    var hashes: [[UInt8]] = []
    func build(_ height: Int, _ position: Int) {
      let leads = matches.contains { $0 >> height == position }
      bits.append(leads)
      if height == 0 || !leads {
        hashes.append(rows[height][position])
      } else {
        build(height - 1, 2 * position)
        if 2 * position + 1 < rows[height - 1].count { build(height - 1, 2 * position + 1) }
      }
    }
    build(rows.count - 1, 0)
    var flags = [UInt8](repeating: 0, count: (bits.count + 7) / 8)
    for (index, bit) in bits.enumerated() where bit { flags[index / 8] |= 1 << UInt8(index % 8) }
    return BitcoinMerkleBlock(
      transactionCount: UInt32(leaves.count), hashes: MerklePath(hashes), flags: flags,
      root: rows[rows.count - 1][0].reversed(), transactions: matches.sorted().map { leaves[$0].reversed() })
  }

  @Test("partial trees of blocks of 1 to 20 transactions")
  func partialTrees() throws {
    var noise = Noise(state: 71)
    var proofs: [MerkleProof] = []
    for size in 1...20 {
      let leaves = (0..<size).map { _ in noise.bytes(32) }
      for _ in 0..<4 {
        let matches = Set((0..<3).map { _ in Int.random(in: 0..<size, using: &noise) })
        let proof = Self.merkleBlock(leaves, matches: matches)
        proofs.append(.bitcoinMerkleBlock(proof))
        var other = proof
        other.transactions.append(noise.bytes(32))
        #expect(try verdict(.bitcoinMerkleBlock(other)) == .valueMismatch)
      }
    }
    #expect(try verdicts(proofs).allSatisfy(\.isAccepted))
  }

  @Test("flipping any bit of a partial tree rejects it, unless it calls one more given leaf a match")
  func mutations() throws {
    var noise = Noise(state: 72)
    let proof = Self.merkleBlock((0..<11).map { _ in noise.bytes(32) }, matches: [3, 10])
    var mutants: [BitcoinMerkleBlock] = []
    // A filter may match more than was asked for: the flag of the leaf given beside the match at position 3.
    var harmless = 0
    for bit in 0..<8 * proof.hashes.bytes.count {
      var bytes = proof.hashes.bytes
      bytes[bit / 8] ^= 1 << (bit % 8)
      var mutant = proof
      mutant.hashes = MerklePath(packed: bytes)
      mutants.append(mutant)
    }
    for bit in 0..<8 * proof.flags.count {
      var mutant = proof
      mutant.flags[bit / 8] ^= 1 << (bit % 8)
      mutants.append(mutant)
    }
    for bit in 0..<256 {
      var mutant = proof
      mutant.root[bit / 8] ^= 1 << (bit % 8)
      mutants.append(mutant)
    }
    for (mutant, verdict) in zip(mutants, try verdicts(mutants.map { .bitcoinMerkleBlock($0) }))
    where verdict.isAccepted {
      harmless += 1
      let changed = zip(mutant.flags, proof.flags).map { $0 & ~$1 }
      #expect(changed.contains { $0 != 0 })
    }
    #expect(harmless == 1)
  }

  @Test("CVE-2012-2459 in a partial tree: a repeated pair has the block's root and is rejected")
  func repeatedPair() throws {
    var noise = Noise(state: 73)
    let leaves = (0..<6).map { _ in noise.bytes(32) }
    #expect(BitcoinTests.rows(leaves).last == BitcoinTests.rows(leaves + leaves[4...]).last)
    let forged = Self.merkleBlock(leaves + leaves[4...], matches: [6])
    #expect(try verdict(.bitcoinMerkleBlock(forged)) == .proofShapeInvalid)
  }

  @Test("rust-bitcoin's merkleblock message, cut and lengthened", .enabled(if: PublicVectors.areThere))
  func message() throws {
    let text = try PublicVectors.text("bitcoin/rust-bitcoin_merkle_block.hex").trimmingCharacters(
      in: .whitespacesAndNewlines)
    let message = [UInt8](hex: text)
    let root = Array(message[36..<68].reversed())
    let proof = try #require(BitcoinMerkleBlock(message: message, root: root, transactions: []))
    #expect(try verdict(.bitcoinMerkleBlock(proof)) == .accepted)
    for length in message.indices {
      #expect(BitcoinMerkleBlock(message: Array(message[..<length]), root: root, transactions: []) == nil)
    }
    #expect(BitcoinMerkleBlock(message: message + [0], root: root, transactions: []) == nil)
    // A count of 2^63 hashes.
    var absurd = message
    absurd.replaceSubrange(84..<85, with: [0xff, 0, 0, 0, 0, 0, 0, 0, 0x80])
    #expect(BitcoinMerkleBlock(message: absurd, root: root, transactions: []) == nil)
    // Unused bits.
    var padded = proof
    padded.flags[padded.flags.count - 1] |= 0x80
    #expect(try verdict(.bitcoinMerkleBlock(padded)) == .proofShapeInvalid)
    padded = proof
    padded.flags.append(0)
    #expect(try verdict(.bitcoinMerkleBlock(padded)) == .proofShapeInvalid)
  }
}
