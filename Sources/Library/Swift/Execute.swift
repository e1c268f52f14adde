// swift-format-ignore-file: AlwaysUseLowerCamelCase, AllPublicDeclarationsHaveDocumentation
// The functions are those of assay.h, which names and documents them.

import Assay
public import CAssayLibrary

@c @implementation public func assay_execute(
  _ engine: OpaquePointer?, _ call: UnsafePointer<assay_call>?, _ operation: UnsafePointer<CChar>?, _ rows: Int64,
  _ inputs: UnsafePointer<assay_view>?, _ input_count: Int, _ wanted: UnsafePointer<UnsafePointer<CChar>?>?,
  _ wanted_count: Int, _ results: UnsafeMutablePointer<OpaquePointer?>?, _ error: UnsafeMutablePointer<OpaquePointer?>?
) -> Int32 {
  status(error) {
    guard let results else { throw Failure.null("results") }
    let engine = try EngineBox.engine(engine)
    let operation = try named(operation)
    let names = try optionalOutputs(of: operation, wanted, wanted_count)
    let batch = try batch(operation, rows: rows, inputs: inputs, count: input_count)
    results.pointee = Handle.make(try engine.run(batch, wanted: names, within: Limits(call)))
  }
}

@c @implementation public func assay_execute_into(
  _ engine: OpaquePointer?, _ call: UnsafePointer<assay_call>?, _ operation: UnsafePointer<CChar>?, _ rows: Int64,
  _ inputs: UnsafePointer<assay_view>?, _ input_count: Int, _ outputs: UnsafePointer<assay_target>?,
  _ output_count: Int, _ error: UnsafeMutablePointer<OpaquePointer?>?
) -> Int32 {
  status(error) {
    let engine = try EngineBox.engine(engine)
    let operation = try named(operation)
    let batch = try batch(operation, rows: rows, inputs: inputs, count: input_count)
    guard output_count == operation.outputs.count, let outputs else {
      throw Failure(
        ASSAY_ERROR_SHAPE,
        "\(operation.name) has \(operation.outputs.count) outputs and was given \(output_count) targets.")
    }
    let targets = UnsafeBufferPointer(start: outputs, count: output_count)
    for (output, target) in zip(operation.outputs, targets) where target.data != nil {
      guard target.size == Int64(batch.rows) * Int64(output.width) else {
        throw Failure(
          ASSAY_ERROR_SHAPE,
          "Output \(output.name) needs \(batch.rows * output.width) bytes and its target has \(target.size).")
      }
    }
    let wanted = zip(operation.outputs, targets).filter { $0.0.role == .optional && $0.1.data != nil }.map(\.0.name)
    let results = try engine.run(batch, wanted: Set(wanted), within: Limits(call))
    for (output, target) in zip(operation.outputs, targets) {
      if let data = target.data { results.copy(output.name, to: data) }
    }
  }
}

@c @implementation public func assay_warm(
  _ engine: OpaquePointer?, _ operations: UnsafePointer<UnsafePointer<CChar>?>?, _ count: Int,
  _ error: UnsafeMutablePointer<OpaquePointer?>?
) -> Int32 {
  status(error) {
    let engine = try EngineBox.engine(engine)
    try engine.prepare(texts(operations, count, named: "operations").map(operation(named:)))
  }
}

extension Engine {
  /// Computes `batch`, in slices when the call has limits, so that they are seen between slices.
  func run(_ batch: Batch, wanted: Set<String>, within limits: Limits) throws -> Results {
    try limits.check()
    if limits.isUnlimited { return try execute(batch, wanted: wanted) }
    let results = Results(batch.operation, rows: batch.rows, wanted: wanted)
    let step = max(batch.operation.chunk * 16, 1)
    for start in stride(from: 0, to: batch.rows, by: step) {
      let range = start..<min(start + step, batch.rows)
      let part = try execute(batch.slice(range), wanted: wanted)
      results.commit(range, from: part, at: 0)
      results.receipts += part.receipts.map { $0.shifted(by: start) }
      try limits.check()
    }
    return results
  }
}

extension RowsReceipt {
  fileprivate func shifted(by rows: Int) -> RowsReceipt {
    var receipt = self
    receipt.first += rows
    return receipt
  }
}

func named(_ name: UnsafePointer<CChar>?) throws -> Operation {
  guard let name else { throw Failure.null("operation") }
  return try operation(named: String(cString: name))
}

private func operation(named name: String) throws -> Operation {
  guard let operation = Operation.named(name) else {
    throw Failure(ASSAY_ERROR_USAGE, "There is no operation \(name.prefix(64)). assay_operation_describe lists them.")
  }
  return operation
}

/// The optional outputs of `operation` that a caller names.
func optionalOutputs(
  of operation: Operation, _ wanted: UnsafePointer<UnsafePointer<CChar>?>?, _ count: Int
) throws -> Set<String> {
  let names = try Set(texts(wanted, count, named: "wanted"))
  let outputs = operation.outputs.filter { $0.role == .optional }.map(\.name)
  if let unknown = names.sorted().first(where: { !outputs.contains($0) }) {
    throw Failure(
      ASSAY_ERROR_USAGE,
      "\(operation.name) does not have an optional output \(unknown). It has: \(outputs.joined(separator: ", ")).")
  }
  return names
}

/// The texts of a C array of strings.
func texts(_ list: UnsafePointer<UnsafePointer<CChar>?>?, _ count: Int, named name: String) throws -> [String] {
  guard count > 0 else { return [] }
  guard let list else { throw Failure.null(name) }
  guard count <= 1024 else {
    throw Failure(ASSAY_ERROR_USAGE, "\(name) holds \(count) names, which is more than 1024.")
  }
  return try UnsafeBufferPointer(start: list, count: count).enumerated().map { index, text in
    guard let text else { throw Failure.null("\(name)[\(index)]") }
    return String(cString: text)
  }
}

/// The batch over columns that are lent for the call. Columns that are not aligned for their numbers are copied.
private func batch(
  _ operation: Operation, rows: Int64, inputs: UnsafePointer<assay_view>?, count: Int
) throws -> Batch {
  guard rows >= 0, rows <= Int64(1) << 40 else {
    throw Failure(ASSAY_ERROR_SHAPE, "A batch cannot have \(rows) rows.")
  }
  let described = operation.inputs
  guard count == described.count, let inputs else {
    throw Failure(
      ASSAY_ERROR_SHAPE,
      "\(operation.name) takes \(described.count) columns (\(described.map(\.name).joined(separator: ", "))) and was given \(count)."
    )
  }
  let columns = try described.enumerated().map { index, input in
    try column(inputs[index], input, rows: input.role == .shared ? 1 : Int(rows))
  }
  return try Batch(operation, columns, rows: Int(rows))
}

private func column(_ view: assay_view, _ input: ColumnDescription, rows: Int) throws -> Column {
  let name = input.name
  guard view.size >= 0 else { throw Failure(ASSAY_ERROR_SHAPE, "Column \(name) has a negative size.") }
  guard view.data != nil || view.size == 0 else { throw Failure.null("data of column \(name)") }
  guard input.kind == .message else {
    let (needed, overflow) = rows.multipliedReportingOverflow(by: input.width)
    guard !overflow, view.size == Int64(needed) else {
      throw Failure(ASSAY_ERROR_SHAPE, "Column \(name) needs \(rows) x \(input.width) bytes and has \(view.size).")
    }
    return lend(view.data, byteCount: needed, count: rows, as: input.kind)
  }
  guard let offsets = view.offsets else { throw Failure.null("offsets of column \(name)") }
  // Offsets are copied: they must not change between this check and the kernels, and need not be aligned.
  let table = Memory(byteCount: (rows + 1) * 8)
  table.bytes.copyMemory(from: UnsafeRawBufferPointer(start: offsets, count: (rows + 1) * 8))
  let values = table.start.bindMemory(to: Int64.self, capacity: rows + 1)
  var last: Int64 = 0
  for row in 0...rows {
    guard values[row] >= last, values[row] <= view.size else {
      throw Failure(
        ASSAY_ERROR_SHAPE,
        "Offset \(row) of column \(name) is \(values[row]): offsets ascend from 0 and end within \(view.size) bytes.")
    }
    last = values[row]
  }
  let data = view.data.map { UnsafeRawPointer($0) } ?? UnsafeRawPointer(table.start)
  return Column(borrowing: data, offsets: values, count: rows, as: .message, owner: table)
}

/// A column over memory that is lent for the call: borrowed where it lies as kernels need it, else copied; zeros when NULL.
func lend(_ data: UnsafeRawPointer?, byteCount: Int, count: Int, as kind: ColumnDescription.Kind) -> Column {
  let alignment = kind == .u32 ? 4 : kind == .f64 || kind == .u64 ? 8 : 1
  if let data, Int(bitPattern: data) % alignment == 0 {
    return Column(borrowing: data, count: count, as: kind, owner: nil)
  }
  let memory = Memory(byteCount: byteCount)
  if let data { memory.bytes.copyMemory(from: UnsafeRawBufferPointer(start: data, count: byteCount)) }
  return Column(borrowing: memory.start, count: count, as: kind, owner: memory)
}
