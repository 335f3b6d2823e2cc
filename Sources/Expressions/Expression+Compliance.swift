extension Expression {
  /// The word before an occasion's name in brackets.
  static let compliance = "compliance"

  /// The name that stands for a participant's compliance with an occasion, submitted out of due:
  /// `compliance(after-chat)`.
  package static func name(ofComplianceWith occasion: String) -> String {
    "\(compliance)(\(occasion))"
  }

  /// The occasion in the name of a compliance, or nil for any other name.
  package static func occasion(ofCompliance name: String) -> String? {
    guard name.hasPrefix(compliance + "("), name.hasSuffix(")") else { return nil }
    return String(name.dropFirst(compliance.count + 1).dropLast())
  }

  /// Whether a text can be an occasion's name, as far as its spelling tells.
  static func isOccasion(_ text: String) -> Bool {
    text.unicodeScalars.first?.isLetter == true
      && text.unicodeScalars.allSatisfy { $0.isNamePart || $0 == "-" }
  }
}
