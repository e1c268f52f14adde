// swift-format-ignore-file: AlwaysUseLowerCamelCase, AllPublicDeclarationsHaveDocumentation
// The functions are those of assay.h, which names and documents them.

import Assay
import CAssayLibrary

/// An exact partial sum as bytes: a header, then the state of the operation `exact_sum` in little-endian limbs.
///
/// Header: the four bytes `ASXS`, then the operation's semantics version as a little-endian 32-bit number.
private enum ExactState {
  static let limbBytes = 280
  static let header: [UInt8] =
    Array("ASXS".utf8) + (0..<4).map { UInt8(truncatingIfNeeded: Operation.exactSum.version >> (8 * $0)) }
  static var size: Int { header.count + limbBytes }

  /// The limbs of the state at `bytes`.
  ///
  /// - Throws: ``Failure`` when the header is another's, or a flag is set that no sum sets.
  static func limbs(_ bytes: UnsafeRawBufferPointer, index: Int) throws -> [UInt8] {
    guard bytes.prefix(header.count).elementsEqual(header) else {
      throw Failure(
        ASSAY_ERROR_INPUT,
        "State \(index) does not begin as an exact sum of version \(Operation.exactSum.version) does.")
    }
    let flags = bytes.suffix(8)
    guard flags.first.map({ $0 < 8 }) == true, flags.dropFirst().allSatisfy({ $0 == 0 }) else {
      throw Failure(ASSAY_ERROR_INPUT, "State \(index) has flags that an exact sum never has.")
    }
    return Array(bytes.dropFirst(header.count))
  }

  /// Adds `values`, binary64 in native order, and earlier states, end to end; the state and the rounded sum come back.
  static func add(values: Column, states: [UInt8]) throws -> (state: [UInt8], sum: Double) {
    let batch = try Batch(.exactSum, [values, Column(messages: [states])], rows: 1)
    let results = try portable.get().execute(batch, wanted: [])
    guard results.verdict(0).isAccepted, let sum = results.numbers("sum")?.first else {
      throw Failure(ASSAY_ERROR_INPUT, "The states are not exact sums.")
    }
    var state = [UInt8](repeating: 0, count: limbBytes)
    state.withUnsafeMutableBytes { results.copy("accumulator", to: $0.baseAddress.unsafelyUnwrapped) }
    return (header + state, sum)
  }

  /// One sum is not worth a second thread.
  private static let portable = Result { try Engine(threads: 1) }
}

@c @implementation public func assay_exact_sum(
  _ values: UnsafePointer<Double>?, _ count: Int64, _ state: UnsafeMutablePointer<UInt8>?,
  _ error: UnsafeMutablePointer<OpaquePointer?>?
) -> Int32 {
  status(error) {
    guard let state else { throw Failure.null("state") }
    guard values != nil || count == 0 else { throw Failure.null("values") }
    guard count >= 0, count <= Int64(1) << 40 else {
      throw Failure(ASSAY_ERROR_SHAPE, "A sum cannot have \(count) values.")
    }
    let offsets = Memory(byteCount: 16)
    offsets.bytes.storeBytes(of: count * 8, toByteOffset: 8, as: Int64.self)
    let column = Column(
      borrowing: values.map { UnsafeRawPointer($0) } ?? UnsafeRawPointer(offsets.start),
      offsets: UnsafePointer(offsets.start.bindMemory(to: Int64.self, capacity: 2)), count: 1, as: .message,
      owner: offsets)
    store(try ExactState.add(values: column, states: []).state, at: state)
  }
}

@c @implementation public func assay_exact_merge(
  _ states: UnsafePointer<UInt8>?, _ count: Int64, _ state: UnsafeMutablePointer<UInt8>?,
  _ error: UnsafeMutablePointer<OpaquePointer?>?
) -> Int32 {
  status(error) {
    guard let state else { throw Failure.null("state") }
    guard count >= 0, count <= Int64(1) << 32 else {
      throw Failure(ASSAY_ERROR_SHAPE, "\(count) states cannot be merged in one call.")
    }
    guard let states else {
      guard count == 0 else { throw Failure.null("states") }
      return store(try ExactState.add(values: Column(messages: [[]]), states: []).state, at: state)
    }
    var limbs: [UInt8] = []
    for index in 0..<Int(count) {
      limbs += try ExactState.limbs(
        UnsafeRawBufferPointer(start: states + index * ExactState.size, count: ExactState.size), index: index)
    }
    store(try ExactState.add(values: Column(messages: [[]]), states: limbs).state, at: state)
  }
}

@c @implementation public func assay_exact_round(
  _ state: UnsafePointer<UInt8>?, _ value: UnsafeMutablePointer<Double>?, _ error: UnsafeMutablePointer<OpaquePointer?>?
) -> Int32 {
  status(error) {
    guard let state else { throw Failure.null("state") }
    guard let value else { throw Failure.null("value") }
    let limbs = try ExactState.limbs(UnsafeRawBufferPointer(start: state, count: ExactState.size), index: 0)
    value.pointee = try ExactState.add(values: Column(messages: [[]]), states: limbs).sum
  }
}

private func store(_ bytes: [UInt8], at target: UnsafeMutablePointer<UInt8>) {
  for (index, byte) in bytes.enumerated() { target[index] = byte }
}
