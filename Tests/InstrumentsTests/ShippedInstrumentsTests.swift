import Definitions
import Foundation
import Instruments
import Testing

@Suite("The shipped instruments")
struct ShippedInstrumentsTests {
  @Test("Every instrument file is embedded, byte for byte, in order of path")
  func embedded() throws {
    let embedded = EmbeddedFile.all()
    #expect(embedded.map(\.path) == embedded.map(\.path).sorted())
    let folder = repository.appending(path: "instruments")
    let names = try FileManager.default.contentsOfDirectory(atPath: folder.path)
      .filter { $0.hasSuffix(".yaml") }.sorted()
    #expect(ShippedInstruments.ids().map { "\($0).yaml" } == names)
    for name in names {
      let file = try #require(EmbeddedFile.at("instruments/\(name)"))
      #expect(try file.bytes == bytes(file.path))
    }
  }

  @Test("Every one loads without a problem, warnings included", arguments: ShippedInstruments.ids())
  func loads(id: String) throws {
    var problems = Problems()
    let path = "instruments/\(id).yaml"
    let instrument = Instrument.load(try bytes(path), file: path, problems: &problems)
    #expect(problems.list.map(\.description) == [])
    #expect(instrument?.id == id)
  }

  @Test(
    "Every score has two worked examples, one of them with missing answers",
    arguments: ShippedInstruments.all().map(\.id))
  func examples(id: String) throws {
    let instrument = try #require(ShippedInstruments.instrument(id: id))
    for score in instrument.scores {
      let examples = instrument.tests.filter { $0.scores[score.name] != nil }
      #expect(examples.count >= 2, "\(score.name)")
      #expect(
        examples.contains { example in score.items.contains { example.answers[$0] == nil } },
        "\(score.name)")
    }
  }

  @Test("needs-24 has the key of the BPNSFS (Chen et al. 2015, Motivation and Emotion 39, 216-236)")
  func needs() throws {
    let instrument = try #require(ShippedInstruments.instrument(id: "needs-24"))
    let key: [String: [Int]] = [
      "autonomy_satisfaction": [1, 7, 13, 19], "autonomy_frustration": [2, 8, 14, 20],
      "relatedness_satisfaction": [3, 9, 15, 21], "relatedness_frustration": [4, 10, 16, 22],
      "competence_satisfaction": [5, 11, 17, 23], "competence_frustration": [6, 12, 18, 24],
    ]
    for (name, numbers) in key {
      let score = try #require(instrument.score(name))
      #expect(score.items == numbers.map { $0 < 10 ? "n0\($0)" : "n\($0)" })
      #expect(score.range == 1...5)
      #expect(score.least == 3)
    }
    #expect(instrument.items.count == 24)
    #expect(instrument.items.allSatisfy { !$0.isReversed && $0.range == 1...5 })
    #expect(instrument.score("need_satisfaction")?.items.count == 12)
  }

  @Test(
    "flourishing-12 has the key of the Secure Flourish Index (VanderWeele 2017, PNAS 114, 8148)")
  func flourishing() throws {
    let instrument = try #require(ShippedInstruments.instrument(id: "flourishing-12"))
    let domains = [
      "happiness", "health", "meaning", "character", "relationships", "security",
    ]
    let ids = instrument.items.map(\.id)
    #expect(ids.count == 12)
    for (index, domain) in domains.enumerated() {
      #expect(instrument.score(domain)?.items == Array(ids[(2 * index)...(2 * index + 1)]))
      #expect(instrument.score(domain)?.least == 2)
    }
    #expect(instrument.score("flourishing")?.items == Array(ids.prefix(10)))
    #expect(instrument.score("flourishing")?.least == 9)
    #expect(instrument.score("secure_flourishing")?.items == ids)
    #expect(instrument.score("secure_flourishing")?.least == 10)
    #expect(instrument.items.allSatisfy { !$0.isReversed && $0.range == 0...10 })
  }

  @Test("wisdom-7 has the key of the SD-WISE-7 (Thomas et al. 2022)")
  func wisdom() throws {
    let instrument = try #require(ShippedInstruments.instrument(id: "wisdom-7"))
    #expect(instrument.items.filter(\.isReversed).map(\.id) == ["w2", "w4", "w5", "w7"])
    #expect(instrument.items.allSatisfy { $0.range == 1...5 })
    let score = try #require(instrument.score("wisdom"))
    #expect(score.items == ["w1", "w2", "w3", "w4", "w5", "w6", "w7"])
    #expect(score.least == 6)
  }

  @Test("No two items of an instrument have the same text", arguments: ShippedInstruments.ids())
  func texts(id: String) throws {
    let instrument = try #require(ShippedInstruments.instrument(id: id))
    let texts = instrument.items.map { ($0.stem ?? "") + $0.text }
    #expect(Set(texts).count == texts.count)
  }
}

@Suite("A wrong key is caught by the worked examples")
struct WrongKeyTests {
  /// A change to a shipped file that makes it score something else.
  struct Mistake: CustomTestStringConvertible, Sendable {
    let testDescription: String
    let file: String
    let from: String
    let to: String
    /// What the report of it expects.
    var expected = "which the answers give"
  }

  static let mistakes = [
    Mistake(
      testDescription: "an older key of 21 items on the 24 items", file: "needs-24",
      from: "[n01, n07, n13, n19]", to: "[n01, n04, n08, n14]", expected: "overlaps: true"),
    Mistake(
      testDescription: "satisfaction and frustration swapped", file: "needs-24",
      from: "autonomy_frustration: { mean: [n02, n08, n14, n20], answered: 3 }\n"
        + "  relatedness_satisfaction: { mean: [n03, n09, n15, n21]",
      to: "autonomy_frustration: { mean: [n03, n09, n15, n21], answered: 3 }\n"
        + "  relatedness_satisfaction: { mean: [n02, n08, n14, n20]"),
    Mistake(
      testDescription: "a sum called a mean", file: "needs-24",
      from: "{ mean: [n05, n11, n17, n23], answered: 3 }", to: "{ sum: [n05, n11, n17, n23] }",
      expected: "mixed_ranges: true"),
    Mistake(
      testDescription: "all items needed where three are enough", file: "needs-24",
      from: "{ mean: [n05, n11, n17, n23], answered: 3 }",
      to: "{ mean: [n05, n11, n17, n23], answered: 4 }"),
    Mistake(
      testDescription: "blocks instead of pairs", file: "flourishing-12",
      from: "happiness: { mean: [f01, f02] }\n  health: { mean: [f03, f04] }",
      to: "happiness: { mean: [f01, f03] }\n  health: { mean: [f02, f04] }"),
    Mistake(
      testDescription: "an index that takes any number of answers", file: "flourishing-12",
      from: "answered: 10", to: "answered: 1"),
    Mistake(
      testDescription: "an item that is not reversed", file: "wisdom-7",
      from: "what I do., scale: agree5, reverse: true", to: "what I do., scale: agree5"),
    Mistake(
      testDescription: "an item that is reversed and should not be", file: "wisdom-7",
      from: "greater than myself., scale: agree5",
      to: "greater than myself., scale: agree5, reverse: true"),
    Mistake(
      testDescription: "answers on 1 to 7 scored as 1 to 5", file: "wisdom-7",
      from: "      5: Strongly agree\n",
      to: "      5: Rather agree\n      6: More\n      7: Strongly agree\n"),
    Mistake(
      testDescription: "PERMA scored in blocks of three", file: "perma-23",
      from: "positive_emotion: { mean: [p03, p13, p22], answered: 3 }\n"
        + "  engagement: { mean: [p02, p10, p17], answered: 3 }\n"
        + "  relationships: { mean: [p08, p19, p21], answered: 3 }",
      to: "positive_emotion: { mean: [p01, p02, p03], answered: 3, overlaps: true }\n"
        + "  engagement: { mean: [p04, p05, p06], answered: 3, overlaps: true }\n"
        + "  relationships: { mean: [p07, p08, p09], answered: 3, overlaps: true }"),
    Mistake(
      testDescription: "negative emotion reversed", file: "perma-23",
      from: "text: I am often sad., scale: true10",
      to: "text: I am often sad., scale: true10, reverse: true"),
    Mistake(
      testDescription: "WHO-5 as (raw - 5) x 4, a shift for items that start at 1",
      file: "wellbeing-5", from: "raw * 4", to: "(raw - 5) * 4"),
    Mistake(
      testDescription: "WHO-5 in which a mean is called a sum", file: "wellbeing-5",
      from: "{ sum: [w1, w2, w3, w4, w5] }", to: "{ mean: [w1, w2, w3, w4, w5], answered: 5 }"),
    Mistake(
      testDescription: "a sum that counts without its missing items", file: "satisfaction-5",
      from: "{ sum: [s1, s2, s3, s4, s5] }", to: "{ sum: [s1, s2, s3, s4, s5], answered: 1 }"),
    Mistake(
      testDescription: "the order A, R, C of the 24 items on the six", file: "needs-6",
      from: "{ mean: [n1, n3, n5], answered: 3 }\n  frustration: { mean: [n2, n4, n6]",
      to: "{ mean: [n1, n2, n3], answered: 3 }\n  frustration: { mean: [n4, n5, n6]"),
    Mistake(
      testDescription: "an index of motivation with the weights the wrong way round",
      file: "motivation-16", from: "2 * intrinsic + identified - external - 2 * amotivation",
      to: "intrinsic + 2 * identified - 2 * external - amotivation"),
    Mistake(
      testDescription: "two variables of one name, on 0 to 10 and on 0 to 100",
      file: "flourishing-12", from: "{ id: f02, text: I am happy on most days., scale: true10 }",
      to: "{ id: f02, text: I am happy on most days., scale: true10 }\n"
        + "  - { id: F02, text: I am happy., type: slider, range: [0, 100] }",
      expected: "another name than that on line"),
    Mistake(
      testDescription: "answers on 1 to 7 declared as 1 to 5", file: "flourishing-8",
      from: "      6: Agree\n      7: Strongly agree\n", to: "",
      expected: "a whole number from 1 to 5"),
  ]

  @Test("Each of these", arguments: mistakes)
  func mistake(_ mistake: Mistake) throws {
    let path = "instruments/\(mistake.file).yaml"
    let right = try text(path)
    let wrong = right.replacing(mistake.from, with: mistake.to)
    #expect(wrong != right)
    var problems = Problems()
    #expect(Instrument.load(Array(wrong.utf8), file: path, problems: &problems) == nil)
    #expect(problems.hasErrors)
    #expect(problems.list.allSatisfy { $0.expected.contains(mistake.expected) })
    #expect(problems.list.allSatisfy { $0.place.line > 0 })
  }
}
