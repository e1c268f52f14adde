public import AssayCore
import CAssayKernels

/// This processor: the portable kernels, which every other kernel is compared with, or those of its vector extensions.
public struct CPUBackend: Backend {
  /// Which kernels a backend offers.
  public enum Family: String, Sendable {
    /// Kernels that run on any processor; `--backend portable`.
    case portable
    /// Kernels of instruction-set extensions; `--backend simd`.
    case simd
  }

  /// Which kernels this backend offers.
  public let family: Family
  /// The one device, absent when the processor has none of the extensions.
  public let devices: [Device]
  private let tables: [KernelTable]
  private let lanes: [Lanes]
  private let keys: RegisteredKeys?
  private let pool: ThreadPool

  /// The backend of `family`, its kernels spread over the threads of `pool`. Tables of public keys that repeat take at most `keyBytes`
  /// bytes; none are made for 0.
  public init(_ family: Family, pool: ThreadPool, keyBytes: Int = 64 << 20) {
    self.family = family
    // The portable kernels are what others are compared with: they know no key.
    keys = family == .simd && keyBytes > 0 ? RegisteredKeys(.init(bytes: keyBytes)) : nil
    self.pool = pool
    let all = KernelTable.all.filter { $0.family == family }
    let allLanes = LaneTable.all.filter { $0.family == family }
    tables = all.filter(\.isAvailable)
    lanes = allLanes.filter(\.isAvailable).map(Lanes.init)
    devices =
      tables.isEmpty
      ? []
      : [
        Device(
          id: "cpu:\(family.rawValue)", backend: family.rawValue, name: Processor.name,
          facts: [
            "kernels: \((tables.map(\.name) + lanes.map(\.table.name)).joined(separator: ", "))",
            "threads: \(pool.threads)",
          ]
            + all.filter { !$0.isAvailable }.map { "no \($0.name): needs \($0.requirement)" }
            + allLanes.filter { !$0.isAvailable }.map { "no \($0.name): needs \($0.requirement)" },
          isHost: true)
      ]
  }

  /// `portable` or `simd`.
  public var name: String { family.rawValue }

  /// Why there is no device.
  public var absence: String? {
    devices.isEmpty ? "this processor has none of the instruction sets that kernels were compiled for" : nil
  }

  /// The kernels of this family that have `operation`, the widest instruction set first.
  public func kernels(for operation: Operation, on device: Device) -> [any Kernel] {
    guard devices.contains(device) else { return [] }
    let rowKernels: [any Kernel] = tables.reversed().compactMap { table in
      table.kernel(operation).map { CPUKernel(operation: operation, id: table.name, function: $0, pool: pool) }
    }
    let reference = KernelTable.reference(operation)
    let laneKernels: [any Kernel] = lanes.reversed().compactMap { lanes in
      LaneKernel(
        operation, in: lanes.table, memory: lanes.memory(operation), reference: reference, keys: keys, pool: pool)
    }
    // What runs on any processor is there to be compared with; the other widths are faster than all else.
    return family == .portable ? rowKernels + laneKernels : laneKernels + rowKernels
  }
}

/// One width of the lane kernels with the memory of each curve.
private struct Lanes: @unchecked Sendable {
  let table: LaneTable
  private let memories: [UnsafeRawPointer: LaneMemory]

  init(_ table: LaneTable) {
    self.table = table
    memories = Operation.all.compactMap { table.entry($0)?.scheme }.reduce(into: [:]) { memories, scheme in
      if memories[scheme] == nil { memories[scheme] = LaneMemory(scheme) }
    }
  }

  func memory(_ operation: Operation) -> LaneMemory? { table.entry(operation).flatMap { memories[$0.scheme] } }
}

extension CPUBackend: KeyPreparing {
  /// Makes the tables of `keys` at their first use, not at their eighth.
  public func prepare(keys: [[UInt8]]) { self.keys?.list(keys) }
}

extension CPUBackend {
  /// The portable backend computes every operation; vector extensions serve those that gain by them.
  public func absence(of operation: Operation, on device: Device) -> String? {
    kernels(for: operation, on: device).isEmpty ? "it has no \(family.rawValue) kernel" : nil
  }
}

/// One C function of a kernel table, spread over threads by chunks of rows.
struct CPUKernel: Kernel {
  let operation: Operation
  let id: String
  let function: assay_kernel
  let pool: ThreadPool

  func run(_ batch: Batch, rows: Range<Int>, into results: Results) {
    guard rows.count > operation.chunk, pool.threads > 1 else {
      compute(batch, rows, results)
      return
    }
    // Kernels that share work between rows do better on long ranges: up to four chunks at once, while every thread still
    // takes four turns.
    let chunk = operation.chunk * min(max(rows.count / (4 * pool.threads * operation.chunk), 1), 4)
    let chunks = (rows.count + chunk - 1) / chunk
    pool.run(chunks: chunks) { index in
      let first = rows.lowerBound + index * chunk
      compute(batch, first..<min(first + chunk, rows.upperBound), results)
    }
  }

  private func compute(_ batch: Batch, _ rows: Range<Int>, _ results: Results) {
    // A caller may have changed the rounding mode or flush-to-zero; bits depend on the default.
    let mode = assay_float_mode_is_default() == 0 ? assay_float_mode_set_default() : nil
    results.withKernelColumns(of: batch) { columns in
      function(columns, Int64(rows.lowerBound), Int64(rows.upperBound))
    }
    if let mode { assay_float_mode_restore(mode) }
  }
}
