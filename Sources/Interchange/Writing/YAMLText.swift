/// Texts as they stand in our files.
enum YAMLText {
  /// A text in a value: plain where nothing in it means something in YAML, else between double quotes.
  static func written(_ text: String) -> String {
    guard text.utf8.count <= 200, let first = text.unicodeScalars.first,
      first.properties.isAlphabetic, text.last != " ",
      !reserved.contains(text.lowercased()),
      text.unicodeScalars.allSatisfy({ scalar in
        scalar.value <= 0xFFFF
          && (scalar.properties.isAlphabetic || scalar.isASCIIDigit
            || " .,;?!'()/-_’“”".unicodeScalars.contains(scalar))
      })
    else { return quoted(text) }
    return text
  }

  private static let reserved: Set<String> = [
    "true", "false", "yes", "no", "on", "off", "null", "y", "n", "missing", "nan", "inf",
  ]

  /// A text between double quotes, on one line.
  static func quoted(_ text: String) -> String {
    var quoted = "\""
    for scalar in text.unicodeScalars {
      switch scalar {
      case "\"": quoted += "\\\""
      case "\\": quoted += "\\\\"
      case "\n": quoted += "\\n"
      case "\t": quoted += "\\t"
      case _
      where scalar.properties.generalCategory == .control || scalar.value > 0xFFFF
        || (0x2028...0x2029).contains(scalar.value) || scalar.value == 0xFEFF
        || (0xFFFE...0xFFFF).contains(scalar.value):
        let digits = String(scalar.value, radix: 16)
        quoted += "\\U" + String(repeating: "0", count: 8 - digits.count) + digits
      default: quoted.unicodeScalars.append(scalar)
      }
    }
    return quoted + "\""
  }

  /// A number without a needless point.
  static func written(_ number: Double) -> String {
    number == number.rounded() && abs(number) < 1e15 ? String(Int(number)) : "\(number)"
  }
}
