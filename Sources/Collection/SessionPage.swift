import Expressions
package import Instruments
import Storage

/// What a browser shows at once: a few items of one instrument.
///
/// No item stands on a page together with one that decides whether it is shown, or whose answer its
/// text repeats, so that a page without any script shows what it should.
package struct SessionPage: Sendable {
  /// Its place among all pages of the session, shown or not, from 0: the same whatever is answered.
  package let number: Int
  /// What its items belong to.
  package let instrument: Instrument
  /// The items that the answers so far show; at least one.
  package let items: [Item]
  /// Whether it is the first page shown of its instrument, below whose title the instructions belong.
  package let isFirstOfInstrument: Bool
}

extension SessionInProgress {
  /// How many questions a page asks at most: about two screens of a phone.
  static let pageLength = 8

  /// The pages that have something to show, by what has been answered, in order.
  package var pages: [SessionPage] {
    var pages: [SessionPage] = []
    var number = 0
    for instrument in instruments {
      let order = session.instruments.first { $0.id == instrument.id }?.itemOrder
      let shown = Set(shownItems(of: instrument).map(\.id))
      var isFirst = true
      for items in Self.split(instrument.sorted(instrument.items, by: order)) {
        let items = items.filter { shown.contains($0.id) }
        if !items.isEmpty {
          pages.append(
            SessionPage(
              number: number, instrument: instrument, items: items, isFirstOfInstrument: isFirst))
          isFirst = false
        }
        number += 1
      }
    }
    return pages
  }

  /// Where the session goes on: the page after everything answered, else the first of all; nil where
  /// everything is answered.
  package var firstOpenPage: SessionPage? {
    let pages = pages
    let unanswered = pages.filter { page in
      page.items.contains { $0.valueType != nil && answer(to: $0, of: page.instrument) == nil }
    }
    let lastAnswered = pages.last { page in
      page.items.contains { answer(to: $0, of: page.instrument) != nil }
    }
    guard let lastAnswered else { return pages.first }
    return unanswered.first { $0.number >= lastAnswered.number }
  }

  /// The first page with an item that must be answered and is not.
  package var firstRequiredPage: SessionPage? {
    pages.first { page in
      page.items.contains { $0.isNeeded && answer(to: $0, of: page.instrument) == nil }
    }
  }

  /// The answer to an item so far.
  package func answer(to item: Item, of instrument: Instrument) -> Answer? {
    answers[instrument.id]?[item.id]
  }

  /// How many items that are asked once more have been left blank.
  package var leftBlank: [(page: SessionPage, item: Item)] {
    pages.flatMap { page in
      page.items.filter { $0.isAskedAgain && answer(to: $0, of: page.instrument) == nil }
        .map { (page, $0) }
    }
  }

  /// The items of an instrument in pages, by its definition alone.
  static func split(_ items: [Item]) -> [[Item]] {
    let asked = items.count { $0.valueType != nil }
    let pages = max(1, (asked + pageLength - 1) / pageLength)
    // Pages of about the same length: twelve items are two of six, not eight and four.
    let longest = (asked + pages - 1) / pages
    var split = PageSplit(longest: longest)
    for unit in units(of: items) { split.add(unit) }
    return split.finished()
  }

  /// Grids, and single items.
  private static func units(of items: [Item]) -> [[Item]] {
    items.reduce(into: []) { units, item in
      if let stem = item.stem, units.last?.last?.stem == stem {
        units[units.count - 1].append(item)
      } else {
        units.append([item])
      }
    }
  }
}

extension Item {
  /// Whether a session cannot be submitted without an answer to it.
  package var isNeeded: Bool { requirement == .hard && valueType != nil }
}

/// Pages in the making.
private struct PageSplit {
  let longest: Int
  var pages: [[Item]] = []
  var page: [Item] = []
  /// The names in expressions that the page's items give a value to.
  var names: Set<String> = []

  init(longest: Int) { self.longest = longest }

  mutating func add(_ unit: [Item]) {
    if unit.count == 1, case .computed(let expression) = unit[0].kind {
      if !expression.names.isDisjoint(with: names) { names.insert(unit[0].id) }
      return
    }
    let asked = (page + unit).count { $0.valueType != nil }
    let depends = unit.contains { !$0.namesRead.isDisjoint(with: names) }
    if depends || asked > longest { close() }
    page += unit
    for item in unit { names.formUnion(item.names.keys) }
  }

  /// Ends the page. What is only read, at its end, belongs to what follows.
  private mutating func close() {
    let rest = page.reversed().prefix { $0.valueType == nil }.count
    guard page.count > rest else { return }
    pages.append(Array(page.dropLast(rest)))
    page = Array(page.suffix(rest))
    names = []
  }

  func finished() -> [[Item]] { page.isEmpty ? pages : pages + [page] }
}
