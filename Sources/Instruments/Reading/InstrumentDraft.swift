import Definitions
import Expressions

/// An instrument as read field by field, before the rules that hold between fields are checked.
///
/// What could not be read is missing here and reported already; ids and names are kept wherever
/// possible, so that a mistake in an item is not reported again by each score that uses it.
struct InstrumentDraft {
  var id: Located<String>?
  var version: Located<String>?
  var title: Located<String>?
  var construct: Located<String>?
  var language: Located<String>?
  var recall: Located<Instrument.Recall>?
  var basis: Instrument.Basis?
  /// Whether the file has a basis, readable or not.
  var hasBasis = false
  var wording: Located<Instrument.Wording>?
  var instructions: Located<String>?
  /// Where the file says what it was imported from, if it was.
  var imported: Located<String>?
  var scales: [ScaleDraft] = []
  var items: [ItemDraft] = []
  /// Stretches of items in random order, inner ones first.
  var randomBlocks: [RandomBlock] = []
  /// The answers to other instruments that it uses.
  var earlier: [Located<EarlierAnswer>] = []
  /// Whether the ids of all items could be read, so that another name is known to be wrong.
  var itemsAreKnown = false
  var scores: [ScoreDraft] = []
  var checks: [CheckDraft] = []
  var examples: [ExampleDraft] = []
}

/// A named scale; its kind is nil if it could not be read.
struct ScaleDraft {
  var name: Located<String>
  var kind: Item.Kind?
}

/// An item; its kind is nil if it could not be read.
struct ItemDraft {
  var id: Located<String>
  var text: Located<String>?
  var kind: Item.Kind?
  /// The named scale it uses, if it uses one.
  var scale: Located<String>?
  var stem: Located<String>?
  /// Whether it is a row of a grid whose rows are asked in random order.
  var isRandomRow = false
  var reverse: Located<Bool>?
  var recode: Located<[Int: Double]>?
  /// What a computed item is computed by, for its place.
  var computed: LocatedExpression?
  /// Whether it says that the items it averages have different ranges.
  var mixedRanges = false
  var showIf: LocatedExpression?
  var required: Located<Item.Requirement>?
  var distress: Located<DistressMark>?
  var once: Located<Bool>?

  /// The item itself, if everything of it could be read.
  var item: Item? {
    guard let text, let kind else { return nil }
    return Item(
      id: id.value, text: text.value, kind: kind, stem: stem?.value,
      scaleName: scale?.value,
      isReversed: reverse?.value ?? false, recode: recode?.value,
      requirement: required?.value ?? .soft, showIf: showIf?.expression,
      isDistress: distress.map { $0.value != .no } ?? false,
      concernedFrom: distress?.value.number, isOnce: once?.value ?? false)
  }
}

/// What an item says about distress.
enum DistressMark: Hashable {
  case no
  /// It asks about it.
  case yes
  /// It asks about it, and from this number on a participant is shown whom to turn to at once.
  case from(Double)

  var number: Double? { if case .from(let number) = self { number } else { nil } }
}

/// A score; its formula is nil if it could not be read.
struct ScoreDraft {
  enum Formula {
    case mean([Located<String>])
    case sum([Located<String>])
    case weighted([(value: Located<String>, weight: Located<String>)])
    case category([CategoryDraft])
    case expression(LocatedExpression)
  }

  var name: Located<String>
  var formula: Formula?
  var answered: Located<Int>?
  var range: Located<ClosedRange<Double>>?
  var overlaps = false
  var mixedRanges = false

  /// The operands of a mean or sum; empty for an expression.
  var listed: [Located<String>] {
    switch formula {
    case .mean(let names), .sum(let names): names
    case .weighted(let pairs): pairs.map(\.value)
    case .category, .expression, nil: []
    }
  }

  /// Every name it is computed from, with a place for each.
  var references: [Located<String>] {
    switch formula {
    case .weighted(let pairs): return listed + pairs.map(\.weight)
    case .category, .expression:
      return expressions.flatMap { located in
        located.expression.names.sorted().map { Located($0, at: located.node.place) }
      }
    case .mean, .sum, nil: return listed
    }
  }

  /// The expressions it is computed by: its own, or its categories' rules.
  var expressions: [LocatedExpression] {
    switch formula {
    case .expression(let located): [located]
    case .category(let categories): categories.compactMap(\.rule)
    case .mean, .sum, .weighted, nil: []
    }
  }
}

/// One category of a score.
struct CategoryDraft {
  var value: Located<Int>
  var label: Located<String>
  var rule: LocatedExpression?
}

/// An attention check.
struct CheckDraft {
  var item: Located<String>
  var expected: Located<Answer>
}

/// A worked example. A score's value is nil where the example says `missing`.
struct ExampleDraft {
  var place: Place
  var title: String?
  var answers: [(item: Located<String>, answer: Located<Answer>)] = []
  var scores: [(name: Located<String>, value: Located<Double?>, decimals: Int)] = []
}

extension InstrumentDraft {
  /// What each item that takes an answer is in expressions.
  var itemTypes: [String: ValueType] {
    let earlier = Dictionary(
      self.earlier.map { ($0.value.name, $0.value.type) }, uniquingKeysWith: { first, _ in first })
    return items.reduce(into: earlier) { types, draft in
      guard draft.kind != .instruction else { return }
      let names = draft.item?.names ?? [draft.id.value: .number]
      types.merge(names) { first, _ in first }
    }
  }

  /// The items that could be read, by id.
  var readItems: [String: Item] {
    Dictionary(
      items.compactMap { draft in draft.item.map { (draft.id.value, $0) } },
      uniquingKeysWith: { first, _ in first })
  }

  /// The ids of the items that take an answer.
  var answeredItemNames: [String] {
    items.filter { draft in
      switch draft.kind {
      case .instruction, .computed: false
      default: true
      }
    }.map(\.id.value) + earlierNames
  }

  /// The names of answers to other instruments.
  var earlierNames: [String] { earlier.map(\.value.name) }

  /// The names of items that have a value, and of scores.
  var operandNames: [String] {
    items.filter { $0.kind != .instruction }.map(\.id.value) + earlierNames
      + scores.map(\.name.value)
  }
}
