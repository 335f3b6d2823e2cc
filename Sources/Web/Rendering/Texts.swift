import Foundation
import Instruments

/// What participants' pages say besides the study's own words, in one language.
struct Texts: Sendable {
  /// The language tag.
  let language: String
  /// By name; what a name means is best seen in `CEmbedded/Pages/texts/en.json`.
  let words: [String: String]

  /// Whether the language is written from right to left.
  var direction: String { writesRightToLeft(language) ? "rtl" : "ltr" }

  /// The words of a name, with what stands in braces replaced: `{n}` by the value of `n`.
  ///
  /// A test sees to it that every name used is there in every language.
  func callAsFunction(_ name: String, _ values: KeyValuePairs<String, String> = [:]) -> String {
    var text = words[name] ?? name
    for (key, value) in values { text = text.replacing("{\(key)}", with: value) }
    return text
  }
}

/// The languages that participants' pages speak.
struct TextLibrary: Sendable {
  /// The language of those whose own is not spoken.
  static let fallback = "en"

  private let languages: [String: Texts]

  init(_ files: [String: [UInt8]]) throws {
    languages = try Dictionary(
      uniqueKeysWithValues: files.map { language, bytes in
        let words = try JSONDecoder().decode([String: String].self, from: Data(bytes))
        return (language, Texts(language: language, words: words))
      })
  }

  /// The language tags, in order.
  var all: [String] { languages.keys.sorted() }

  /// The texts of a language, of its main language (`pt` for `pt-BR`), or of the fallback.
  func texts(_ language: String) -> Texts {
    let main = String(language.prefix { $0 != "-" })
    return languages[language] ?? languages[main] ?? languages[Self.fallback]
      ?? Texts(language: Self.fallback, words: [:])
  }

  /// The first language of an `Accept-Language` header that is spoken (RFC 9110, 12.5.4; browsers list
  /// them by preference).
  func texts(accepting header: String?, among offered: [String]) -> Texts {
    let wanted = (header ?? "").split(separator: ",").map { entry in
      entry.prefix { $0 != ";" }.trimmingCharacters(in: .whitespaces)
    }
    let match = wanted.lazy.compactMap { tag in
      offered.first { $0 == tag || $0 == tag.prefix { $0 != "-" } }
    }.first
    return texts(match ?? offered.first ?? Self.fallback)
  }
}
