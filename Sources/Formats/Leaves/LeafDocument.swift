/// What `assay merkle root --json` writes.
package struct LeafDocument: Encodable {
  private let rule: String
  private let leaves: Int
  private let root: String

  /// The document of a tree that was made by `rule`.
  package init(_ rule: LeafRule, _ tree: LeafTree.Result) {
    self.rule = rule.rawValue
    leaves = tree.leaves
    root = tree.root.hexadecimal
  }
}
