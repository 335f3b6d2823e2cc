import Definitions
import Instruments
import Testing

@Suite("Blocks in random order")
struct BlockTests {
  static let file = """
    id: base
    version: 1.0.0
    title: Base
    construct: test
    language: en
    recall: general
    wording: original
    scales:
      two: { type: likert, options: { 1: "No", 2: "Yes" } }
    items:
      - { id: first, text: First, scale: two }
      - random:
          - { id: a, text: A, scale: two }
          - { id: b, text: B, scale: two, show_if: first == 2 }
          - { grid: Stem, rows: { c: C, d: D }, scale: two }
          - random:
              - { id: e, text: E, scale: two }
              - { id: f, text: F, scale: two }
      - { grid: Other, rows: { g: G, h: H, i: I }, scale: two, random: true }
      - { id: last, text: Last, scale: two, show_if: a == 2 }

    """

  private func instrument() throws -> Instrument {
    let (instrument, problems) = load(Self.file)
    return try #require(instrument, "\(problems.list)")
  }

  @Test("Its units are single items, whole grids and blocks within")
  func units() throws {
    let blocks = try instrument().randomBlocks
    #expect(
      blocks.map(\.units) == [
        [5..<6, 6..<7], [1..<2, 2..<3, 3..<5, 5..<7], [7..<8, 8..<9, 9..<10],
      ])
  }

  @Test("Every order keeps units together and what is around the block in place")
  func orders() throws {
    let instrument = try instrument()
    var generator = DamagedFileTests.Generator(state: 1)
    var seen: Set<[String]> = []
    for _ in 0..<2000 {
      let order = try #require(instrument.itemOrder { $0.shuffled(using: &generator) })
      seen.insert(order)
      #expect(order.count == 11 && Set(order) == Set(instrument.items.map(\.id)))
      #expect(order.first == "first" && order.last == "last")
      #expect(Set(order[7...9]) == ["g", "h", "i"])
      let c = try #require(order.firstIndex(of: "c"))
      #expect(order[c + 1] == "d")
      let e = try #require(order.firstIndex(of: "e"))
      #expect(abs(e - (order.firstIndex(of: "f") ?? -9)) == 1)
    }
    // 4! orders of the units, 2 within the inner block, 3! of the grid's rows: all come up.
    #expect(seen.count == 24 * 2 * 6)
    #expect(try #require(load(baseText).instrument).itemOrder { $0 } == nil)
  }

  @Test("Items are shown in the order drawn, and branching keeps it")
  func shown() throws {
    let instrument = try instrument()
    let order = ["first", "e", "f", "c", "d", "b", "a", "i", "g", "h", "last"]
    func shown(_ answers: [String: Answer]) -> String {
      instrument.shownItems(answers: answers, order: order).map(\.id).joined(separator: " ")
    }
    #expect(shown([:]) == "first e f c d a i g h")
    #expect(shown(["first": .number(2)]) == "first e f c d b a i g h")
    #expect(shown(["first": .number(2), "a": .number(2)]) == "first e f c d b a i g h last")
  }

  @Test(
    "Nothing within a block can hang on something else in it",
    arguments: [
      ("show_if: first == 2", "show_if: e == 2", "a condition on 'e', which is not asked before"),
      ("text: B,", "text: \"B {{a}}\",", "{{a}}, which is not asked before"),
      ("rows: { g: G,", "rows: { g: \"G {{h}}\",", "{{h}}, which is not asked before"),
    ])
  func dependence(from: String, to: String, found: String) {
    let (instrument, problems) = load(Self.file.replacing(from, with: to))
    #expect(instrument == nil)
    #expect(problems.list.map(\.found) == [found])
  }

  @Test(
    "A block of one, one with other fields and one that is no list are refused",
    arguments: [
      (
        "          - { id: f, text: F, scale: two }\n", "",
        "a block of 1 in random order"
      ),
      (
        "  - random:\n      - { id: a", "  - title: T\n    random:\n      - { id: a",
        "the unknown field 'title'"
      ),
      (", random: true", ", random: maybe", "the text 'maybe'"),
    ])
  func mistakes(from: String, to: String, found: String) {
    let (instrument, problems) = load(Self.file.replacing(from, with: to))
    #expect(instrument == nil)
    #expect(problems.list.map(\.found) == [found])
  }

  @Test("The order is part of what participants see, and of no score")
  func hashes() throws {
    let fixed = Self.file.replacing(", random: true", with: "")
    let one = try instrument()
    let other = try #require(load(fixed).instrument)
    #expect(one.contentHash != other.contentHash)
    #expect(one.scoringHash(cutoffs: .exploratory) == other.scoringHash(cutoffs: .exploratory))
  }

  @Test("Printed and read again it is the same")
  func printed() throws {
    let instrument = try instrument()
    let (again, problems) = load(instrument.printed)
    #expect(problems.list.map(\.description) == [])
    #expect(again?.contentHash == instrument.contentHash)
    #expect(again?.randomBlocks == instrument.randomBlocks)
    #expect(again?.printed == instrument.printed)
  }
}
