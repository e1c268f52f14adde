import Assay
import Testing

/// Ethereum transactions and typed data: the examples that their standards print.
struct TransactionTests {
  /// The signed transaction of EIP-155's example.
  private static let example = hexadecimal(
    "f86c098504a817c800825208943535353535353535353535353535353535353535880de0b6b3a76400008025"
      + "a028ef61340bd939bc2195fe537567866003e1a15d3c71ff63e1590620aa636276"
      + "a067cbe9d8997f761aecb703304b3800ccf555c9f3dc64214b297fb1966a3b6d83")
  private static let sender = hexadecimal("9d8a62f656a8d1615c1294fd71e9cfb3e4855a4f")

  @Test func theExampleOfEIP155IsGood() throws {
    let outcomes = try ObjectVerifier.verify(
      [
        EthereumTransaction(raw: Self.example, chainId: 1, from: Self.sender),
        EthereumTransaction(raw: Self.example, chainId: 2),
        EthereumTransaction(raw: Self.example, from: [UInt8](repeating: 1, count: 20)),
      ] as [any ChainObject], on: Engine())
    #expect(outcomes.map(\.verdict) == [.accepted, .valueMismatch, .addressMismatch])
    #expect(outcomes[0].fields.first { $0.name == "from" }?.value == .bytes(Self.sender))
  }

  @Test func everyFlippedBitIsRejected() throws {
    var damaged: [any ChainObject] = []
    for position in Self.example.indices {
      for bit in 0..<8 {
        var raw = Self.example
        raw[position] ^= 1 << UInt8(bit)
        damaged.append(EthereumTransaction(raw: raw, from: Self.sender))
      }
    }
    for length in Self.example.indices {
      damaged.append(EthereumTransaction(raw: Array(Self.example[..<length]), from: Self.sender))
    }
    damaged.append(EthereumTransaction(raw: Self.example + [0], from: Self.sender))
    let outcomes = try ObjectVerifier.verify(damaged, on: Engine())
    #expect(outcomes.allSatisfy { !$0.verdict.isAccepted && $0.detail != nil })
  }

  /// The Mail example of EIP-712 with another member of the message, and the digest that the standard prints.
  private static func mail(
    _ extra: (type: String, value: TypedValue)? = nil, contents: TypedValue = .text("Hello, Bob!")
  ) -> TypedData {
    typealias Member = TypedData.Member
    let person = { (name: String, wallet: String) in
      TypedValue.object(["name": .text(name), "wallet": .text(wallet)])
    }
    var mail = [
      Member(name: "from", type: "Person"), Member(name: "to", type: "Person"),
      Member(name: "contents", type: "string"),
    ]
    var message: [String: TypedValue] = [
      "from": person("Cow", "0xCD2a3d9F938E13CD947Ec05AbC7FE734Df8DD826"),
      "to": person("Bob", "0xbBbBBBBbbBBBbbbBbbBbbbbBBbBbbbbBbBbbBBbB"), "contents": contents,
    ]
    if let extra {
      mail.append(Member(name: "x", type: extra.type))
      message["x"] = extra.value
    }
    return TypedData(
      types: [
        "Person": [Member(name: "name", type: "string"), Member(name: "wallet", type: "address")], "Mail": mail,
      ], primaryType: "Mail",
      domain: [
        "name": .text("Ether Mail"), "version": .text("1"), "chainId": .number("1"),
        "verifyingContract": .text("0xCcCCccccCCCCcCCCCCCcCcCccCcCCCcCcccccccC"),
      ], message: message)
  }

  @Test func theExampleOfEIP712HasItsDigest() throws {
    let digest = hexadecimal("be609aee343fb3c4b28e1df9e632fca64fcfaede20f02e86244efddf30957bd2")
    let outcomes = try ObjectVerifier.verify(
      [
        SignedMessage(.typedData(Self.mail()), signer: .none(digest: digest)),
        SignedMessage(.typedData(Self.mail(contents: .text("Hello, Bob?"))), signer: .none(digest: digest)),
      ] as [any ChainObject], on: Engine())
    #expect(outcomes.map(\.verdict) == [.accepted, .valueMismatch])
  }

  @Test(arguments: [
    ("uint", TypedValue.number("1")), ("int8", .number("128")), ("uint8", .number("-1")), ("uint7", .number("1")),
    ("bytes4", .text("0x112233")), ("bytes33", .text("0x")), ("bytes0", .text("0x")), ("address", .text("0x11")),
    ("bool", .text("true")), ("bool", .number("1")), ("string", .number("5")), ("bytes", .text("0x123")),
    ("uint256[2]", .list([.number("1")])), ("uint256[]", .number("5")), ("uint256", .text("1e3")), ("Letter", .null),
    ("Person", .null), ("uint256[01]", .list([.number("1")])), ("uint256[", .list([])), ("", .null),
  ])
  func valuesThatTheirTypeDoesNotHaveAreRefused(type: String, value: TypedValue) throws {
    let data = Self.mail((type, value))
    let digest = [UInt8](repeating: 0, count: 32)
    let outcomes = try ObjectVerifier.verify(
      [SignedMessage(.typedData(data), signer: .none(digest: digest))] as [any ChainObject], on: Engine())
    #expect(outcomes[0].verdict == .malformedRow)
  }
}

/// The bytes that hexadecimal digits spell.
func hexadecimal(_ text: String) -> [UInt8] {
  stride(from: 0, to: text.utf8.count, by: 2).compactMap { UInt8(text.dropFirst($0).prefix(2), radix: 16) }
}
