internal import Instruments

/// What participants read besides the study's own words, in one language: on pages, and in the terminal.
package struct Texts: Sendable {
  /// The language tag.
  package let language: String
  /// By name; what a name means is best seen in `CEmbedded/Texts/en.json`.
  package let words: [String: String]

  package init(language: String, words: [String: String]) {
    self.language = language
    self.words = words
  }

  /// Whether the language is written from right to left.
  package var direction: String { writesRightToLeft(language) ? "rtl" : "ltr" }

  /// The words of a name, with what stands in braces replaced: `{n}` by the value of `n`.
  ///
  /// Tests see to it that every name used is there in every language.
  package func callAsFunction(
    _ name: String, _ values: KeyValuePairs<String, String> = [:]
  ) -> String {
    var text = words[name] ?? name
    for (key, value) in values { text = text.replacing("{\(key)}", with: value) }
    return text
  }
}
