// swift-format-ignore-file: AlwaysUseLowerCamelCase, AllPublicDeclarationsHaveDocumentation
// The functions are those of assay.h, which names and documents them.

import Assay
import AssayFormats
public import CAssayLibrary

@c @implementation public func assay_risk(
  _ engine: OpaquePointer?, _ call: UnsafePointer<assay_call>?, _ files: UnsafePointer<assay_file>?, _ count: Int,
  _ options: UnsafePointer<CChar>?, _ document: UnsafeMutablePointer<OpaquePointer?>?,
  _ error: UnsafeMutablePointer<OpaquePointer?>?
) -> Int32 {
  status(error) {
    guard let document else { throw Failure.null("document") }
    let box = try EngineBox.box(engine)
    let limits = try Limits(call)
    guard files != nil || count == 0 else { throw Failure.null("files") }
    guard count >= 0, count <= HeldFiles.names.count else {
      throw Failure(ASSAY_ERROR_USAGE, "There are at most \(HeldFiles.names.count) files; count is \(count).")
    }
    let held = try UnsafeBufferPointer(start: files, count: count).map { file in
      guard let name = file.name else { throw Failure.null("files->name") }
      return (String(cString: name), try bytes(file.data, file.size, named: String(cString: name)))
    }
    document.pointee = Handle.make(
      try limits.applied { check throws(AssayError) in
        CText(try HeldFiles(held, on: box.engine, workers: box.workers, check: check).riskDocument(text(options)))
      })
  }
}

@c @implementation public func assay_merkle(
  _ engine: OpaquePointer?, _ call: UnsafePointer<assay_call>?, _ leaves: UnsafeRawPointer?, _ size: Int,
  _ options: UnsafePointer<CChar>?, _ document: UnsafeMutablePointer<OpaquePointer?>?,
  _ error: UnsafeMutablePointer<OpaquePointer?>?
) -> Int32 {
  status(error) {
    guard let document else { throw Failure.null("document") }
    let box = try EngineBox.box(engine)
    let limits = try Limits(call)
    let leaves = try bytes(leaves, size, named: "leaves")
    document.pointee = Handle.make(
      try limits.applied { check throws(AssayError) in
        CText(try HeldLeaves(leaves, on: box.engine, workers: box.workers, check: check).document(text(options)))
      })
  }
}

/// Bytes that are lent for one call.
private func bytes(_ data: UnsafeRawPointer?, _ size: Int, named name: String) throws -> UnsafeRawBufferPointer {
  guard size >= 0, size <= 1 << 40 else {
    throw Failure(ASSAY_ERROR_USAGE, "The size of \(name.prefix(64)) is larger than 2^40 bytes.")
  }
  guard data != nil || size == 0 else { throw Failure.null("data of \(name.prefix(64))") }
  return UnsafeRawBufferPointer(start: data, count: size)
}

/// The bytes of a C string; none when it is NULL.
private func text(_ string: UnsafePointer<CChar>?) -> [UInt8] {
  string.map { Array(String(cString: $0).utf8) } ?? []
}

extension Limits {
  /// Runs `body`, which asks between pieces whether the call is to end.
  ///
  /// - Throws: ``Failure`` when the call was cancelled or late, whatever the body threw because of that.
  fileprivate func applied<Value>(
    _ body: (@escaping () throws(AssayError) -> Void) throws(AssayError) -> Value
  ) throws -> Value {
    try check()
    do throws(AssayError) {
      return try body { () throws(AssayError) in
        if (try? check()) == nil { throw AssayError(.usage, "The call is to end.") }
      }
    } catch {
      try check()
      throw error
    }
  }
}
