import AssayCore

/// The bytes that a validator signs: CometBFT's `CanonicalVote` with its length in front.
public struct CometVoteBytes: ChainObject {
  /// The chain's name.
  public var chainId: String
  /// 1 for a prevote, 2 for a precommit, 0 for none.
  public var type: Int64
  /// The height.
  public var height: Int64
  /// The round.
  public var round: Int32
  /// The block; nil for a vote for none.
  public var blockId: CometBlockID?
  /// When it was signed.
  public var time: CometTime
  /// The bytes that these fields are to give.
  public var signBytes: [UInt8]

  /// Describes a row.
  public init(
    chainId: String, type: Int64, height: Int64, round: Int32, blockId: CometBlockID?, time: CometTime,
    signBytes: [UInt8]
  ) {
    self.chainId = chainId
    self.type = type
    self.height = height
    self.round = round
    self.blockId = blockId
    self.time = time
    self.signBytes = signBytes
  }

  /// Decodes the object and asks for what its verdict depends on; see ``ChainObject/check(in:finish:)``.
  public func check(in work: ObjectWork, finish: @escaping ObjectWork.Finish) throws(ObjectFault) {
    let bytes = Self.encode(
      chainId: chainId, type: type, height: height, round: round, blockId: blockId, time: time)
    finish(
      bytes == signBytes ? .accepted() : .rejected(.valueMismatch, "the vote's fields give other bytes to sign"))
  }

  static func encode(
    chainId: String, type: Int64 = 2, height: Int64, round: Int32, blockId: CometBlockID?, time: CometTime
  ) -> [UInt8] {
    Form(chainId: chainId, type: type, height: height, round: round, blockId: blockId).encode(time)
  }

  /// What votes of one kind in one round share: all but their times.
  struct Form {
    private let front: [UInt8]
    private let back: [UInt8]

    init(chainId: String, type: Int64 = 2, height: Int64, round: Int32, blockId: CometBlockID?) {
      var vote = ProtobufWriter()
      vote.integer(1, type)
      vote.fixed(2, height)
      vote.fixed(3, Int64(round))
      if let blockId { vote.message(4, blockId.encoding) }
      front = vote.bytes
      var chain = ProtobufWriter()
      chain.bytes(6, chainId.utf8)
      back = chain.bytes
    }

    /// The bytes of a vote at `time`.
    func encode(_ time: CometTime) -> [UInt8] {
      let timeBytes = time.encodedBytes
      // The time is field 5, its length one byte: a time takes 22 at most.
      let count = front.count + 2 + timeBytes + back.count
      var bytes: [UInt8] = []
      bytes.reserveCapacity(count + 10)
      ProtobufWriter.append(varint: UInt64(count), to: &bytes)
      bytes += front
      bytes.append(5 << 3 | 2)
      bytes.append(UInt8(timeBytes))
      time.append(to: &bytes)
      bytes += back
      return bytes
    }
  }
}
