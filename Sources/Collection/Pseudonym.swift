/// The names that research data has for people: `P-` and six characters.
///
/// The alphabet is Crockford's base 32 (no I, L, O, U) without 0 and 1, so that a name read aloud
/// or copied by hand comes out right. 30⁶ is 729 million: names stay hard to guess, though they are
/// no secrets.
package enum Pseudonym {
  static let alphabet = Array("23456789ABCDEFGHJKMNPQRSTVWXYZ")
  static let length = 6

  /// A new pseudonym from the generator.
  package static func make(using generator: inout some RandomNumberGenerator) -> String {
    let bound = UInt64(alphabet.count)
    // The largest multiple of the alphabet's size: what lies above would favour its first letters.
    let limit = UInt64.max - UInt64.max % bound
    var name = "P-"
    while name.count < length + 2 {
      let word = generator.next()
      guard word < limit else { continue }
      name.append(alphabet[Int(word % bound)])
    }
    return name
  }

  /// What somebody typed, as a pseudonym: `p-7k3m9q ` and `7K3M9Q` mean `P-7K3M9Q`.
  ///
  /// - Returns: `nil` when it cannot be one.
  package static func read(_ text: String) -> String? {
    var characters = Array(text.uppercased().filter { !$0.isWhitespace })
    if characters.starts(with: ["P", "-"]) { characters.removeFirst(2) }
    guard characters.count == length, characters.allSatisfy(alphabet.contains) else { return nil }
    return "P-" + String(characters)
  }
}
