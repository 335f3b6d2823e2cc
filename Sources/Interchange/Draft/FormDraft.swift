/// What all foreign formats come to before our file is written: one questionnaire with its items in order,
/// still under foreign names and with foreign expressions.
struct FormDraft: Sendable {
  /// Its name there; becomes the instrument's id.
  var name: String
  var title: LocalText
  var instructions: LocalText?
  /// The language of the texts, and the others that occur, as BCP 47 tags.
  var language = "und"
  var otherLanguages: [String] = []
  var items: [ItemDraft] = []
  /// The version there, where it is one as ours are: three numbers.
  var version: String?
  /// How texts of the format show earlier answers.
  var piping = PipingStyle.none
  /// The names that texts of the file could show: also of what other forms ask, or of what is left out.
  var fields: Set<String> = []
  /// What has been left out while reading.
  private(set) var notCarried: [NotCarried] = []
  private var listed: Set<NotCarried> = []

  init(name: String, title: LocalText) {
    self.name = name
    self.title = title
  }

  /// Notes what is left out, once.
  mutating func leaveOut(_ what: String, of item: String, because why: String) {
    let loss = NotCarried(item: item, what: what, why: why)
    if listed.insert(loss).inserted { notCarried.append(loss) }
  }
}

/// One question, text or calculation.
struct ItemDraft: Sendable {
  /// Its name there.
  var name: String
  var text: LocalText
  /// What stands above it and its neighbours of one grid.
  var stem: LocalText?
  var kind: Kind
  /// When it is shown.
  var condition: ForeignSource?
  var required = Required.soft
  /// What scores use for an option, by its code, where that is not the code's own number.
  var keys: [String: Double] = [:]
  /// The name of the list of options there.
  var listName: String?

  init(name: String, text: LocalText, kind: Kind) {
    self.name = name
    self.text = text
    self.kind = kind
  }

  enum Kind: Hashable, Sendable {
    case single([OptionDraft])
    case likert([OptionDraft])
    case multiple([OptionDraft])
    case rank([OptionDraft])
    case slider(least: Double, most: Double, step: Double, labels: [OptionDraft])
    case number(least: Double?, most: Double?, isWhole: Bool, unit: LocalText?)
    case text(longest: Int?)
    case date
    case time
    case instruction
    case calculation(ForeignSource)
  }

  enum Required: String, Sendable { case soft, hard, no }
}

/// One option: its code there, its number here.
struct OptionDraft: Hashable, Sendable {
  var code: String
  /// Given when the form is assembled; importers leave it.
  var value = 0
  /// The number that stands beside the code there, to be used where codes are no whole numbers.
  var number: Int?
  var label: LocalText
  /// Whether it excludes all others, where several can be chosen.
  var isExclusive = false
}

/// A foreign expression: as it was written, or as a tree where the format has no writing for it.
enum ForeignSource: Hashable, Sendable {
  case written(String, ForeignDialect)
  case tree(ForeignNode, ForeignDialect)
  /// All of them hold: an item's own condition and those of the groups it is in.
  case all([ForeignSource])

  /// The conditions that there are, as one.
  static func all(of sources: [ForeignSource?]) -> ForeignSource? {
    let there = sources.compactMap(\.self)
    return there.count > 1 ? .all(there) : there.first
  }
}

extension ItemDraft.Kind {
  /// The options to choose from, in the order in which they are listed there.
  var options: [OptionDraft]? {
    switch self {
    case .single(let options), .likert(let options), .multiple(let options), .rank(let options):
      options
    default: nil
    }
  }

  /// The kind with other options.
  func with(_ options: [OptionDraft]) -> ItemDraft.Kind {
    switch self {
    case .single: .single(options)
    case .likert: .likert(options)
    case .multiple: .multiple(options)
    case .rank: .rank(options)
    default: self
    }
  }
}

/// How texts of a format show earlier answers.
enum PipingStyle: Sendable {
  case none
  /// `[name]`
  case brackets
  /// `${name}`
  case dollar
  /// A name between two characters that no text has: what an importer found by other means.
  case marked

  /// The characters around a name that an importer marked: those of interlinear annotation, which Unicode
  /// keeps for use within programs.
  static let marks: (opening: Character, closing: Character) = ("\u{FFF9}", "\u{FFFB}")
}
