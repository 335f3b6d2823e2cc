/// Something of a foreign file that did not come through, or not unchanged.
package struct NotCarried: Hashable, Sendable {
  /// The item's name in the file that was read, or the name of the form.
  package let item: String
  /// What it is: `branching`, `calculation`, `codes`.
  package let what: String
  /// Why, as a clause that a person can act on.
  package let why: String

  /// One entry of the list.
  package init(item: String, what: String, why: String) {
    self.item = item
    self.what = what
    self.why = why
  }
}
