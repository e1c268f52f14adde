import CAssayFPGA

/// What a board has been given and has not given back: the host's proof that each row is committed once.
///
/// A slot owns a part of the staging buffers. A cookie is made once in the life of a table, so a completion that comes twice,
/// late, or from nowhere finds no slot.
struct InFlightTable {
  /// Rows that a slot is waiting for.
  struct Flight {
    let cookie: UInt64
    let rows: Range<Int>
  }

  /// What a completion means.
  enum Landing {
    /// The slot's rows are in its staging memory, to be looked at and committed.
    case landed(slot: Int, rows: Range<Int>)
    /// The board says that it damaged these rows, and only these.
    case damaged(rows: Range<Int>)
    /// Nothing that the board was asked for: it cannot be trusted.
    case unaccountable(String)
  }

  private var flights: [Flight?]
  private var nextCookie: UInt64 = 1
  /// The queue's generation, which every completion must carry.
  private(set) var generation: UInt32 = 1

  init(slots: Int) {
    flights = Array(repeating: nil, count: slots)
  }

  /// A slot that nothing is in.
  var freeSlot: Int? { flights.firstIndex { $0 == nil } }
  /// How many slots are in flight.
  var count: Int { flights.count { $0 != nil } }
  /// Rows in flight, in order.
  var rows: [Range<Int>] { flights.compactMap { $0?.rows }.sorted { $0.lowerBound < $1.lowerBound } }

  /// Puts `rows` in `slot`, which is free; the cookie is for the descriptor.
  mutating func launch(_ rows: Range<Int>, in slot: Int) -> UInt64 {
    let cookie = nextCookie
    nextCookie &+= 1
    flights[slot] = Flight(cookie: cookie, rows: rows)
    return cookie
  }

  /// Takes back a launch that the board did not accept.
  mutating func recall(slot: Int) {
    flights[slot] = nil
  }

  /// Accounts for a completion; the slot that it accounts for is free afterwards.
  mutating func land(_ completion: assay_fpga_completion) -> Landing {
    guard let slot = flights.firstIndex(where: { $0?.cookie == completion.cookie }), let flight = flights[slot] else {
      return .unaccountable("it completed work that was not in flight")
    }
    guard completion.generation == generation else {
      return .unaccountable("it completed work of generation \(completion.generation), which is not \(generation)")
    }
    switch completion.status {
    case ASSAY_FPGA_OK:
      guard Int(completion.count) == flight.rows.count else {
        return .unaccountable("it completed \(completion.count) rows of \(flight.rows.count)")
      }
      flights[slot] = nil
      return .landed(slot: slot, rows: flight.rows)
    case ASSAY_FPGA_E_DATA:
      flights[slot] = nil
      return .damaged(rows: flight.rows)
    default:
      return .unaccountable("it completed work with a status that is none of work: \(Status(completion.status))")
    }
  }

  /// Forgets everything in flight: the queue was aborted and counts a new generation.
  mutating func clear(generation: UInt32) {
    for slot in flights.indices { flights[slot] = nil }
    self.generation = generation
  }
}
