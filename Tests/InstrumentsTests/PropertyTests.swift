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

  /// Answers at random, with blanks: whole numbers, lists of options, words, and earlier answers.
  private func answers(
    to instrument: Instrument, using generator: inout Generator
  ) -> [String: Answer] {
    var answers: [String: Answer] = [:]
    for item in instrument.items where Int.random(in: 0..<8, using: &generator) > 0 {
      let answer: Answer
      switch item.kind {
      case .text, .own: answer = .text("words")
      case .multiple, .rank:
        let numbers = (item.options ?? []).map(\.value)
        answer = .list(numbers.filter { _ in Bool.random(using: &generator) })
      case .number where item.range == nil:
        answer = .number(Double(Int.random(in: 0...10, using: &generator)))
      default:
        guard let range = item.range else { continue }
        let bounds = Int(range.lowerBound)...Int(range.upperBound)
        answer = .number(Double(Int.random(in: bounds, using: &generator)))
      }
      if (try? instrument.check(answer, for: item.id)) != nil { answers[item.id] = answer }
    }
    for earlier in instrument.earlier where Bool.random(using: &generator) {
      answers[earlier.name] = earlier.type == .number ? .number(3) : .text("words")
    }
    return answers
  }

  /// The items turned round as far as conditions, braces and computed items allow, as positions.
  private func turned(_ instrument: Instrument) -> [Int] {
    var owners: [String: Int] = [:]
    for (index, item) in instrument.items.enumerated() {
      for name in item.names.keys { owners[name] = index }
    }
    let needed = instrument.items.map { item in
      var names = item.namesRead
      if case .computed(let expression) = item.kind { names.formUnion(expression.names) }
      return Set(names.compactMap { owners[$0] })
    }
    var order: [Int] = []
    while order.count < needed.count {
      let next = needed.indices.reversed().first { index in
        !order.contains(index) && needed[index].isSubset(of: order)
      }
      guard let next else { return [] }
      order.append(next)
    }
    return order
  }

  @Test("Scores do not depend on the order of the items", arguments: ShippedInstruments.ids())
  func order(id: String) throws {
    let instrument = try #require(ShippedInstruments.instrument(id: id))
    let order = turned(instrument)
    #expect(instrument.randomBlocks.isEmpty && order != Array(instrument.items.indices))
    let lines = instrument.printed.split(separator: "\n").map(String.init)
    let start = try #require(lines.firstIndex(of: "items:")) + 1
    var turned = lines
    let range = start..<(start + instrument.items.count)
    turned.replaceSubrange(range, with: order.map { lines[range.lowerBound + $0] })
    let other = try loaded(turned.joined(separator: "\n") + "\n", id: id)
    #expect(other.items.map(\.id) == order.map { instrument.items[$0].id })
    var generator = Generator(state: 5)
    for _ in 0..<50 {
      let answers = answers(to: instrument, using: &generator)
      #expect(instrument.scores(of: answers) == other.scores(of: answers))
    }
  }

  @Test(
    "Every mean and sum of a shipped instrument is mirrored by reversing its items",
    arguments: ShippedInstruments.ids())
  func shippedMirror(id: String) throws {
    let instrument = try #require(ShippedInstruments.instrument(id: id))
    // What is printed of an item stands on one line; worked examples no longer hold.
    var lines = instrument.printed.split(separator: "\n").map(String.init)
    if let tests = lines.firstIndex(of: "tests:") { lines.removeSubrange(tests...) }
    let start = try #require(lines.firstIndex(of: "items:")) + 1
    var turned: Set<String> = []
    for (index, item) in instrument.items.enumerated() {
      guard item.range != nil, item.recode == nil else { continue }
      let line = lines[start + index]
      lines[start + index] =
        item.isReversed
        ? line.replacing(", reverse: true", with: "")
        : String(line.dropLast(2)) + ", reverse: true }"
      turned.insert(item.id)
    }
    lines.insert("imported: a test", at: start - 1)
    var problems = Problems()
    let text = lines.joined(separator: "\n") + "\n"
    let other = try #require(
      Instrument.load(Array(text.utf8), file: "\(id).yaml", problems: &problems), "\(problems)")
    // Means and sums of items, and those of such scores.
    var mirrored = turned
    for score in instrument.scores {
      switch score.formula {
      case .mean(let names), .sum(let names):
        if mirrored.isSuperset(of: names) { mirrored.insert(score.name) }
      case .weighted, .category, .expression: continue
      }
    }
    var generator = Generator(state: 8)
    for _ in 0..<20 {
      let answers = answers(to: instrument, using: &generator)
      for (one, two) in zip(instrument.scores(of: answers), other.scores(of: answers))
      where mirrored.contains(one.name) {
        let ends = try #require(instrument.score(one.name)?.range)
        let mirror = one.value.map { ends.lowerBound + ends.upperBound - $0 }
        #expect((mirror == nil) == (two.value == nil))
        if let mirror, let value = two.value { #expect(abs(mirror - value) < 1e-9) }
      }
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
