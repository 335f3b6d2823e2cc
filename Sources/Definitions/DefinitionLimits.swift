/// What a definition file may be at most, so that a hostile one costs little time and memory.
///
/// A person writes these files: the longest shipped instrument has some 20 kB, and no field of any of
/// them nests deeper than ten.
enum DefinitionLimits {
  /// Bytes of a file: 1 MiB, some ten thousand items.
  static let bytes = 1 << 20
  /// Lists and mappings inside each other. The recursion over them is safe on a small stack.
  static let depth = 32
  /// Control characters reported one by one: more of them make a file that is no text.
  static let controlCharacters = 20
  /// Duplicate keys reported one by one. Each costs one more parse, so fewer in a large file: together
  /// they parse no more than 2 MiB.
  static func duplicates(inBytes count: Int) -> Int {
    max(1, min(20, 2 * bytes / max(1, count)))
  }
}
