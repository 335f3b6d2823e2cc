internal import Foundation
internal import Instruments

/// The languages in which participants are spoken to: a file each in `CEmbedded/Texts`, which travels in
/// the binary.
package struct TextLibrary: Sendable {
  /// The language of those whose own is not spoken.
  package static let fallback = "en"

  private let languages: [String: Texts]

  /// Reads the embedded files. One that cannot be read has no words, which tests find.
  package init() {
    let files = EmbeddedFile.inside("Sources/CEmbedded/Texts")
    languages = Dictionary(
      files.map { path, file in
        let language = String(path.prefix { $0 != "." })
        let words = try? JSONDecoder().decode([String: String].self, from: Data(file.bytes))
        return (language, Texts(language: language, words: words ?? [:]))
      }, uniquingKeysWith: { first, _ in first })
  }

  /// The language tags, in order.
  package var all: [String] { languages.keys.sorted() }

  /// The texts of a language, of its main language (`pt` for `pt-BR`), or of the fallback.
  package func texts(_ language: String) -> Texts {
    let main = String(language.prefix { $0 != "-" })
    return languages[language] ?? languages[main] ?? languages[Self.fallback]
      ?? Texts(language: Self.fallback, words: [:])
  }

  /// The first language of an `Accept-Language` header that is spoken (RFC 9110, 12.5.4; browsers list
  /// them by preference).
  package func texts(accepting header: String?, among offered: [String]) -> Texts {
    let wanted = (header ?? "").split(separator: ",").map { entry in
      entry.prefix { $0 != ";" }.trimmingCharacters(in: .whitespaces)
    }
    let match = wanted.lazy.compactMap { tag in
      offered.first { $0 == tag || $0 == tag.prefix { $0 != "-" } }
    }.first
    return texts(match ?? offered.first ?? Self.fallback)
  }
}
