/// The type of an item with what stands behind it: `number 1,130,1`, `mc mood`, `text 100`.
struct FormrType: Hashable {
  let name: String
  /// The numbers behind it.
  var numbers: [Double] = []
  /// Whether any fraction is accepted: `number 1,30,any`.
  var takesAny = false
  /// The list of options.
  var list: String?
  /// What else stands behind it: limits of dates, patterns of texts.
  var others: [String] = []

  /// Whether anything stands behind it.
  var hasArguments: Bool { !numbers.isEmpty || list != nil || !others.isEmpty }

  init(_ written: String, lists: Set<String>) {
    let words = written.split { $0.isWhitespace }.map(String.init)
    name = (words.first ?? "").lowercased()
    // Numbers may be divided by commas with spaces.
    var numeric = ""
    for word in words.dropFirst() {
      if lists.contains(word) {
        list = word
      } else if word.allSatisfy({ $0.isASCII && ($0.isNumber || ",.-".contains($0)) })
        || word == "any"
        || word.hasSuffix(",any")
      {
        numeric += word + (word.hasSuffix(",") ? "" : ",")
      } else if list == nil, word.first?.isLetter == true {
        list = word
      } else {
        others.append(word)
      }
    }
    for part in numeric.split(separator: ",") {
      if part == "any" {
        takesAny = true
      } else if let number = Double(part) {
        numbers.append(number)
      }
    }
  }
}
