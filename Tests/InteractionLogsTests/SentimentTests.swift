import Foundation
import Testing

@testable import InteractionLogs

/// Sentences of our own with what the package vaderSentiment 3.3.2 says of them.
@Suite("Sentiment is VADER's")
struct SentimentTests {
  struct Reference: Decodable {
    struct Sentence: Decodable {
      var text: String
      var compound: Double
    }
    var version: String
    var sentences: [Sentence]
  }

  static func reference() throws -> Reference {
    let url = URL(filePath: #filePath).deletingLastPathComponent()
      .appending(path: "Fixtures/vader.json")
    return try JSONDecoder().decode(Reference.self, from: Data(contentsOf: url))
  }

  static func compound(of text: String) -> Double {
    var sentiment = Sentiment(table: .shipped)
    return Array(text.utf8).withUnsafeBufferPointer { sentiment.compound(of: $0) }
  }

  @Test("every sentence of the fixture has the value of the package")
  func agreesWithThePackage() throws {
    let reference = try Self.reference()
    #expect(reference.sentences.count >= 60)
    #expect(reference.version == ValenceTable.shipped.version.version)
    for sentence in reference.sentences {
      let value = Self.compound(of: sentence.text)
      #expect(
        abs(value - sentence.compound) < 1e-4,
        "\(sentence.text): \(value), not \(sentence.compound)")
    }
  }

  @Test("one analyser used again says the same as a new one")
  func keepsNothingBetweenSentences() throws {
    var sentiment = Sentiment(table: .shipped)
    for sentence in try Self.reference().sentences.reversed() {
      let again = Array(sentence.text.utf8).withUnsafeBufferPointer { sentiment.compound(of: $0) }
      #expect(again == Self.compound(of: sentence.text))
    }
  }

  @Test(
    "values stay between -1 and 1, whatever the bytes",
    arguments: [
      "", " ", "!!!!", "\u{FFFD}", String(repeating: "love ", count: 5000),
      String(repeating: "hate! ", count: 5000), String(repeating: "x", count: 100_000),
      String(repeating: "but good ", count: 900),
    ])
  func staysInRange(text: String) {
    #expect((-1...1).contains(Self.compound(of: text)))
  }

  @Test("damaged UTF-8 is measured, not trapped on", arguments: [0x80, 0xC3, 0xE2, 0xF0, 0xFF])
  func survivesDamage(byte: UInt8) {
    var sentiment = Sentiment(table: .shipped)
    for text in [[byte], Array("good ".utf8) + [byte], [byte] + Array(" bad".utf8)] {
      let value = text.withUnsafeBufferPointer { sentiment.compound(of: $0) }
      #expect((-1...1).contains(value))
    }
  }
}
