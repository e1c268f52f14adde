import ArgumentParser
import Assay
import AssayFormats

/// `assay devices`
struct Devices: ParsableCommand {
  static let configuration = CommandConfiguration(
    abstract: "List every backend and device, what it computes, and why something is not there.")

  @Flag(help: "One JSON document.")
  var json = false

  private struct Report: Encodable {
    let backends: [BackendReport]
  }

  private struct BackendReport: Encodable {
    let name: String
    let absence: String?
    let warnings: [String]
    let devices: [DeviceReport]
  }

  private struct DeviceReport: Encodable {
    let id: String
    let name: String
    let facts: [String]
    let simulated: Bool
    let operations: [OperationReport]
    let absent: [AbsenceReport]
  }

  private struct OperationReport: Encodable {
    let operation: String
    let version: Int
    let kernels: [String]
  }

  private struct AbsenceReport: Encodable {
    let operation: String
    let reason: String
  }

  mutating func run() throws {
    let report = Report(backends: Backends.all().map(Self.describe))
    try Terminal.report(json ? try report.jsonText() : Self.text(report))
  }

  private static func describe(_ backend: any Backend) -> BackendReport {
    let devices = backend.devices.map { device in
      var operations: [OperationReport] = []
      var absent: [AbsenceReport] = []
      for operation in Operation.all {
        let kernels = backend.kernels(for: operation, on: device).map(\.id)
        if kernels.isEmpty {
          absent.append(
            AbsenceReport(
              operation: operation.name, reason: backend.absence(of: operation, on: device) ?? "not supported"))
        } else {
          operations.append(OperationReport(operation: operation.name, version: operation.version, kernels: kernels))
        }
      }
      return DeviceReport(
        id: device.id, name: device.name, facts: backend.facts(of: device), simulated: device.isSimulated,
        operations: operations,
        absent: absent)
    }
    return BackendReport(
      name: backend.name, absence: backend.absence, warnings: backend.warnings, devices: devices)
  }

  private static func text(_ report: Report) -> String {
    var lines: [String] = []
    for backend in report.backends {
      lines.append("\(backend.name)\(backend.absence.map { ": not there: \($0)" } ?? "")")
      if backend.absence == nil { lines += backend.warnings.map { "  warning: \($0)" } }
      for device in backend.devices {
        lines.append("  \(device.id)  \(device.name)\(device.simulated ? "  (simulated)" : "")")
        for fact in device.facts { lines.append("    \(fact)") }
        lines.append("    computes \(device.operations.count) of \(Operation.all.count) operations")
        let width = device.operations.reduce(0) { max($0, $1.operation.count) } + 2
        for operation in device.operations {
          lines.append("      \(Style.left(operation.operation, width))\(operation.kernels.joined(separator: ", "))")
        }
        for (reason, absences) in Dictionary(grouping: device.absent, by: \.reason).sorted(by: { $0.key < $1.key }) {
          lines.append("    without \(absences.count): \(reason)")
          lines += Style.wrapped(absences.map(\.operation), indent: 6)
        }
      }
    }
    return lines.joined(separator: "\n") + "\n"
  }
}
