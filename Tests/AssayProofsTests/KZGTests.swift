import Assay
import AssayCore
import AssayProofs
import Testing

@Suite("KZG openings")
struct KZGTests {
  /// The commitment and proof of a constant polynomial: the generator of G1 (for one) or infinity (for zero), and infinity.
  static let infinity = [UInt8](arrayLiteral: 0xC0) + [UInt8](repeating: 0, count: 47)
  static let zero = [UInt8](repeating: 0, count: 32)
  static let blob = [UInt8](repeating: 0, count: 131_072)

  @Test("the zero polynomial opens to zero everywhere, and to nothing else")
  func zeroPolynomial() throws {
    let one = [UInt8](repeating: 0, count: 31) + [1]
    let cell = [UInt8](repeating: 0, count: 2048)
    let checks: [KZGCheck] = [
      .proof(commitment: Self.infinity, z: one, y: Self.zero, proof: Self.infinity),
      .proof(commitment: Self.infinity, z: one, y: one, proof: Self.infinity),
      .blob(Self.blob, commitment: Self.infinity, proof: Self.infinity),
      .blob(one + Self.blob.dropFirst(32), commitment: Self.infinity, proof: Self.infinity),
      .cell(cell, index: 127, commitment: Self.infinity, proof: Self.infinity),
      .cell(cell, index: 128, commitment: Self.infinity, proof: Self.infinity),
      .cell(one + cell.dropFirst(32), index: 0, commitment: Self.infinity, proof: Self.infinity),
    ]
    #expect(
      try KZGVerifier.verify(checks, on: engine) == [
        .accepted, .pairingMismatch, .accepted, .pairingMismatch, .accepted, .proofShapeInvalid, .pairingMismatch,
      ])
  }

  @Test("lengths, scalars and points that are none")
  func malformed() throws {
    let high = [UInt8](repeating: 0xFF, count: 32)
    let uncompressed = [UInt8](repeating: 0, count: 48)
    let checks: [KZGCheck] = [
      .proof(commitment: [], z: Self.zero, y: Self.zero, proof: Self.infinity),
      .proof(commitment: Self.infinity, z: high, y: Self.zero, proof: Self.infinity),
      .proof(commitment: uncompressed, z: Self.zero, y: Self.zero, proof: Self.infinity),
      .blob(Array(Self.blob.dropLast()), commitment: Self.infinity, proof: Self.infinity),
      .blob(high + Self.blob.dropFirst(32), commitment: Self.infinity, proof: Self.infinity),
    ]
    #expect(
      try KZGVerifier.verify(checks, on: engine) == [
        .proofShapeInvalid, .scalarOutOfRange, .nonCanonicalEncoding, .proofShapeInvalid, .scalarOutOfRange,
      ])
  }
}
