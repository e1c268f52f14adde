import Assay

extension RowWorkload where Check == any ChainObject {
  /// Objects of every kind: hashes, signatures, proofs and pairings of all of them in one batch of each kind.
  static var objects: Self {
    RowWorkload("objects") { objects, executor throws(AssayError) in
      try ObjectVerifier.verify(objects, on: executor).map { RowOutcome($0) }
    }
  }
}

extension RowOutcome {
  /// What became of an object.
  init(_ outcome: ObjectOutcome) {
    self.init(
      verdict: outcome.verdict, detail: outcome.detail,
      results: outcome.fields.map { field in
        switch field.value {
        case .bytes(let bytes): (field.name, .bytes(bytes))
        case .list(let list): (field.name, .list(list.map { .bytes($0) }))
        case .text(let text): (field.name, .text(text))
        case .number(let number): (field.name, .whole(number))
        }
      })
  }
}

extension RowProblem {
  /// The rule that an object's field breaks.
  init(_ fault: ObjectFault) { self.init(verdict: fault.verdict, message: fault.detail) }
}

/// The operations that objects are made of.
enum ObjectOperations {
  static let hashes: [Operation] = [.sha256Message, .sha256dMessage, .keccak256Message]
  static let recovery: [Operation] = [.keccak256Message, .ecdsaSecp256k1Recover]
}
