import Definitions
import Expressions
import Instruments
import Testing

@Suite("What holds for every instrument")
struct PropertyTests {
  typealias Generator = DamagedFileTests.Generator

  private func loaded(_ text: String, id: String) throws -> Instrument {
    var problems = Problems()
    let instrument = Instrument.load(Array(text.utf8), file: "\(id).yaml", problems: &problems)
    #expect(problems.list.map(\.description) == [])
    return try #require(instrument)
  }

  private func expectSame(_ left: Instrument, _ right: Instrument) {
    #expect(left.contentHash == right.contentHash)
    #expect(left.items == right.items && left.scores == right.scores)
    #expect(left.checks == right.checks && left.tests == right.tests)
    #expect(left.basis == right.basis && left.recall == right.recall)
    #expect(left.wording == right.wording && left.version == right.version)
    #expect(left.construct == right.construct)
  }

  @Test("Printed and read again it is the same", arguments: ShippedInstruments.ids())
  func printing(id: String) throws {
    let instrument = try #require(ShippedInstruments.instrument(id: id))
    let again = try loaded(instrument.printed, id: id)
    expectSame(instrument, again)
    #expect(again.printed == instrument.printed)
  }

  @Test("So is one with an item of each kind, and one with hostile texts")
  func printingOthers() throws {
    for text in [
      ItemKindTests.file, baseText,
      baseText.replacing("title: Base", with: #"title: "a \"b\" \\ 'c': - # {d}\n\té 😀 \u2028""#),
    ] {
      let instrument = try loaded(text, id: "base")
      expectSame(instrument, try loaded(instrument.printed, id: "base"))
    }
  }

  /// Answers at random, with blanks, to the items that take numbers.
  private func answers(
    to instrument: Instrument, using generator: inout Generator
  ) -> [String: Answer] {
    var answers: [String: Answer] = [:]
    for item in instrument.items where item.valueType == .number {
      guard let range = item.range, Int.random(in: 0..<8, using: &generator) > 0 else { continue }
      let bounds = Int(range.lowerBound)...Int(range.upperBound)
      let answer = Answer.number(Double(Int.random(in: bounds, using: &generator)))
      if (try? instrument.check(answer, for: item.id)) != nil { answers[item.id] = answer }
    }
    return answers
  }

  @Test("Scores do not depend on the order of the items", arguments: ShippedInstruments.ids())
  func order(id: String) throws {
    let instrument = try #require(ShippedInstruments.instrument(id: id))
    // Conditions and braces need their order; the others are turned round.
    guard instrument.items.allSatisfy({ $0.showIf == nil }) else { return }
    let lines = instrument.printed.split(separator: "\n").map(String.init)
    let start = try #require(lines.firstIndex(of: "items:")) + 1
    var turned = lines
    let range = start..<(start + instrument.items.count)
    turned.replaceSubrange(range, with: lines[range].reversed())
    let other = try loaded(turned.joined(separator: "\n") + "\n", id: id)
    #expect(other.items.map(\.id) == instrument.items.reversed().map(\.id))
    var generator = Generator(state: 5)
    for _ in 0..<50 {
      let answers = answers(to: instrument, using: &generator)
      #expect(instrument.scores(of: answers) == other.scores(of: answers))
    }
  }

  @Test("A reversed score is the mirror of the unreversed one")
  func mirror() throws {
    let items = (1...6).map { "{ id: i\($0), text: T\($0), type: likert, range: [1, 7]" }
    func file(reversed: Bool) -> String {
      """
      id: base
      version: 1.0.0
      title: Base
      construct: test
      language: en
      recall: general
      wording: original
      imported: a test
      items:
      \(items.map { "  - \($0)\(reversed ? ", reverse: true" : "") }" }.joined(separator: "\n"))
      scores:
        m: { mean: [i1, i2, i3, i4, i5, i6] }
        s: { sum: [i1, i2, i3, i4, i5, i6], answered: 3, overlaps: true }

      """
    }
    let straight = try #require(load(file(reversed: false)).instrument)
    let reversed = try #require(load(file(reversed: true)).instrument)
    var generator = Generator(state: 6)
    for _ in 0..<500 {
      let answers = answers(to: straight, using: &generator)
      for (one, other) in zip(straight.scores(of: answers), reversed.scores(of: answers)) {
        let ends = try #require(straight.score(one.name)?.range)
        let mirrored = one.value.map { ends.lowerBound + ends.upperBound - $0 }
        #expect((mirrored == nil) == (other.value == nil))
        if let mirrored, let value = other.value { #expect(abs(mirrored - value) < 1e-9) }
        #expect(one.answered == other.answered && one.isProrated == other.isProrated)
      }
    }
  }
}
