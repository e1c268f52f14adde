public import Assay

/// The names of a request's parameters: the rules of every name that a file or a command line has.
public enum ParameterName {
  /// The name among `names` that `name` is after dropping case, `_`, `-` and spaces.
  ///
  /// - Throws: ``AssayError`` of kind `usage` for any other, with the one that may have been meant.
  public static func known(_ name: String, among names: [String]) throws(AssayError) -> String {
    let table = NameTable(names)
    if let place = table.position(of: name) { return names[place] }
    let suggestion = table.suggestion(for: name).map { "Did you mean \($0)? " } ?? ""
    throw AssayError(
      .usage, "The parameter \(name.prefix(64)) is not known.",
      advice: "\(suggestion)There are: \(names.joined(separator: ", ")).")
  }
}
