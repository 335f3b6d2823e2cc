/// A typed number, list, date or time with the signs of any script as the ones that files have: `٤٫٥` is
/// `4.5`. Letters stay as they are, so that words do not become numbers.
///
/// Decimal digits of every script count (Unicode, general category Nd), the Arabic decimal sign and comma,
/// and the minus sign; marks of direction, which keyboards add unseen, are left out.
package func plainNumerals(_ text: String) -> String {
  var plain = String.UnicodeScalarView()
  for scalar in text.unicodeScalars {
    switch scalar {
    case "\u{066B}": plain.append(".")
    case "\u{060C}": plain.append(",")
    case "\u{2212}": plain.append("-")
    case "\u{200E}", "\u{200F}", "\u{061C}": continue
    default:
      let digit = scalar.properties.numericType == .decimal ? scalar.properties.numericValue : nil
      plain.append(digit.flatMap { Unicode.Scalar(48 + UInt32($0)) } ?? scalar)
    }
  }
  return String(plain)
}
