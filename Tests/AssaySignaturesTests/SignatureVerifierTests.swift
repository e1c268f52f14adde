import AssayCore
import AssaySignatures
import Testing

/// The workload: routing, order, reasons, and input that is not what it should be. Valid rows are the operations' seeds.
@Suite struct SignatureVerifierTests {
  /// The seed rows of an operation, one array of column bytes a row.
  private static func seeds(_ operation: Operation) -> [[[UInt8]]] {
    var rest = operation.seeds[...]
    var rows: [[[UInt8]]] = []
    while !rest.isEmpty {
      rows.append(
        operation.inputs.map { input in
          var width = input.width
          if case .message = input.kind {
            width = Int(rest.prefix(4).reversed().reduce(0) { $0 << 8 | UInt32($1) })
            rest = rest.dropFirst(4)
          }
          defer { rest = rest.dropFirst(width) }
          return Array(rest.prefix(width))
        })
    }
    return rows
  }

  private static func ecdsa(_ curve: ECDSACheck.Curve, _ row: [[UInt8]]) -> ECDSACheck {
    ECDSACheck(curve, semantics: .lowS, subject: .digest(row[0]), publicKey: row[1], signature: .compact(row[2]))
  }

  private static let secp256k1 = seeds(.ecdsaSecp256k1LowS)
  private static let p256 = seeds(.ecdsaP256LowS)
  private static let recovery = seeds(.ecdsaSecp256k1Recover)
  private static let schnorr = seeds(.schnorrSecp256k1)
  private static let ed25519 = seeds(.ed25519RFC8032)

  /// One accepted row of every scheme.
  private static let accepted: [SignatureCheck] = [
    .ecdsa(ecdsa(.secp256k1, secp256k1[0])),
    .ecdsa(ecdsa(.p256, p256[1])),
    .recovery(RecoveryCheck(digest: recovery[0][0], signature: recovery[0][1])),
    .schnorr(SchnorrCheck(publicKey: schnorr[3][0], message: schnorr[3][1], signature: schnorr[3][2])),
    .ed25519(Ed25519Check(publicKey: ed25519[4][0], message: ed25519[4][1], signature: ed25519[4][2])),
    .ed25519(Ed25519Check(.dalekStrict, publicKey: ed25519[2][0], message: ed25519[2][1], signature: ed25519[2][2])),
    .ed25519(Ed25519Check(.zip215, publicKey: ed25519[1][0], message: ed25519[1][1], signature: ed25519[1][2])),
  ]

  private func verify(_ checks: [SignatureCheck]) throws -> [SignatureOutcome] {
    try SignatureVerifier.verify(checks, on: PortableExecutor())
  }

  private func verdict(_ check: SignatureCheck) throws -> Verdict? {
    try verify([check]).first?.verdict
  }

  @Test func nothingIsNoOutcome() throws {
    #expect(try verify([]).isEmpty)
  }

  @Test func everySchemeAlone() throws {
    for check in Self.accepted { #expect(try verdict(check) == .accepted, "\(check)") }
  }

  /// A row's outcome does not depend on its neighbours: a shuffled mix of good and bad rows gives what each gives alone.
  @Test func mixedRowsKeepTheirOrder() throws {
    var checks: [SignatureCheck] = Self.accepted
    for row in Self.secp256k1 { checks.append(.ecdsa(Self.ecdsa(.secp256k1, row))) }
    for row in Self.p256 { checks.append(.ecdsa(Self.ecdsa(.p256, row))) }
    for row in Self.recovery { checks.append(.recovery(RecoveryCheck(digest: row[0], signature: row[1]))) }
    for row in Self.schnorr {
      checks.append(.schnorr(SchnorrCheck(publicKey: row[0], message: row[1], signature: row[2])))
    }
    for semantics in Ed25519Check.Semantics.allCases {
      for row in Self.ed25519 {
        checks.append(.ed25519(Ed25519Check(semantics, publicKey: row[0], message: row[1], signature: row[2])))
      }
    }
    checks.append(.schnorr(SchnorrCheck(publicKey: [], message: [], signature: [])))
    let alone = try checks.map { try #require(try verify([$0]).first) }
    #expect(Set(alone.map(\.verdict)).count >= 8)
    for stride in [1, 7, 31] {
      #expect(checks.count % stride != 0 || stride == 1)
      let order = checks.indices.map { $0 * stride % checks.count }
      #expect(try verify(order.map { checks[$0] }) == order.map { alone[$0] })
    }
  }

  @Test func aMessageIsHashedWithSHA256() throws {
    let message = Array("one row's message".utf8)
    let digest = message.withUnsafeBytes { SHA256.digest($0) }
    // The key that made a seed's signature of its digest, found by recovery for this digest instead.
    let row = Self.recovery[0]
    let key = try #require(
      try verify([.recovery(RecoveryCheck(digest: digest, signature: row[1]))]).first?.recovered?.publicKey)
    let signature = Array(row[1].prefix(64))
    for subject in [ECDSACheck.Subject.message(message), .digest(digest)] {
      let check = ECDSACheck(
        .secp256k1, semantics: .anyS, subject: subject, publicKey: key, signature: .compact(signature))
      // Neighbours with digests of their own on both sides.
      #expect(
        try verify([Self.accepted[0], .ecdsa(check), Self.accepted[0]]).map(\.verdict)
          == [.accepted, .accepted, .accepted])
      var other = check
      other.subject = .message(message + [0])
      #expect(try verdict(.ecdsa(other)) == .signatureMismatch)
    }
  }

  @Test func recoveryCarriesTheKeyAndComparesTheAddress() throws {
    let row = Self.recovery[1]
    var check = RecoveryCheck(digest: row[0], signature: row[1])
    let recovered = try #require(try verify([.recovery(check)]).first?.recovered)
    #expect(recovered.publicKey.count == 65 && recovered.publicKey[0] == 4 && recovered.address.count == 20)
    check.address = recovered.address
    #expect(try verify([.recovery(check)]).first == SignatureOutcome(.accepted, recovered: recovered))
    check.address = recovered.address.map { $0 ^ 1 }
    #expect(try verify([.recovery(check)]).first == SignatureOutcome(.addressMismatch, recovered: recovered))
    check.address = [1, 2, 3]
    #expect(try verify([.recovery(check)]).first == SignatureOutcome(.malformedRow))
    // The recovered key verifies the signature that it was recovered from.
    let verified = ECDSACheck(
      .secp256k1, semantics: .anyS, subject: .digest(row[0]), publicKey: recovered.publicKey,
      signature: .compact(Array(row[1].prefix(64))))
    #expect(try verdict(.ecdsa(verified)) == .accepted)
    for v: UInt8 in [2, 3, 26, 29, 255] {
      check = RecoveryCheck(digest: row[0], signature: row[1].prefix(64) + [v])
      #expect(try verdict(.recovery(check)) == .signatureEncodingInvalid)
    }
  }

  /// Go Ethereum's documented example of ecrecover: a transaction signature with its sender.
  @Test func knownEthereumSender() throws {
    // crypto/signature_test.go of go-ethereum: testmsg, testsig, testpubkey.
    let check = RecoveryCheck(
      digest: try bytes("ce0677bb30baa8cf067c88db9811f4333d131bf8bcf12fe7065d211dce971008"),
      signature: try bytes(
        "90f27b8b488db00b00606796d2987f6a5f59ae62ea05effe84fef5b8b0e549984a691139ad57a3f0b906637673aa2f63d1f55cb1a69199d4009eea23ceaddc9301"
      ))
    let key = try verify([.recovery(check)]).first?.recovered?.publicKey.hexadecimal
    #expect(
      key
        == "04e32df42865e97135acfb65f3bae71bdc86f4d49150ad6a440b6f15878109880a0a2b2667f7e725ceea70c673093bf67663e0312623c8e091b13cf2c0f11ef652"
    )
  }

  @Test func theFirstBrokenRuleIsTheReason() throws {
    let good = Self.ecdsa(.secp256k1, Self.secp256k1[0])
    let order = try bytes("fffffffffffffffffffffffffffffffebaaedce6af48a03bbfd25e8cd0364141")
    let short = [UInt8](repeating: 1, count: 3)
    var check = good
    check.signature = .compact(order + order)
    #expect(try verdict(.ecdsa(check)) == .scalarOutOfRange)
    check.publicKey[0] = 5
    #expect(try verdict(.ecdsa(check)) == .publicKeyInvalid)
    check.signature = .der(order + order)
    #expect(try verdict(.ecdsa(check)) == .signatureEncodingInvalid)
    check.publicKey = short
    #expect(try verdict(.ecdsa(check)) == .signatureEncodingInvalid)
    check.subject = .digest(short)
    #expect(try verdict(.ecdsa(check)) == .malformedRow)
  }

  /// Every field at every length around its own, and absurd ones: a verdict, never a trap.
  @Test func hostileLengths() throws {
    let lengths = [0, 1, 2, 19, 20, 21, 31, 32, 33, 63, 64, 65, 66, 71, 72, 73, 127, 128, 129, 255, 256, 1_000_000]
    for length in lengths {
      let value = [UInt8](repeating: 0x30, count: length)
      for curve in ECDSACheck.Curve.allCases {
        let row = curve == .p256 ? Self.p256[0] : Self.secp256k1[0]
        var check = Self.ecdsa(curve, row)
        check.publicKey = value
        #expect(try verdict(.ecdsa(check)) == .publicKeyInvalid)
        check = Self.ecdsa(curve, row)
        check.signature = .der(value)
        #expect(try verdict(.ecdsa(check)) == .signatureEncodingInvalid)
        check.signature = .compact(value)
        #expect(try verdict(.ecdsa(check)) == (length == 64 ? .signatureMismatch : .signatureEncodingInvalid))
        check = Self.ecdsa(curve, row)
        check.subject = .digest(value)
        #expect(try verdict(.ecdsa(check)) == (length == 32 ? .signatureMismatch : .malformedRow))
        check.subject = .message(value)
        #expect(try verdict(.ecdsa(check)) == .signatureMismatch)
      }
      let schnorr = SchnorrCheck(
        publicKey: Self.schnorr[0][0], message: value, signature: Self.schnorr[0][2])
      #expect(try verdict(.schnorr(schnorr)) == .signatureMismatch)
      for semantics in Ed25519Check.Semantics.allCases {
        var check = Ed25519Check(
          semantics, publicKey: Self.ed25519[0][0], message: value, signature: Self.ed25519[0][2])
        #expect(try verdict(.ed25519(check)) == (length == 0 ? .accepted : .signatureMismatch))
        check.publicKey = value
        if length != 32 { #expect(try verdict(.ed25519(check)) == .publicKeyInvalid) }
        check.signature = value
        if length != 64 { #expect(try verdict(.ed25519(check)) == .signatureEncodingInvalid) }
      }
      if length != 65 {
        #expect(
          try verdict(.recovery(RecoveryCheck(digest: Self.recovery[0][0], signature: value)))
            == .signatureEncodingInvalid)
      }
      if length != 32 {
        #expect(
          try verdict(.recovery(RecoveryCheck(digest: value, signature: Self.recovery[0][1]))) == .malformedRow)
      }
    }
  }

  /// More rows than a block holds: outcomes stay in order across blocks.
  @Test func blocksAreJoinedInOrder() throws {
    let malformed = SignatureCheck.schnorr(SchnorrCheck(publicKey: [], message: [], signature: []))
    let rows = 65_536 + 100
    let good = [0, 65_535, 65_536, rows - 1]
    let checks = (0..<rows).map { good.contains($0) ? Self.accepted[0] : malformed }
    let outcomes = try verify(checks)
    #expect(outcomes.count == rows)
    #expect(outcomes.indices.filter { outcomes[$0].verdict.isAccepted } == good)
  }

  @Test func aFailingExecutorIsAnErrorNotAVerdict() {
    struct Absent: Executor {
      func execute(_ batch: Batch, wanted: Set<String>?) throws(AssayError) -> Results {
        throw AssayError(.unavailable, "Nothing runs here.")
      }
    }
    #expect(throws: AssayError.self) { try SignatureVerifier.verify(Self.accepted, on: Absent()) }
  }

  @Test(arguments: PackedSignatures.Layout.allCases, [false, true])
  func packedRows(_ layout: PackedSignatures.Layout, identifiers: Bool) throws {
    let packed = PackedSignatures(layout, identifiers: identifiers)
    let usable = Self.seeds(packed.operation).filter {
      $0.map(\.count) == (layout == .ecdsaSecp256k1 || layout == .ecdsaP256 ? [32, 33, 64] : [32, 32, 64])
    }
    // Seeds of Ed25519 have messages of other lengths: those rows verify as mismatches.
    let rows =
      usable.isEmpty
      ? Self.seeds(packed.operation).map {
        [$0[0], Array($0[1].prefix(32)) + [UInt8](repeating: 0, count: max(0, 32 - $0[1].count)), $0[2]]
      } : usable
    var memory: [UInt8] = []
    for (index, row) in rows.enumerated() {
      memory += row.joined()
      if identifiers { memory += [UInt8](repeating: UInt8(index), count: 8) }
    }
    #expect(packed.rowBytes == memory.count / rows.count)
    try memory.withUnsafeBytes { bytes in
      let verdicts = try packed.verify(bytes, on: PortableExecutor())
      var expected: [Verdict] = []
      for row in rows {
        let columns = try zip(packed.operation.inputs, row).map { input, value in
          input.kind == .message ? Column(messages: [value]) : try Column(packed: value, width: value.count)
        }
        expected.append(try PortableExecutor().execute(Batch(packed.operation, columns)).verdict(0))
      }
      #expect(verdicts == expected)
      #expect(layout == .ed25519 || verdicts.contains(.accepted))
      #expect(packed.identifier(1, of: bytes)?.map { $0 } == (identifiers ? [UInt8](repeating: 1, count: 8) : nil))
      #expect(packed.identifier(rows.count, of: bytes) == nil && packed.identifier(-1, of: bytes) == nil)
      #expect(throws: AssayError.self) {
        try packed.verify(UnsafeRawBufferPointer(rebasing: bytes.dropLast()), on: PortableExecutor())
      }
      #expect(try packed.verify(UnsafeRawBufferPointer(start: nil, count: 0), on: PortableExecutor()).isEmpty)
    }
  }
}
