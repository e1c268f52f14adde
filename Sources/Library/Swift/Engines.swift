// swift-format-ignore-file: AlwaysUseLowerCamelCase, AllPublicDeclarationsHaveDocumentation
// The functions are those of assay.h, which names and documents them.

import Assay
public import CAssayLibrary
import Glibc
import Synchronization

/// What an `assay_engine *` points to.
final class EngineBox: Sendable {
  /// What computes.
  let engine: Engine
  /// How many threads read the pieces of a file.
  let workers: Int
  private let process = getpid()

  /// A box of an engine with `threads` threads, 0 for one per processor.
  init(_ engine: Engine, threads: Int) {
    self.engine = engine
    workers = threads == 0 ? max(1, sysconf(Int32(_SC_NPROCESSORS_ONLN))) : threads
  }

  /// The engine behind `pointer`; see ``box(_:)``.
  static func engine(_ pointer: OpaquePointer?) throws -> Engine { try box(pointer).engine }

  /// The box behind `pointer`.
  ///
  /// - Throws: ``Failure`` when there is none, or when another process made it: its threads do not exist in this one.
  static func box(_ pointer: OpaquePointer?) throws -> EngineBox {
    guard let box = Handle.read(pointer, as: EngineBox.self) else { throw Failure.null("engine") }
    guard box.process == getpid() else {
      throw Failure(ASSAY_ERROR_FORKED, "This engine was made before fork(). Make one in the child process.")
    }
    return box
  }
}

@c @implementation public func assay_engine_create(
  _ options: UnsafePointer<assay_options>?, _ engine: UnsafeMutablePointer<OpaquePointer?>?,
  _ error: UnsafeMutablePointer<OpaquePointer?>?
) -> Int32 {
  status(error) {
    guard let engine else { throw Failure.null("engine") }
    var configuration = Dispatcher.Configuration()
    let options = try assay_options.read(options, named: "options")
    guard options.threads >= 0, options.threads <= 1 << 14 else {
      throw Failure(
        ASSAY_ERROR_USAGE, "options.threads is \(options.threads). Pass 0 for one per processor, or 1 to 16384.")
    }
    if let backend = options.backend {
      configuration.policy = .require(String(cString: backend), strict: options.strict != 0)
    }
    engine.pointee = Handle.make(
      EngineBox(
        try Engine(configuration, threads: options.threads == 0 ? nil : Int(options.threads)),
        threads: Int(options.threads)))
  }
}

@c @implementation public func assay_engine_release(_ engine: OpaquePointer?) {
  Handle.release(engine, as: EngineBox.self)
}

/// A structure that a caller may have compiled with fewer fields than this library knows.
protocol Sized {
  init()
  var size: Int { get }
}

extension assay_options: Sized {}
extension assay_call: Sized {}
extension assay_book: Sized {}

extension Sized {
  /// The structure at `pointer`, fields past its size zero; all zero when it is NULL.
  static func read(_ pointer: UnsafePointer<Self>?, named name: String) throws -> Self {
    var value = Self()
    guard let pointer else { return value }
    var size = 0
    withUnsafeMutableBytes(of: &size) {
      $0.copyMemory(from: UnsafeRawBufferPointer(start: pointer, count: MemoryLayout<Int>.size))
    }
    // A size that no compiler gives would cut a field in two.
    guard size >= MemoryLayout<Int>.size, size <= MemoryLayout<Self>.size, size % MemoryLayout<Self>.alignment == 0
    else {
      throw Failure(
        ASSAY_ERROR_USAGE,
        "\(name)->size is \(size), and this library knows \(MemoryLayout<Self>.size). Set it to sizeof the structure.")
    }
    withUnsafeMutableBytes(of: &value) { $0.copyMemory(from: UnsafeRawBufferPointer(start: pointer, count: size)) }
    return value
  }
}

/// What an `assay_cancel *` points to.
final class CancelBox: Sendable {
  let isOn = Atomic(false)
}

@c @implementation public func assay_cancel_create(
  _ cancel: UnsafeMutablePointer<OpaquePointer?>?, _ error: UnsafeMutablePointer<OpaquePointer?>?
) -> Int32 {
  status(error) {
    guard let cancel else { throw Failure.null("cancel") }
    cancel.pointee = Handle.make(CancelBox())
  }
}

@c @implementation public func assay_cancel_now(_ cancel: OpaquePointer?) {
  Handle.read(cancel, as: CancelBox.self)?.isOn.store(true, ordering: .releasing)
}

@c @implementation public func assay_cancel_release(_ cancel: OpaquePointer?) {
  Handle.release(cancel, as: CancelBox.self)
}

/// The limits of one call.
struct Limits {
  private let deadline: ContinuousClock.Instant?
  private let cancel: CancelBox?

  init(_ call: UnsafePointer<assay_call>?) throws {
    let call = try assay_call.read(call, named: "call")
    guard call.deadline_ns >= 0 else {
      throw Failure(ASSAY_ERROR_USAGE, "call->deadline_ns is negative. Pass 0 for no deadline.")
    }
    deadline = call.deadline_ns == 0 ? nil : ContinuousClock.now + .nanoseconds(call.deadline_ns)
    cancel = Handle.read(call.cancel, as: CancelBox.self)
  }

  /// Whether the call has no limits at all.
  var isUnlimited: Bool { deadline == nil && cancel == nil }

  /// - Throws: ``Failure`` when the call is to end.
  func check() throws {
    if cancel?.isOn.load(ordering: .acquiring) == true {
      throw Failure(ASSAY_ERROR_CANCELLED, "The call was cancelled before its last row was computed.")
    }
    if let deadline, ContinuousClock.now >= deadline {
      throw Failure(ASSAY_ERROR_DEADLINE, "The call's deadline passed before its last row was computed.")
    }
  }
}
