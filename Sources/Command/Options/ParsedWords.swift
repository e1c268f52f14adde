import ArgumentParser
import AssayFormats

/// The path of a file or folder that a command reads; `-` is standard input. A receipt keeps it apart from other words, because it is
/// another path from another folder.
struct InputPath: ExpressibleByArgument {
  /// The path as it was given.
  let path: String

  init(argument path: String) { self.path = path }

  var defaultValueDescription: String { path }

  static var defaultCompletionKind: CompletionKind { .file() }
}

/// A group of options that decide nothing about results: receipts leave it out.
protocol UnrecordedOptions: ParsableArguments {}

extension ParsableArguments {
  /// The arguments and options as a command line has them, in the order in which they are declared: what a receipt repeats.
  ///
  /// An option that was not given has its default, so that a later default changes no replay; one whose value is nil, and a flag that is
  /// not set, are left out.
  var parsedWords: [CommandWord] {
    Mirror(reflecting: self).children.flatMap { child -> [CommandWord] in
      guard let label = child.label, let wrapper = child.value as? any ParsedWords else { return [] }
      return wrapper.words(Self.optionName(label))
    }
  }

  /// The names of the options, such as `--max-delay`.
  static var optionNames: Set<String> {
    Set(Mirror(reflecting: Self()).children.compactMap { $0.label.map(optionName) })
  }

  /// `--max-delay` for the property wrapper `_maxDelay`, as the argument parser names it.
  private static func optionName(_ label: String) -> String {
    label.drop { $0 == "_" }.reduce(into: "--") { name, letter in
      if letter.isUppercase { name += "-" }
      name += letter.lowercased()
    }
  }
}

/// A property wrapper of the argument parser whose value a command line has.
private protocol ParsedWords {
  /// The words of the value; `option` is the property's name as an option.
  func words(_ option: String) -> [CommandWord]
}

extension Argument: ParsedWords {
  fileprivate func words(_ option: String) -> [CommandWord] { CommandWord.list(wrappedValue) }
}

extension Option: ParsedWords {
  fileprivate func words(_ option: String) -> [CommandWord] {
    CommandWord.list(wrappedValue).flatMap { [.text(option), $0] }
  }
}

extension Flag: ParsedWords {
  fileprivate func words(_ option: String) -> [CommandWord] {
    wrappedValue as? Bool == true ? [.text(option)] : []
  }
}

extension OptionGroup: ParsedWords {
  fileprivate func words(_ option: String) -> [CommandWord] {
    wrappedValue is any UnrecordedOptions ? [] : wrappedValue.parsedWords
  }
}

extension CommandWord {
  /// The words of an argument's value: none for nil, one for each element of a list.
  fileprivate static func list(_ value: Any) -> [CommandWord] {
    switch value {
    case let path as InputPath: [.file(path.path)]
    case let values as [any ExpressibleByArgument]: values.flatMap(list)
    case let value as any ExpressibleByArgument: [.text(value.defaultValueDescription)]
    default: []
    }
  }
}
