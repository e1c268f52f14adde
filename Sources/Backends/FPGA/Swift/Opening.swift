import AssayCore
import BackendOutside
import CAssayFPGA
import CAssayFPGAProbe

/// The boards of some plugins, opened when they are first asked for: each plugin by a child process first, and then here, with a deadline.
final class Opening: Sendable {
  /// What came of opening.
  struct Opened: Sendable {
    var boards: [String: Board] = [:]
    var devices: [Device] = []
    /// Plugins and boards that are not used, a sentence each.
    var refusals: [String] = []
    /// What plugins in use did and should not have.
    var complaints: [String] = []
  }

  private let plugins: [String]
  private let options: String?
  private let configuration: Board.Configuration
  private let known = Guarded<Opened?>(nil)

  init(_ plugins: [String], options: String?, _ configuration: Board.Configuration) {
    self.plugins = plugins
    self.options = options
    self.configuration = configuration
  }

  var opened: Opened {
    known.withLock { known in
      if let known { return known }
      var opened = Opened()
      for path in plugins { open(path, into: &opened) }
      known = opened
      return opened
    }
  }

  /// Gives back the boards that were opened.
  func shutDown() {
    let boards = known.withLock { $0?.boards ?? [:] }
    for board in boards.values { board.shutDown() }
  }

  private func open(_ plugin: String, into opened: inout Opened) {
    let (path, options) = parts(of: plugin)
    if path.contains("/"), let trouble = Outside.trouble(assay_fpga_probe(), path, options) {
      opened.refusals.append("\(path) is not used: \(trouble)")
      return
    }
    let first = opened.devices.count
    let answer = answer(within: Outside.deadline, threadNamed: "assay-plugin") {
      [configuration, taken = Set(opened.boards.keys)] in
      Self.boards(path, options: options, configuration, from: first, taken: taken)
    }
    guard let answer else {
      opened.refusals.append("\(path) is not used: it did not answer within \(Outside.deadlineInWords)")
      return
    }
    opened.boards.merge(answer.boards) { first, _ in first }
    opened.devices += answer.devices
    opened.refusals += answer.refusals
    opened.complaints += answer.complaints
  }

  /// The path of a plugin and its options: those after a `?`, else those of all plugins that have none of their own.
  private func parts(of plugin: String) -> (path: String, options: String?) {
    guard let mark = plugin.firstIndex(of: "?") else { return (plugin, options) }
    return (String(plugin[..<mark]), String(plugin[plugin.index(after: mark)...]))
  }

  /// The id of a board: `fpga:` and its serial, which means the same board whatever else is plugged in; its number, counted over all
  /// plugins, where it has none, or one that is taken.
  private static func id(_ board: Board, number: Int, taken: Set<String>) -> String {
    let serial = String(
      board.serial.map { $0.isASCII && ($0.isLetter || $0.isNumber || "-._".contains($0)) ? $0 : "-" })
    let id = serial.isEmpty ? "fpga:\(number)" : "fpga:\(serial)"
    return taken.contains(id) ? "\(id)#\(number)" : id
  }

  /// Loads the plugin at `path` and opens its boards. `first` boards were opened before, of which these ids are taken.
  private static func boards(
    _ path: String, options: String?, _ configuration: Board.Configuration, from first: Int, taken: Set<String>
  ) -> Opened {
    var (opened, changes) = Outside.keepingProcessState {
      var opened = Opened()
      do throws(Plugin.Refusal) {
        let plugin = try Plugin(path: path)
        for index in 0..<(try plugin.boardCount()) {
          do throws(Plugin.Refusal) {
            let board = try Board(plugin, index: index, options: options, configuration)
            let id = id(
              board, number: first + opened.devices.count, taken: taken.union(opened.boards.keys))
            opened.boards[id] = board
            opened.devices.append(board.device(id: id))
          } catch {
            opened.refusals.append(error.description)
          }
        }
      } catch {
        opened.refusals.append(error.description)
      }
      return opened
    }
    if let changes { opened.complaints.append("\(path) changed \(changes), which was put back") }
    return opened
  }
}

extension Plugin {
  /// How many boards the plugin has.
  ///
  /// - Throws: ``Plugin/Refusal`` when it has none, or more than anybody has.
  fileprivate func boardCount() throws(Refusal) -> UInt32 {
    var count: UInt32 = 0
    let status = table.device_count?(&count) ?? ASSAY_FPGA_E_UNSUPPORTED
    guard status == ASSAY_FPGA_OK else {
      throw Refusal(description: "\(path) (\(name)) does not count its boards: \(Status(status))")
    }
    guard count > 0 else { throw Refusal(description: "\(path) (\(name)) finds no board") }
    guard count <= UInt32(ASSAY_FPGA_MOST_BOARDS) else {
      throw Refusal(description: "\(path) (\(name)) claims \(count) boards, more than \(ASSAY_FPGA_MOST_BOARDS)")
    }
    return count
  }
}
