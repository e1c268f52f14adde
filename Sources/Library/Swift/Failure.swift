// swift-format-ignore-file: AlwaysUseLowerCamelCase, AllPublicDeclarationsHaveDocumentation
// The functions are those of assay.h, which names and documents them.

import Assay
import CAssayLibrary
import Glibc

/// Why a call across the C interface failed: the status that it returns and the text that its error holds.
struct Failure: Error {
  let status: assay_status
  let message: String

  init(_ status: assay_status, _ message: String) {
    self.status = status
    self.message = message
  }

  init(_ error: AssayError) {
    let status: assay_status =
      switch error.kind {
      case .shape: ASSAY_ERROR_SHAPE
      case .unavailable: ASSAY_ERROR_UNAVAILABLE
      case .mismatch: ASSAY_ERROR_MISMATCH
      case .input: ASSAY_ERROR_INPUT
      case .usage: ASSAY_ERROR_USAGE
      }
    self.init(status, error.description)
  }

  static func null(_ argument: String) -> Failure {
    Failure(ASSAY_ERROR_USAGE, "The argument \(argument) is NULL.")
  }
}

/// What an `assay_error *` points to.
final class ErrorBox: Sendable {
  let status: Int32
  let text: CText

  init(_ failure: Failure) {
    status = Int32(failure.status.rawValue)
    text = CText(Array(failure.message.utf8))
  }
}

/// Bytes with a zero byte behind them, at an address that stays.
final class CText: @unchecked Sendable {
  let start: UnsafePointer<CChar>
  let count: Int

  init(_ bytes: [UInt8]) {
    let memory = UnsafeMutablePointer<CChar>.allocate(capacity: bytes.count + 1)
    for (index, byte) in bytes.enumerated() { memory[index] = CChar(bitPattern: byte) }
    memory[bytes.count] = 0
    start = UnsafePointer(memory)
    count = bytes.count
  }

  deinit { start.deallocate() }
}

/// Handles across the interface: an object's address, retained once.
enum Handle {
  static func make(_ object: AnyObject) -> OpaquePointer {
    OpaquePointer(Unmanaged.passRetained(object).toOpaque())
  }

  static func read<T: AnyObject>(_ pointer: OpaquePointer?, as type: T.Type) -> T? {
    pointer.map { Unmanaged<T>.fromOpaque(UnsafeRawPointer($0)).takeUnretainedValue() }
  }

  static func release<T: AnyObject>(_ pointer: OpaquePointer?, as type: T.Type) {
    if let pointer { Unmanaged<T>.fromOpaque(UnsafeRawPointer(pointer)).release() }
  }
}

/// Runs the body of a C function: its status comes back, and the error of a failure goes to `place`.
func status(_ place: UnsafeMutablePointer<OpaquePointer?>?, _ body: () throws -> Void) -> Int32 {
  let failure: Failure
  do {
    try body()
    place?.pointee = nil
    return Int32(ASSAY_OK.rawValue)
  } catch let error as Failure {
    failure = error
  } catch let error as AssayError {
    failure = Failure(error)
  } catch {
    failure = Failure(ASSAY_ERROR_INPUT, String(describing: error))
  }
  place?.pointee = Handle.make(ErrorBox(failure))
  return Int32(failure.status.rawValue)
}

private let emptyText = CText([])

@c @implementation public func assay_error_status(_ error: OpaquePointer?) -> Int32 {
  Handle.read(error, as: ErrorBox.self)?.status ?? Int32(ASSAY_OK.rawValue)
}

@c @implementation public func assay_error_message(_ error: OpaquePointer?) -> UnsafePointer<CChar>? {
  (Handle.read(error, as: ErrorBox.self)?.text ?? emptyText).start
}

@c @implementation public func assay_error_release(_ error: OpaquePointer?) {
  Handle.release(error, as: ErrorBox.self)
}

@c @implementation public func assay_text_data(_ text: OpaquePointer?) -> UnsafePointer<CChar>? {
  (Handle.read(text, as: CText.self) ?? emptyText).start
}

@c @implementation public func assay_text_size(_ text: OpaquePointer?) -> Int {
  (Handle.read(text, as: CText.self) ?? emptyText).count
}

@c @implementation public func assay_text_release(_ text: OpaquePointer?) {
  Handle.release(text, as: CText.self)
}
