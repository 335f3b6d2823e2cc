import Expressions

/// Gives foreign names names that our files can have: a letter, then letters, digits and `_`, at most 64,
/// each once whatever its case, and no word of the expression language.
struct NameTable {
  private var taken: Set<String> = []
  /// The next number to try after a name, so that a thousand equal ones do not try a million.
  private var next: [String: Int] = [:]

  /// The name for a foreign one.
  mutating func name(for foreign: String) -> String {
    let base = Self.valid(foreign)
    var name = base
    while !taken.insert(name.lowercased()).inserted {
      let number = next[base.lowercased(), default: 2]
      next[base.lowercased()] = number + 1
      let ending = "_\(number)"
      name = base.prefix(64 - ending.utf8.count) + ending
    }
    return name
  }

  private static func valid(_ foreign: String) -> String {
    var name = ""
    for scalar in foreign.trimmed.unicodeScalars.prefix(200) {
      if scalar.isASCII, scalar.properties.isAlphabetic || scalar.isASCIIDigit || scalar == "_" {
        name.unicodeScalars.append(scalar)
      } else if !name.isEmpty, name.last != "_" {
        name += "_"
      }
    }
    while name.hasSuffix("_"), !foreign.hasSuffix("_") { name.removeLast() }
    guard let first = name.unicodeScalars.first else { return "item" }
    if !first.properties.isAlphabetic { name = "q_" + name }
    name = String(name.prefix(64))
    let isWord = (try? Expression.parse(name).names) != [name]
    return isWord ? "q_" + name.prefix(62) : name
  }

  /// The id of an instrument for a title or a file's name: small letters, digits and hyphens.
  static func instrumentId(for foreign: String) -> String {
    var id = ""
    for scalar in foreign.lowercased().unicodeScalars {
      guard id.utf8.count < 60 else { break }
      if ("a"..."z").contains(scalar) || scalar.isASCIIDigit {
        id.unicodeScalars.append(scalar)
      } else if !id.isEmpty, id.last != "-" {
        id += "-"
      }
    }
    while id.hasSuffix("-") { id.removeLast() }
    guard let first = id.unicodeScalars.first else { return "imported" }
    return first.isASCIIDigit ? "form-" + id : id
  }
}
