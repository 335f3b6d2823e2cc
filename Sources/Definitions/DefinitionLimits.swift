/// What a definition file may be at most, so that a hostile one costs little time and memory.
///
/// A person writes these files: the longest shipped instrument has some 20 kB, and no field of any of
/// them nests deeper than ten.
enum DefinitionLimits {
  /// Bytes of a file: 1 MiB, some ten thousand items.
  static let bytes = 1 << 20
  /// Lists and mappings inside each other. The recursion over them is safe on a small stack.
  static let depth = 32
  /// Duplicate keys reported one by one; each costs one more parse.
  static let duplicates = 20
}
