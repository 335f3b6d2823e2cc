import Collection

/// A letter that does something on the screen where no text is asked: in every language the English one
/// and the language's own.
enum ScreenLetter: String, CaseIterable {
  case back, blank, quit, yes

  /// The letter in English.
  var english: Character {
    switch self {
    case .back: "b"
    case .blank: "s"
    case .quit: "q"
    case .yes: "y"
    }
  }
}

extension Texts {
  /// Whether a typed letter is one of those that mean something.
  func isKey(_ letter: ScreenLetter, _ typed: Character) -> Bool {
    let typed = typed.lowercased()
    return typed == String(letter.english) || typed == self("key_\(letter.rawValue)")
  }
}
