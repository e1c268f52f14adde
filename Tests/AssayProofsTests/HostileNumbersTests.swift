import Assay
import Testing

/// Depths of 2^40 and counts of 2^63: every number that a format carries, and every length that its bytes name, is a reason and
/// neither a crash, nor a hang, nor memory.
@Suite("Hostile numbers")
struct HostileNumbersTests {
  static let huge: [UInt64] = [1 << 40, 1 << 40 | 1, 1 << 62, 1 << 63 - 1, 1 << 63, .max - 1, .max]
  static let hash = [UInt8](repeating: 7, count: 32)
  static let path = MerklePath([hash, hash])

  private func expectShape(_ proofs: [MerkleProof], _ name: String) throws {
    for (index, verdict) in try verdicts(proofs).enumerated() {
      #expect(verdict == .proofShapeInvalid, "\(name) \(index): \(verdict)")
    }
  }

  @Test("RFC 6962: indices, sizes and ranges")
  func transparency() throws {
    for leaf in [RFC6962Inclusion.Leaf.data([1]), .hash(Self.hash)] {
      for first in Self.huge {
        try expectShape(
          [(0, first), (first - 1, first), (first, .max), (first, first), (first, 4), (first / 2, first)].map {
            .rfc6962Inclusion(RFC6962Inclusion(leaf: leaf, index: $0, treeSize: $1, path: Self.path, root: Self.hash))
          }, "inclusion")
        try expectShape(
          [(0, 0, first), (first - 1, 0, first), (first, first, 8), (first, 8, first), (8, first, .max)].map {
            .rfc6962SubtreeInclusion(
              RFC6962SubtreeInclusion(leaf: leaf, index: $0, start: $1, end: $2, path: Self.path, root: Self.hash))
          }, "subtree inclusion")
      }
    }
    for first in Self.huge {
      try expectShape(
        [(1, first), (3, first), (first - 1, first), (first, 4), (first / 2 - 1, first), (first / 2 + 1, first)].map {
          .rfc6962Consistency(
            RFC6962Consistency(
              firstSize: $0, secondSize: $1, firstRoot: Self.hash, secondRoot: Self.hash, path: Self.path))
        }, "consistency")
      try expectShape(
        [(0, 3, first), (first - 1, first, first), (first, 8, 9), (8, first, 9), (0, first - 1, first)].map {
          .rfc6962SubtreeConsistency(
            RFC6962SubtreeConsistency(
              start: $0, end: $1, treeSize: $2, subtreeRoot: Self.hash, root: Self.hash, path: Self.path))
        }, "subtree consistency")
    }
  }

  @Test("SSZ: generalized indices")
  func ssz() throws {
    for index in Self.huge {
      try expectShape(
        [
          .ssz(SSZProof(leaf: Self.hash, generalizedIndex: index, path: Self.path, root: Self.hash)),
          .sszMultiproof(
            SSZMultiproof(leaves: [Self.hash], generalizedIndices: [index], path: Self.path, root: Self.hash)),
          .sszMultiproof(
            SSZMultiproof(
              leaves: [Self.hash, Self.hash], generalizedIndices: [index, 2], path: Self.path, root: Self.hash)),
        ], "\(index)")
    }
  }

  @Test("Bitcoin: indices, sizes, transaction counts, and counts of a message")
  func bitcoin() throws {
    for number in Self.huge {
      for (index, size) in [(number, nil), (0, number), (number, number), (number - 1, number)] as [(UInt64, UInt64?)] {
        let proof = BitcoinBranch(
          transaction: Self.hash, index: index, path: Self.path, root: Self.hash, treeSize: size)
        try expectShape([.bitcoinBranch(proof)], "branch")
      }
    }
    let deep = BitcoinBranch(
      transaction: Self.hash, index: 0, path: MerklePath(Array(repeating: Self.hash, count: 4_096)), root: Self.hash)
    try expectShape([.bitcoinBranch(deep)], "deep branch")
    for count in [1 << 31, UInt32.max] {
      let block = BitcoinMerkleBlock(
        transactionCount: count, hashes: Self.path, flags: [0xff], root: Self.hash, transactions: [])
      try expectShape([.bitcoinMerkleBlock(block)], "merkleblock")
    }
    let header = [UInt8](repeating: 0, count: 80) + [9, 0, 0, 0]
    for number in Self.huge {
      let count = [0xff] + (0..<8).map { UInt8(truncatingIfNeeded: number >> (8 * $0)) }
      for message in [header + count, header + count + Self.hash, header + [1] + Self.hash + count + [1]] {
        #expect(BitcoinMerkleBlock(message: message, root: Self.hash, transactions: []) == nil)
      }
    }
  }

  @Test("OpenZeppelin: long paths and many flags; it carries no numbers")
  func openZeppelin() throws {
    let path = MerklePath(packed: [UInt8](repeating: 7, count: 32 << 12))
    try expectShape(
      [
        .sortedKeccak(SortedKeccakProof(leaf: .hash(Self.hash), path: path, root: Self.hash)),
        .sortedKeccakMultiproof(
          SortedKeccakMultiproof(
            leaves: [.hash(Self.hash)], path: path, flags: Array(repeating: false, count: 1 << 12), root: Self.hash)),
        .sortedKeccakMultiproof(
          SortedKeccakMultiproof(
            leaves: [.hash(Self.hash)], path: Self.path, flags: Array(repeating: true, count: 1 << 20), root: Self.hash)
        ),
      ], "Keccak")
  }

  @Test("Merkle-Patricia: lengths that RLP names, and thousands of nodes")
  func patricia() throws {
    var proofs: [MerkleProof] = []
    for number in Self.huge {
      let length = (0..<8).reversed().map { UInt8(truncatingIfNeeded: number >> (8 * $0)) }
      let shortest = Array(length.drop { $0 == 0 })
      for tag: UInt8 in [0xb7, 0xf7] {
        for digits in [length, shortest] {
          let item = [tag + UInt8(digits.count)] + digits + Self.hash
          // Alone, and as the first item of a list.
          for node in [item, [0xc0 + UInt8(item.count)] + item] {
            proofs.append(
              .patricia(
                PatriciaProof(root: try keccak256(node), key: [1], isSecure: false, value: nil, nodes: [node])))
          }
        }
      }
    }
    for verdict in try verdicts(proofs) { #expect(verdict == .nonCanonicalEncoding) }
    let nodes = Array(repeating: Self.hash, count: 1 << 16)
    let account = EthereumAccountProof(
      stateRoot: Self.hash, address: Array(Self.hash[..<20]), nonce: .max, balance: Self.hash, storageHash: Self.hash,
      codeHash: Self.hash, nodes: nodes, slots: [])
    try expectShape(
      [
        .patricia(PatriciaProof(root: Self.hash, key: Self.hash, isSecure: true, value: nil, nodes: nodes)),
        .ethereumAccount(account),
      ], "nodes")
  }

  @Test("ICS-23: lengths, numbers and steps that Protocol Buffers name", arguments: ICS23Proof.Tree.allCases)
  func ics23(tree: ICS23Proof.Tree) throws {
    func varint(_ number: UInt64) -> [UInt8] {
      number < 0x80 ? [UInt8(number)] : [UInt8(truncatingIfNeeded: number) | 0x80] + varint(number >> 7)
    }
    let leaf = ICS23Tests.field(3, [8, 1, 24, 1, 32, 1] + ICS23Tests.field(5, [0, 2, 2]))
    let existence = ICS23Tests.field(1, [1]) + ICS23Tests.field(2, [2]) + leaf
    var proofs: [[UInt8]] = []
    for number in Self.huge {
      // A length as long as memory: of the proof, a key, a step and its prefix.
      for field: UInt8 in [0x0a, 0x12, 0x1a, 0x22] {
        proofs.append([field] + varint(number) + [1, 2, 3])
        proofs.append(ICS23Tests.field(1, existence + [field] + varint(number) + [1, 2, 3]))
      }
      // Hash and length operations, and positions of a compressed batch's steps.
      for tag: UInt8 in [8, 16, 24, 32] {
        let op = [tag] + varint(number)
        proofs.append(
          ICS23Tests.field(1, ICS23Tests.field(1, [1]) + ICS23Tests.field(2, [2]) + ICS23Tests.field(3, op)))
      }
      proofs.append(
        ICS23Tests.field(4, ICS23Tests.field(1, ICS23Tests.field(1, existence + ICS23Tests.field(4, varint(number))))))
      // IAVL's height, size and version are numbers too.
      let header = ICS23Tests.field(
        3, [8, 1, 24, 1, 32, 1] + ICS23Tests.field(5, varint(number) + varint(number) + [2]))
      proofs.append(ICS23Tests.field(1, ICS23Tests.field(1, [1]) + ICS23Tests.field(2, [2]) + header))
    }
    // More steps than a tree has levels, and more than any batch needs.
    let step = ICS23Tests.field(
      4, [8, 1] + ICS23Tests.field(2, [4, 4, 2, 32]) + ICS23Tests.field(3, [32] + Self.hash))
    proofs.append(ICS23Tests.field(1, existence + (0..<1 << 12).flatMap { _ in step }))
    let entry = ICS23Tests.field(
      1, ICS23Tests.field(1, existence + ICS23Tests.field(4, [UInt8](repeating: 0, count: 1 << 14))))
    proofs.append(ICS23Tests.field(4, (0..<17).flatMap { _ in entry }))
    let all = proofs.map {
      MerkleProof.ics23(ICS23Proof(root: Self.hash, key: [1], value: [2], proof: $0, tree: tree))
    }
    for (index, verdict) in try verdicts(all).enumerated() {
      #expect([.malformedRow, .proofShapeInvalid].contains(verdict), "\(index): \(verdict)")
    }
  }

  @Test("the same numbers as rows of the command line")
  func commandLine() throws {
    var rows: [[String: Any]] = []
    let (hash, path) = (Self.hash.hexadecimal, [Self.hash.hexadecimal])
    for number in Self.huge {
      rows += [
        ["type": "merkle-ssz", "leaf": hash, "generalizedIndex": number, "path": path, "root": hash],
        [
          "type": "merkle-rfc6962-inclusion", "leafHash": hash, "index": 3, "treeSize": number, "path": path,
          "root": hash,
        ],
        [
          "type": "merkle-rfc6962-inclusion", "leafHash": hash, "index": number, "treeSize": 9, "path": path,
          "root": hash,
        ],
        [
          "type": "merkle-rfc6962-consistency", "firstSize": 3, "secondSize": number, "firstRoot": hash,
          "secondRoot": hash, "path": path,
        ],
        [
          "type": "merkle-rfc6962-subtree-inclusion", "leafHash": hash, "index": 0, "start": 0, "end": number,
          "path": path, "root": hash,
        ],
        [
          "type": "merkle-rfc6962-subtree-consistency", "start": 0, "end": 3, "treeSize": number, "subtreeRoot": hash,
          "root": hash, "path": path,
        ],
        ["type": "merkle-bitcoin", "txid": hash, "index": 0, "treeSize": number, "path": path, "root": hash],
        ["type": "merkle-bitcoin", "txid": hash, "index": number, "path": path, "root": hash],
      ]
    }
    let lines = try CommandLineVerifier.verify(rows)
    #expect(lines.count == rows.count)
    for line in lines { #expect(line.contains("\"accepted\":false,\"reason\":\"proof-shape-invalid\""), "\(line)") }
  }
}
