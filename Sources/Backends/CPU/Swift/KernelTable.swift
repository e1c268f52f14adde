import AssayCore
import CAssayKernels
import CAssayLibraryKernels

/// One instruction set's table of C kernels.
struct KernelTable: @unchecked Sendable {
  private let table: UnsafePointer<assay_kernel_table>

  /// Every table of this build: system libraries, then portable, then wider and wider instruction sets.
  static let all: [KernelTable] = tables(assay_library_kernel_tables()) + tables(assay_kernel_tables())

  /// The kernel that others are compared with: the portable one, or that of a system library.
  static func reference(_ operation: Operation) -> assay_kernel? {
    all.last { $0.family == .portable && $0.isAvailable && $0.kernel(operation) != nil }?.kernel(operation)
  }

  private static func tables(_ list: UnsafePointer<UnsafePointer<assay_kernel_table>?>?) -> [KernelTable] {
    guard let list else { return [] }
    var tables: [KernelTable] = []
    var index = 0
    while let table = list[index] {
      tables.append(KernelTable(table: table))
      index += 1
    }
    return tables
  }

  var name: String { String(cString: table.pointee.name) }
  var requirement: String { String(cString: table.pointee.requires) }
  var family: CPUBackend.Family { table.pointee.family == ASSAY_FAMILY_PORTABLE ? .portable : .simd }
  var isAvailable: Bool { table.pointee.available() != 0 }

  /// The kernel of `operation`; nil when the table has none.
  func kernel(_ operation: Operation) -> assay_kernel? { assay_kernel_of(table, Int32(operation.id)) }
}
