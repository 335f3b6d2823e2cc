import Expressions
import Instruments

/// An instrument as `longwell show --json` prints it.
struct InstrumentDocument: Encodable {
  struct Item: Encodable {
    var id, type, text: String
    /// What stands above the rows of a grid.
    var stem: String?
    var reverse: Bool
    var required: String
    var showIf: String?
    /// Whether its first answer stands for good.
    var once: Bool
    /// Whether it asks about distress, and from which number on help is shown at once.
    var distress: Bool
    var concernedFrom: Double?
    /// The numbers that scores use for the options, by option.
    var recode: [String: Double]?
    /// Nil for what takes no answer.
    var scale: ScaleDocument?

    enum CodingKeys: String, CodingKey {
      case id, type, text, stem, recode, reverse, required, scale, once, distress
      case concernedFrom = "concerned_from"
      case showIf = "show_if"
    }
  }

  struct Score: Encodable {
    var name, formula: String
    var items: [String]
    /// The fewest operands that must be there; nil for an expression.
    var answered: Int?
    var range: [Double]?
  }

  var id, version, title, construct, language, recall, wording: String
  var instructions: String?
  var basis: Basis?
  /// Where the wording comes from, if it is an overlay's.
  var overlay: Overlay?
  var items: [Item]
  /// Blocks that are asked in random order: their units, each a list of items.
  var random: [[[String]]]
  /// Answers to other instruments that it uses, by what they are.
  var earlier: [String: String]
  var scores: [Score]
  var checks: [Check]

  /// An item whose right answer is known.
  struct Check: Encodable {
    var item: String
    var expect: Answer
  }

  struct Overlay: Encodable {
    var community, version, author, licence, date, method, hash: String
    var reviewed: Review?
  }

  struct Review: Encodable {
    var by, date: String
  }

  struct Basis: Encodable {
    var name, citation: String
    var doi, terms: String?
  }

  init(_ instrument: Instrument) {
    id = instrument.id
    version = instrument.version
    title = instrument.title
    construct = instrument.construct
    language = instrument.language
    recall = instrument.recall.description
    wording = instrument.wording.rawValue
    instructions = instrument.instructions
    basis = instrument.basis.map {
      Basis(name: $0.name, citation: $0.citation, doi: $0.doi, terms: $0.terms)
    }
    overlay = instrument.overlay.map {
      Overlay(
        community: $0.community, version: $0.version, author: $0.author, licence: $0.licence,
        date: $0.date, method: $0.method, hash: $0.hash,
        reviewed: $0.review.map { Review(by: $0.by, date: $0.date) })
    }
    items = instrument.items.map { item in
      Item(
        id: item.id, type: item.kind.name, text: item.text, stem: item.stem,
        reverse: item.isReversed, required: item.requirement.rawValue,
        showIf: item.showIf?.description, once: item.isOnce, distress: item.isDistress,
        concernedFrom: item.concernedFrom,
        recode: item.recode.map { recode in
          Dictionary(uniqueKeysWithValues: recode.map { (String($0.key), $0.value) })
        },
        scale: ScaleDocument(item.kind))
    }
    random = instrument.randomBlocks.map { block in
      block.units.map { instrument.items[$0].map(\.id) }
    }
    earlier = Dictionary(
      uniqueKeysWithValues: instrument.earlier.map { ($0.name, $0.type.rawValue) })
    scores = instrument.scores.map { score in
      Score(
        name: score.name, formula: score.formulaText, items: score.items,
        answered: score.least > 0 ? score.least : nil,
        range: score.range.map { [$0.lowerBound, $0.upperBound] })
    }
    checks = instrument.checks.map { Check(item: $0.item, expect: $0.expected) }
  }
}

/// A response scale for programs: only the fields that its type has.
struct ScaleDocument: Encodable {
  struct Label: Encodable {
    var value: Double
    var label: String?
  }

  var options: [Label]?
  var range: [Double]?
  /// The option that excludes all others.
  var exclusive: Int?
  var step, least, most: Double?
  var whole: Bool?
  var unit: String?
  var labels: [Label]?
  var longest: Int?

  init?(_ kind: Instruments.Item.Kind) {
    switch kind {
    case .single(let scale), .likert(let scale):
      options = scale.options.map { Label(value: Double($0.value), label: $0.label) }
      range = [scale.range.lowerBound, scale.range.upperBound]
    case .multiple(let choices):
      options = choices.options.map { Label(value: Double($0.value), label: $0.label) }
      exclusive = choices.exclusive
    case .rank(let scale):
      options = scale.options.map { Label(value: Double($0.value), label: $0.label) }
    case .slider(let scale):
      range = [scale.range.lowerBound, scale.range.upperBound]
      step = scale.step
      labels = scale.labels.map { Label(value: $0.value, label: $0.label) }
    case .number(let bounds):
      least = bounds.least
      most = bounds.most
      whole = bounds.isWhole
      unit = bounds.unit
    case .text(let limit), .own(let limit): longest = limit.longest
    case .date, .time: break
    case .computed, .instruction: return nil
    }
  }
}
