/// The version of a definition: `major.minor.patch`, as of Semantic Versioning 2.0.0 without labels.
package enum VersionNumbers {
  /// Whether a text is three whole numbers of at most nine digits, without leading zeros.
  package static func areWritten(_ text: String) -> Bool {
    let numbers = text.split(separator: ".", omittingEmptySubsequences: false)
    return numbers.count == 3
      && numbers.allSatisfy { number in
        (1...9).contains(number.utf8.count)
          && number.utf8.allSatisfy { (UInt8(ascii: "0")...UInt8(ascii: "9")).contains($0) }
          && (number == "0" || !number.hasPrefix("0"))
      }
  }
}
