import Assay
import Foundation
import Testing

@Suite("eth_getProof")
struct EthereumAccountTests {
  struct Response: Decodable {
    struct Slot: Decodable {
      let key: String
      let value: String
      let proof: [String]
    }
    let address: String
    let accountProof: [String]
    let balance: String
    let codeHash: String
    let nonce: String
    let storageHash: String
    let storageProof: [Slot]
  }

  /// Digits of a quantity, an even number of them.
  static func quantity(_ text: String) -> [UInt8] {
    let digits = text.dropFirst(2)
    return [UInt8](hex: digits.count % 2 == 0 ? String(digits) : "0" + digits)
  }

  static func mainnet() throws -> EthereumAccountProof {
    let response = try JSONDecoder().decode(Response.self, from: PublicVectors.file("mpt/helios_proof.json"))
    let nodes = response.accountProof.map { [UInt8](hex: $0) }
    return EthereumAccountProof(
      stateRoot: try keccak256(nodes[0]), address: [UInt8](hex: response.address),
      nonce: try #require(UInt64(response.nonce.dropFirst(2), radix: 16)), balance: quantity(response.balance),
      storageHash: [UInt8](hex: response.storageHash), codeHash: [UInt8](hex: response.codeHash), nodes: nodes,
      slots: response.storageProof.map { slot in
        EthereumAccountProof.Slot(
          key: quantity(slot.key), value: quantity(slot.value), nodes: slot.proof.map { [UInt8](hex: $0) })
      })
  }

  @Test("the deposit contract on mainnet (helios), and every field changed", .enabled(if: PublicVectors.areThere))
  func depositContract() throws {
    let proof = try Self.mainnet()
    // The state root that SOURCES.txt names.
    #expect(proof.stateRoot.hexadecimal.hasPrefix("7b3d5a01") && proof.stateRoot.hexadecimal.hasSuffix("710e"))
    #expect(!proof.slots.isEmpty)
    #expect(try verdict(.ethereumAccount(proof)) == .accepted)
    let changes: [(inout EthereumAccountProof) -> Void] = [
      { $0.nonce += 1 }, { $0.balance[0] ^= 1 }, { $0.storageHash[5] ^= 1 }, { $0.codeHash[31] ^= 1 },
      { $0.slots[0].value = $0.slots[0].value.contains { $0 != 0 } ? [0] : [1] }, { $0.slots[0].value = [7, 7, 7] },
    ]
    for change in changes {
      var other = proof
      change(&other)
      #expect(try verdict(.ethereumAccount(other)) == .valueMismatch)
    }
    var other = proof
    other.balance = [0, 0] + proof.balance
    #expect(try verdict(.ethereumAccount(other)) == .accepted)
    other.balance = [UInt8](repeating: 0, count: 33)
    #expect(try verdict(.ethereumAccount(other)) == .malformedRow)
    other = proof
    other.nodes.removeLast()
    #expect(try verdict(.ethereumAccount(other)) == .proofShapeInvalid)
    other = proof
    other.address[3] ^= 1
    #expect(try !verdict(.ethereumAccount(other)).isAccepted)
  }

  @Test("flipping a bit in any byte of any node rejects", .enabled(if: PublicVectors.areThere))
  func mutations() throws {
    let proof = try Self.mainnet()
    var mutants: [MerkleProof] = []
    for index in proof.nodes.indices {
      for position in proof.nodes[index].indices where position % 7 == index {
        var mutant = proof
        mutant.nodes[index][position] ^= 1 << (position % 8)
        mutants.append(.ethereumAccount(mutant))
      }
    }
    for slot in proof.slots.indices {
      for index in proof.slots[slot].nodes.indices {
        for position in proof.slots[slot].nodes[index].indices where position % 7 == index {
          var mutant = proof
          mutant.slots[slot].nodes[index][position] ^= 1 << (position % 8)
          mutants.append(.ethereumAccount(mutant))
        }
      }
    }
    #expect(try verdicts(mutants).allSatisfy { $0 == .rootMismatch })
  }

  /// A state of random accounts, one with storage.
  struct State {
    let trie: PatriciaOracle
    let storage: PatriciaOracle
    let accounts: [[UInt8]]

    init(_ noise: inout Noise) throws {
      var slots: [[UInt8]: [UInt8]] = [:]
      for slot in 0..<20 {
        let key = [UInt8](repeating: 0, count: 31) + [UInt8(slot * 3)]
        slots[try keccak256(key)] = PatriciaOracle.Item.string([UInt8(slot + 1)]).encoding
      }
      storage = PatriciaOracle(slots)
      var state: [[UInt8]: [UInt8]] = [:]
      var accounts: [[UInt8]] = []
      for _ in 0..<50 {
        let address = noise.bytes(20)
        accounts.append(address)
        state[try keccak256(address)] =
          PatriciaOracle.Item.list([
            .string([9]), .string([1, 0]), .string(try storage.root()), .string(try keccak256([])),
          ]).encoding
      }
      trie = PatriciaOracle(state)
      self.accounts = accounts
    }

    func proof(_ address: [UInt8], slots: [UInt8]) throws -> EthereumAccountProof {
      let isThere = accounts.contains(address)
      return EthereumAccountProof(
        stateRoot: try trie.root(), address: address, nonce: isThere ? 9 : 0, balance: isThere ? [1, 0] : [],
        storageHash: isThere ? try storage.root() : try PatriciaOracle([:]).root(), codeHash: try keccak256([]),
        nodes: try trie.proof(try keccak256(address)),
        slots: try slots.map { slot in
          let key = [UInt8](repeating: 0, count: 31) + [slot]
          let isSet = isThere && slot % 3 == 0 && slot < 60
          return EthereumAccountProof.Slot(
            key: [slot], value: isSet ? [slot / 3 + 1] : [0],
            nodes: isThere ? try storage.proof(try keccak256(key)) : [])
        })
    }
  }

  @Test("accounts and slots that are there, and some that are not")
  func synthetic() throws {
    var noise = Noise(state: 41)
    let state = try State(&noise)
    var proofs: [MerkleProof] = []
    for address in state.accounts + (0..<20).map({ _ in noise.bytes(20) }) {
      proofs.append(.ethereumAccount(try state.proof(address, slots: [0, 1, 3, 57, 60])))
    }
    #expect(try verdicts(proofs).allSatisfy(\.isAccepted))
  }

  @Test("an account that is not there owns nothing")
  func absentAccount() throws {
    var noise = Noise(state: 42)
    let state = try State(&noise)
    let absent = try state.proof(noise.bytes(20), slots: [1])
    #expect(try verdict(.ethereumAccount(absent)) == .accepted)
    var other = absent
    other.storageHash = [UInt8](repeating: 0, count: 32)
    other.codeHash = other.storageHash
    #expect(try verdict(.ethereumAccount(other)) == .accepted)
    let changes: [(inout EthereumAccountProof) -> Void] = [
      { $0.nonce = 1 }, { $0.balance = [1] }, { $0.codeHash[0] ^= 1 }, { $0.storageHash[0] ^= 1 },
      { $0.slots[0].value = [1] },
    ]
    for change in changes {
      var other = absent
      change(&other)
      #expect(try verdict(.ethereumAccount(other)) == .valueMismatch)
    }
    // Nor can its slots borrow another account's storage trie.
    other = absent
    other.storageHash = try state.storage.root()
    #expect(try verdict(.ethereumAccount(other)) == .valueMismatch)
  }
}
