import AssayProofs

/// An IBC client's update: a signed header, its validators and the set that was trusted (`ibc.lightclients.tendermint.v1.Header`).
public struct CometLightUpdate: Sendable {
  /// The header.
  public private(set) var header = CometHeader(
    blockVersion: 0, appVersion: 0, chainId: "", height: 0, time: CometTime(seconds: 0, nanoseconds: 0),
    lastBlockId: CometBlockID(), hashes: Array(repeating: [], count: CometHeader.hashCount))
  /// The commit.
  public private(set) var commit = CometCommit(height: 0, round: 0, blockId: CometBlockID(), votes: [])
  /// The validators at the header's height.
  public private(set) var validators: [CometValidator] = []
  /// The validators after the height that the client trusts; nil when the message has none.
  public private(set) var trusted: [CometValidator]?

  /// Reads the message; nil when it is not one, in the encoding that CometBFT writes.
  public init?(protobuf bytes: [UInt8]) {
    var header: CometHeader? = self.header
    var commit: CometCommit? = self.commit
    var validators: [CometValidator]? = []
    var trusted: [CometValidator]?
    let isWellFormed = ProtobufReader.read(bytes[...]) { number, value in
      guard case .bytes(let message) = value else { return false }
      switch number {
      case 1:
        return ProtobufReader.read(message) { number, value in
          guard case .bytes(let part) = value else { return false }
          if number == 1 { header = Self.header(part) } else { commit = Self.commit(part) }
          return header != nil && commit != nil && number <= 2
        }
      case 2: validators = Self.validators(message)
      case 4:
        trusted = Self.validators(message)
        return trusted != nil
      default: break
      }
      return validators != nil
    }
    guard isWellFormed, let header, let commit, let validators else { return nil }
    self.header = header
    self.commit = commit
    self.validators = validators
    self.trusted = trusted
  }

  private static func header(_ bytes: ArraySlice<UInt8>) -> CometHeader? {
    var header = CometHeader(
      blockVersion: 0, appVersion: 0, chainId: "", height: 0, time: CometTime(seconds: 0, nanoseconds: 0),
      lastBlockId: CometBlockID(), hashes: Array(repeating: [], count: CometHeader.hashCount))
    let isWellFormed = ProtobufReader.read(bytes) { number, value in
      switch (number, value) {
      case (1, .bytes(let version)):
        return ProtobufReader.read(version) { number, value in
          guard case .integer(let value) = value else { return false }
          if number == 1 { header.blockVersion = value } else { header.appVersion = value }
          return number <= 2
        }
      case (2, .bytes(let text)):
        guard let chain = String(validating: text, as: UTF8.self) else { return false }
        header.chainId = chain
      case (3, .integer(let height)): header.height = Int64(bitPattern: height)
      case (4, .bytes(let message)):
        guard let time = time(message) else { return false }
        header.time = time
      case (5, .bytes(let message)):
        guard let block = blockId(message) else { return false }
        header.lastBlockId = block
      case (6...14, .bytes(let hash)): header.hashes[Int(number) - 6] = Array(hash)
      default: return false
      }
      return true
    }
    return isWellFormed ? header : nil
  }

  private static func commit(_ bytes: ArraySlice<UInt8>) -> CometCommit? {
    var commit = CometCommit(height: 0, round: 0, blockId: CometBlockID(), votes: [])
    let isWellFormed = ProtobufReader.read(bytes, repeated: [4]) { number, value in
      switch (number, value) {
      case (1, .integer(let height)): commit.height = Int64(bitPattern: height)
      case (2, .integer(let round)):
        guard let round = Int32(exactly: round) else { return false }
        commit.round = round
      case (3, .bytes(let message)):
        guard let block = blockId(message) else { return false }
        commit.blockId = block
      case (4, .bytes(let message)):
        guard let vote = vote(message) else { return false }
        commit.votes.append(vote)
      default: return false
      }
      return true
    }
    return isWellFormed ? commit : nil
  }

  private static func vote(_ bytes: ArraySlice<UInt8>) -> CometVote? {
    var flag: CometVote.Flag?
    var vote = CometVote(flag: .absent, address: [], time: CometTime(seconds: 0, nanoseconds: 0), signature: [])
    let isWellFormed = ProtobufReader.read(bytes) { number, value in
      switch (number, value) {
      case (1, .integer(let value)): flag = CometVote.Flag(rawValue: value)
      case (2, .bytes(let address)): vote.address = Array(address)
      case (3, .bytes(let message)):
        guard let time = time(message) else { return false }
        vote.time = time
      case (4, .bytes(let signature)): vote.signature = Array(signature)
      default: return false
      }
      return true
    }
    guard isWellFormed, let flag else { return nil }
    vote.flag = flag
    return vote
  }

  private static func validators(_ bytes: ArraySlice<UInt8>) -> [CometValidator]? {
    var validators: [CometValidator] = []
    let isWellFormed = ProtobufReader.read(bytes, repeated: [1]) { number, value in
      guard number == 1 else { return number <= 3 }
      guard case .bytes(let message) = value, let validator = validator(message) else { return false }
      validators.append(validator)
      return true
    }
    return isWellFormed ? validators : nil
  }

  private static func validator(_ bytes: ArraySlice<UInt8>) -> CometValidator? {
    var scheme: CometValidator.Scheme?
    var key: [UInt8] = []
    var power: Int64 = 0
    let isWellFormed = ProtobufReader.read(bytes) { number, value in
      switch (number, value) {
      case (2, .bytes(let message)):
        return ProtobufReader.read(message) { number, value in
          guard case .bytes(let bytes) = value, let known = CometValidator.Scheme(rawValue: UInt8(number)) else {
            return false
          }
          (scheme, key) = (known, Array(bytes))
          return true
        }
      case (3, .integer(let value)): power = Int64(bitPattern: value)
      default: return number == 1 || number == 4
      }
      return true
    }
    guard isWellFormed, let scheme else { return nil }
    return CometValidator(scheme: scheme, publicKey: key, power: power)
  }

  private static func time(_ bytes: ArraySlice<UInt8>) -> CometTime? {
    var time = CometTime(seconds: 0, nanoseconds: 0)
    let isWellFormed = ProtobufReader.read(bytes) { number, value in
      guard case .integer(let value) = value else { return false }
      if number == 1 {
        time.seconds = Int64(bitPattern: value)
        return true
      }
      guard number == 2, let nanoseconds = Int32(exactly: value) else { return false }
      time.nanoseconds = nanoseconds
      return true
    }
    return isWellFormed ? time : nil
  }

  private static func blockId(_ bytes: ArraySlice<UInt8>) -> CometBlockID? {
    var block = CometBlockID()
    let isWellFormed = ProtobufReader.read(bytes) { number, value in
      guard case .bytes(let part) = value else { return false }
      guard number == 2 else {
        block.hash = Array(part)
        return number == 1
      }
      return ProtobufReader.read(part) { number, value in
        switch (number, value) {
        case (1, .integer(let value)):
          guard let total = UInt32(exactly: value) else { return false }
          block.partsTotal = total
        case (2, .bytes(let hash)): block.partsHash = Array(hash)
        default: return false
        }
        return true
      }
    }
    return isWellFormed ? block : nil
  }
}
