import Collection
import Definitions
import Foundation
import Instruments
import Testing

@Suite("What participants read besides the study's own words")
struct TextsTests {
  @Test("Every language has every text, with the same places to fill in")
  func languages() {
    let library = TextLibrary()
    #expect(library.all == ["ar", "en", "es", "nl"])
    let english = library.texts("en").words
    for language in library.all {
      let words = library.texts(language).words
      #expect(Set(words.keys) == Set(english.keys), "\(language)")
      for (name, text) in words {
        let places = text.matches(of: #/\{\w+\}/#).map { String($0.output) }.sorted()
        let expected =
          english[name]?.matches(of: #/\{\w+\}/#).map { String($0.output) }.sorted() ?? []
        #expect(Set(places) == Set(expected), "\(language) \(name)")
      }
    }
  }

  @Test("A language that is not spoken has its main one's words, or English")
  func fallback() {
    let library = TextLibrary()
    #expect(library.texts("es-MX").language == "es")
    #expect(library.texts("sw").language == "en")
    #expect(library.texts(accepting: "fr;q=0.9, ar-EG", among: ["en", "ar"]).language == "ar")
    #expect(library.texts("ar").direction == "rtl" && library.texts("nl").direction == "ltr")
  }

  @Test("What is typed for an item is described whole", arguments: ["en", "nl", "es", "ar"])
  func typed(language: String) throws {
    let texts = TextLibrary().texts(language)
    for instrument in ShippedInstruments.all() {
      for item in instrument.items where item.valueType != nil {
        for sentence in [texts.typed(item), texts.expected(item)] {
          #expect(!sentence.isEmpty && !sentence.contains("{") && !sentence.contains("_"))
        }
      }
    }
  }
}
