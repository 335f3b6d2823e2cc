import Definitions
import Instruments
import Testing

@Suite("Overlays")
struct OverlayTests {
  static let paths = EmbeddedFile.inside("instruments/overlays").map(\.file.path)

  private func load(_ text: String, path: String) -> (overlay: Overlay?, problems: Problems) {
    var problems = Problems()
    let overlay = Overlay.load(
      Array(text.utf8), file: path, instrument: { ShippedInstruments.instrument(id: $0) },
      problems: &problems)
    return (overlay, problems)
  }

  @Test("Every shipped one is complete, and touches no number", arguments: paths)
  func shipped(path: String) throws {
    let (loaded, problems) = load(try text(path), path: path)
    #expect(problems.list.map(\.description) == [])
    let overlay = try #require(loaded)
    let original = try #require(ShippedInstruments.instrument(id: overlay.instrument))
    let worded = original.worded(by: overlay)
    #expect(worded.language == overlay.language && worded.overlay == overlay.provenance)
    #expect(worded.overlay?.community == "longwell")
    #expect(worded.contentHash != original.contentHash)
    #expect(worded.scores == original.scores && worded.checks == original.checks)
    for (new, old) in zip(worded.items, original.items) {
      #expect(new.text != old.text)
      #expect(new.id == old.id && new.isReversed == old.isReversed && new.range == old.range)
      #expect(new.options?.map(\.value) == old.options?.map(\.value))
      #expect(new.options?.map { $0.label == nil } == old.options?.map { $0.label == nil })
    }
    for example in original.tests {
      #expect(worded.scores(of: example.answers) == original.scores(of: example.answers))
    }
  }

  @Test("Three instruments can be read in Dutch, Spanish and Arabic")
  func languages() {
    for id in ["needs-6", "flourishing-12", "wisdom-7"] {
      #expect(ShippedInstruments.languages(of: id) == ["en", "ar", "es", "nl"])
      #expect(ShippedInstruments.instrument(id: id, language: "ar")?.language == "ar")
      #expect(ShippedInstruments.instrument(id: id, language: "fr") == nil)
    }
    #expect(ShippedInstruments.languages(of: "needs-24") == ["en"])
    #expect(ShippedInstruments.languages(of: "nothing").isEmpty)
  }

  @Test(
    "What is missing, superfluous or about scoring is refused at its place",
    arguments: [
      ("  w3:", "  w9:", "words for the unknown item 'w9'"),
      ("    5: \"Helemaal mee eens\"\n", "", "no words for the label 'agree5 5'"),
      ("  agree5:", "  agree7:", "no words for the label 'agree5 1'"),
      ("instructions:", "scores: {}\ninstructions:", "the unknown field 'scores'"),
      ("instructions:", "reverse: [w1]\ninstructions:", "the unknown field 'reverse'"),
      ("overlay: wisdom-7", "overlay: wisdom-8", "the unknown instrument 'wisdom-8'"),
      ("for_version: 1.0.0", "for_version: 2.0.0", "the version 2.0.0"),
      ("date: 2026-11-21", "date: yesterday", "the text 'yesterday'"),
      ("language: nl", "language: de", "the file 'wisdom-7.nl.yaml'"),
      ("\"Wijsheid\"", "\" \"", "an empty text"),
      ("author: Longwell\n", "", "author"),
    ])
  func refused(from: String, to: String, found: String) throws {
    let path = "instruments/overlays/longwell/wisdom-7.nl.yaml"
    let (overlay, problems) = load(try text(path).replacing(from, with: to), path: path)
    #expect(overlay == nil)
    #expect(
      problems.list.contains { $0.description.contains(found) },
      "\(problems.sorted.map(\.description))")
  }
}
