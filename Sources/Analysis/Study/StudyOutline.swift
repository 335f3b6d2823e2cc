package import LocalTime
package import Storage
package import Studies
package import Tables

/// What an analysis needs to know of a study: its arms, occasions and instruments.
///
/// Made from the definitions in the database, never from files that may have changed since.
package struct StudyOutline: Hashable, Sendable {
  package var id: String
  package var version: String
  package var title: String
  /// SHA-256 of the study file.
  package var contentHash: String
  /// Arms in the order of the file; the first is the reference of every model.
  package var arms: [String]
  package var occasions: [Occasion]
  package var instruments: [Instrument]
  /// The parts of the consent, of every version that the study has had.
  package var consentParts: [ConsentPart] = []
  /// Which logs are taken, and the window before an occasion that counts; nil where none are.
  package var logs: LogPlan?
  /// What participants are given for taking part, in the order of the file.
  package var incentives: [Incentive] = []
  /// The wordings that participants read in place of an instrument's own, by id.
  package var wordings: [Wording] = []

  /// One part of one version of the consent text.
  package struct ConsentPart: Hashable, Sendable {
    package var version: Int
    package var id: String
    /// The question asked; empty where the text alone asks it.
    package var question: String
    /// Whether nobody can take part without it.
    package var isRequired: Bool

    /// Creates a part.
    package init(version: Int, id: String, question: String, isRequired: Bool) {
      self.version = version
      self.id = id
      self.question = question
      self.isRequired = isRequired
    }
  }

  /// An instrument in other words, and where these come from.
  package struct Wording: Hashable, Sendable {
    /// `longwell/needs-6.nl`.
    package var id: String
    package var instrument: String
    package var language: String
    package var version: String
    /// SHA-256 of its file.
    package var hash: String
    /// Author, date and method.
    package var origin: String
    /// Who reviewed it and when, if anybody did.
    package var review: String?

    /// Creates a wording.
    package init(
      id: String, instrument: String, language: String, version: String, hash: String,
      origin: String, review: String?
    ) {
      self.id = id
      self.instrument = instrument
      self.language = language
      self.version = version
      self.hash = hash
      self.origin = origin
      self.review = review
    }

    /// Where it comes from, and whether somebody reviewed it, in words.
    var provenance: String { "\(origin); \(review.map { "reviewed by \($0)" } ?? "not reviewed")" }
  }

  /// A planned occasion.
  package struct Occasion: Hashable, Sendable {
    package var id: String
    /// How often it occurs.
    package var times: Int
    package var instruments: [String]
    /// The time that its first instrument with a recall asks about; nil where all ask in general or about
    /// the moment.
    package var recall: Span?
    /// Whether there are several on a day, so that the one before belongs to the same study day only.
    package var isPrompt = false

    /// Creates an occasion.
    package init(id: String, times: Int, instruments: [String]) {
      self.id = id
      self.times = times
      self.instruments = instruments
    }
  }

  /// An instrument as participants saw it.
  package struct Instrument: Hashable, Sendable {
    package var id: String
    package var version: String
    package var title: String
    /// `verbatim`, `adapted` or `original`.
    package var wording: String
    /// The published scale whose structure it follows: name and citation.
    package var basis: String?
    package var contentHash: String
    package var items: [Item]
    package var scores: [Score]

    /// Creates an instrument.
    package init(
      id: String, version: String, title: String, wording: String, basis: String?,
      contentHash: String, items: [Item], scores: [Score]
    ) {
      self.id = id
      self.version = version
      self.title = title
      self.wording = wording
      self.basis = basis
      self.contentHash = contentHash
      self.items = items
      self.scores = scores
    }
  }

  /// What kind of answer an item takes, in a few words.
  package enum Kind: String, Hashable, Sendable {
    case single = "one option"
    case likert = "response scale"
    case slider
    case number
    case multiple = "several options, a list of their numbers"
    case rank = "ranking, options from first to last"
    case text
    case own = "own words"
    case date
    case time = "time of day"

    /// Whether an answer is a number, and not a text.
    package var isNumeric: Bool {
      switch self {
      case .single, .likert, .slider, .number: true
      case .multiple, .rank, .text, .own, .date, .time: false
      }
    }
  }

  /// One item.
  package struct Item: Hashable, Sendable {
    package var id: String
    package var text: String
    package var kind: Kind
    package var valueLabels: [Column.ValueLabel]
    /// Whether scores use minimum + maximum − answer.
    package var isReversed: Bool
    /// The least and the greatest answer, if both are known.
    package var range: ClosedRange<Double>?
    /// The unit of a number.
    package var unit: String?
    /// What somebody answers who reads, where the item is an attention check.
    package var expected: StoredAnswer?
    /// The numbers that scores use for options; nil where they use the options' own.
    package var recode: [Int: Double]?

    /// The number that scores use for an answer, recoded or reversed if the item is; NaN for an option
    /// that recoding leaves out.
    func keyed(_ answer: Double) -> Double {
      if let recode { return Int(exactly: answer).flatMap { recode[$0] } ?? .nan }
      guard isReversed, let range else { return answer }
      return range.lowerBound + range.upperBound - answer
    }

    /// Creates an item.
    package init(
      id: String, text: String, kind: Kind, valueLabels: [Column.ValueLabel],
      isReversed: Bool = false, range: ClosedRange<Double>? = nil, unit: String? = nil,
      expected: StoredAnswer? = nil
    ) {
      self.id = id
      self.text = text
      self.kind = kind
      self.valueLabels = valueLabels
      self.isReversed = isReversed
      self.range = range
      self.unit = unit
      self.expected = expected
    }
  }

  /// One score.
  package struct Score: Hashable, Sendable {
    package var name: String
    /// How it is computed, in words.
    package var definition: String
    /// What it can be at least and at most, if that is known.
    package var range: ClosedRange<Double>?
    /// What the numbers of a category stand for.
    package var valueLabels: [Column.ValueLabel]
    /// Whether it is a category by cut-offs that were not published for this wording, computed because
    /// the study says so.
    package var isExploratory: Bool
    /// Whether it is, or uses, a sum that is filled up where fewer than all answers are there.
    package var canBeProrated: Bool
    /// The items that it is the mean or the sum of, directly or through other such scores; empty for any
    /// other formula, which has no reliability of this kind.
    package var items: [String] = []

    /// Creates a score.
    package init(
      name: String, definition: String, range: ClosedRange<Double>?,
      valueLabels: [Column.ValueLabel] = [], isExploratory: Bool = false,
      canBeProrated: Bool = false
    ) {
      self.name = name
      self.definition = definition
      self.range = range
      self.valueLabels = valueLabels
      self.isExploratory = isExploratory
      self.canBeProrated = canBeProrated
    }
  }

  /// Creates an outline.
  package init(
    id: String, version: String, title: String, contentHash: String, arms: [String],
    occasions: [Occasion], instruments: [Instrument], consentParts: [ConsentPart] = [],
    incentives: [Incentive] = [], wordings: [Wording] = []
  ) {
    self.id = id
    self.version = version
    self.title = title
    self.contentHash = contentHash
    self.arms = arms
    self.occasions = occasions
    self.instruments = instruments
    self.consentParts = consentParts
    self.incentives = incentives
    self.wordings = wordings
  }

  /// A score's name for people: `Need satisfaction (Basic psychological needs)`; the instrument's
  /// title alone where that says the same. One by exploratory cut-offs says so wherever it is named.
  static func label(_ score: Score, of instrument: Instrument) -> String {
    let words = words(score.name)
    let label =
      words.lowercased() == instrument.title.lowercased()
      ? instrument.title : "\(words) (\(instrument.title))"
    return score.isExploratory ? "\(label), exploratory" : label
  }

  /// `need_satisfaction` as people read it: `Need satisfaction`.
  static func words(_ name: String) -> String {
    name.prefix(1).uppercased() + name.dropFirst().replacing("_", with: " ")
  }

  /// All scores by the name that plans use: `instrument.score`.
  var scoresByName: [String: (instrument: Instrument, score: Score)] {
    var byName: [String: (instrument: Instrument, score: Score)] = [:]
    for instrument in instruments {
      for score in instrument.scores {
        byName["\(instrument.id).\(score.name)"] = (instrument, score)
      }
    }
    return byName
  }
}
