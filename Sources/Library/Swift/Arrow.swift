// swift-format-ignore-file: AlwaysUseLowerCamelCase, AllPublicDeclarationsHaveDocumentation
// The functions are those of assay.h, which names and documents them.

import Assay
public import CAssayLibrary

@c @implementation public func assay_results_export(
  _ results: OpaquePointer?, _ names: UnsafePointer<UnsafePointer<CChar>?>?, _ count: Int,
  _ schema: UnsafeMutablePointer<ArrowSchema>?, _ array: UnsafeMutablePointer<ArrowArray>?,
  _ error: UnsafeMutablePointer<OpaquePointer?>?
) -> Int32 {
  status(error) {
    guard let results = Handle.read(results, as: Results.self) else { throw Failure.null("results") }
    guard let schema else { throw Failure.null("schema") }
    guard let array else { throw Failure.null("array") }
    let columns = try texts(names, count, named: "names").map { try ExportedColumn($0, of: results) }
    let validity = columns.contains(where: \.isNullable) ? Validity(results) : nil
    schema.pointee = makeSchema(format: "+s", name: "", children: columns.map(\.schema))
    array.pointee = makeArray(
      rows: results.rows, nulls: 0, buffers: [nil], children: columns.map { $0.array(validity) }, owner: results)
  }
}

/// One output as Arrow describes it.
private struct ExportedColumn {
  let name: String
  let format: String
  let results: Results
  let values: UnsafeRawPointer?
  /// Numbers of a row that was not accepted are null.
  let isNullable: Bool

  init(_ name: String, of results: Results) throws {
    guard let output = results.operation.outputs.first(where: { $0.name == name }), let bytes = results.bytes(name)
    else {
      throw Failure(ASSAY_ERROR_USAGE, "\(results.operation.name) did not compute a column \(name.prefix(64)).")
    }
    self.name = name
    self.results = results
    values = UnsafeRawPointer(bytes.baseAddress)
    isNullable = output.kind == .f64
    format =
      switch output.kind {
      case .f64: "g"
      case .u64: "L"
      case .u32: "I"
      case .u8, .verdict: "C"
      case .bytes(let width): "w:\(width)"
      case .message: throw Failure(ASSAY_ERROR_USAGE, "The column \(name) cannot be exported.")
      }
  }

  var schema: ArrowSchema {
    makeSchema(format: format, name: name, children: [], flags: isNullable ? Int64(ARROW_FLAG_NULLABLE) : 0)
  }

  func array(_ validity: Validity?) -> ArrowArray {
    let bits = isNullable && validity?.nulls != 0 ? validity : nil
    return makeArray(
      rows: results.rows, nulls: bits?.nulls ?? 0, buffers: [bits.map { UnsafeRawPointer($0.bits.start) }, values],
      children: [], owner: ValueOwner(results: results, validity: bits))
  }
}

/// A bit per row: whether it was accepted.
private final class Validity {
  let bits: Memory
  let nulls: Int

  init(_ results: Results) {
    bits = Memory(byteCount: (results.rows + 63) / 64 * 8)
    var nulls = 0
    for row in 0..<results.rows {
      if results.verdict(row).isAccepted {
        bits.bytes[row >> 3] |= 1 << (row & 7)
      } else {
        nulls += 1
      }
    }
    self.nulls = nulls
  }
}

/// What a column's memory lives in.
private final class ValueOwner {
  let results: Results
  let validity: Validity?
  init(results: Results, validity: Validity?) {
    self.results = results
    self.validity = validity
  }
}

/// What a structure's `private_data` points to: everything that its release frees.
private final class Released {
  var frees: [UnsafeMutableRawPointer] = []
  var owner: AnyObject?

  /// Memory for `values` that lives until the release.
  func keep<T>(_ values: [T]) -> UnsafeMutablePointer<T> {
    let memory = UnsafeMutablePointer<T>.allocate(capacity: max(values.count, 1))
    memory.initialize(from: values, count: values.count)
    frees.append(UnsafeMutableRawPointer(memory))
    return memory
  }

  deinit { for memory in frees { memory.deallocate() } }
}

private func makeSchema(
  format: String, name: String, children: [ArrowSchema], flags: Int64 = 0
) -> ArrowSchema {
  let held = Released()
  let children = children.map { child -> UnsafeMutablePointer<ArrowSchema>? in held.keep([child]) }
  return ArrowSchema(
    format: UnsafePointer(held.keep(Array(format.utf8CString))),
    name: UnsafePointer(held.keep(Array(name.utf8CString))),
    metadata: nil, flags: flags, n_children: Int64(children.count), children: held.keep(children), dictionary: nil,
    release: { schema in
      guard let schema, let data = schema.pointee.private_data else { return }
      for index in 0..<Int(schema.pointee.n_children) {
        if let child = schema.pointee.children[index] { child.pointee.release?(child) }
      }
      schema.pointee.release = nil
      Unmanaged<Released>.fromOpaque(data).release()
    },
    private_data: Unmanaged.passRetained(held).toOpaque())
}

private func makeArray(
  rows: Int, nulls: Int, buffers: [UnsafeRawPointer?], children: [ArrowArray], owner: AnyObject
) -> ArrowArray {
  let held = Released()
  held.owner = owner
  let children = children.map { child -> UnsafeMutablePointer<ArrowArray>? in held.keep([child]) }
  return ArrowArray(
    length: Int64(rows), null_count: Int64(nulls), offset: 0, n_buffers: Int64(buffers.count),
    n_children: Int64(children.count), buffers: held.keep(buffers), children: held.keep(children), dictionary: nil,
    release: { array in
      guard let array, let data = array.pointee.private_data else { return }
      for index in 0..<Int(array.pointee.n_children) {
        if let child = array.pointee.children[index] { child.pointee.release?(child) }
      }
      array.pointee.release = nil
      Unmanaged<Released>.fromOpaque(data).release()
    },
    private_data: Unmanaged.passRetained(held).toOpaque())
}
