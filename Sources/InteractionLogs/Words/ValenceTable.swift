/// The words that carry feeling, and those that change what the next ones carry: VADER's table.
///
/// Hutto, C. J., & Gilbert, E. (2014). VADER: A parsimonious rule-based model for sentiment analysis of
/// social media text. *Proceedings of ICWSM-14*, 216–225.
struct ValenceTable: Sendable {
  /// What the table says about one word.
  struct Word: Sendable {
    /// Mean rating, -4 to 4; nil for words without one.
    var valence: Double?
    /// What it adds to the strength of a following word; 0 for most.
    var boost = 0.0
    var isNegation = false
    var role = Role.none
  }

  /// Words that the rules name.
  enum Role: UInt8, Sendable {
    case none, no, or, nor, but, kind, of, never, so, this, without, doubt, least, at, very

    static let named: [(String, Role)] = [
      ("no", .no), ("or", .or), ("nor", .nor), ("but", .but), ("kind", .kind), ("of", .of),
      ("never", .never), ("so", .so), ("this", .this), ("without", .without), ("doubt", .doubt),
      ("least", .least), ("at", .at), ("very", .very),
    ]
  }

  /// What is known of words that the table does not have.
  static let unknown = Word()

  let version: ListVersion
  private let words: [Word]
  private let index: HashIndex
  /// The valence of phrases that contain a rated word and mean something else.
  private let idioms: PhraseValues
  /// Phrases that strengthen or weaken.
  private let boosters: PhraseValues
  /// What emoji are called, by their scalar.
  private let emoji: [UInt32: [UInt8]]

  /// The word with a hash of its lower-case bytes.
  @inline(__always)
  func word(_ hash: UInt64) -> Word {
    let found = index.value(of: hash)
    return found < 0 ? Self.unknown : words[found]
  }

  func idiom(_ one: UInt64, _ two: UInt64) -> Double? { idioms[WordHash.joining(one, two)] }

  func idiom(_ one: UInt64, _ two: UInt64, _ three: UInt64) -> Double? {
    idioms[WordHash.joining(one, two, three)]
  }

  func booster(_ one: UInt64, _ two: UInt64) -> Double? { boosters[WordHash.joining(one, two)] }

  func booster(_ one: UInt64, _ two: UInt64, _ three: UInt64) -> Double? {
    boosters[WordHash.joining(one, two, three)]
  }

  func name(ofEmoji scalar: UInt32) -> [UInt8]? { emoji[scalar] }

  /// The first scalar with a name, ©: those below need not be looked up.
  static let firstEmoji: UInt32 = 0xA9

  // MARK: - Reading

  /// The table that is shipped.
  static let shipped = ValenceTable(ListFile.bytes(of: "vader.txt"))

  init(_ bytes: UnsafeBufferPointer<UInt8>) {
    let file = ListFile(bytes)
    var words: [UInt64: Word] = [:]
    var idioms: [UInt64: Double] = [:]
    var boosters: [UInt64: Double] = [:]
    var emoji: [UInt32: [UInt8]] = [:]
    func phrase(_ text: Substring) -> [UInt64] {
      text.split(separator: " ").map { WordHash.of($0) }
    }
    for entry in file.entries {
      let parts = phrase(entry.name)
      let number = entry.value.flatMap { Double($0) } ?? 0
      switch entry.section {
      case "valences": words[WordHash.of(entry.name), default: Word()].valence = number
      case "boosters" where parts.count > 1: boosters[WordHash.joining(parts)] = number
      case "boosters": words[WordHash.of(entry.name), default: Word()].boost = number
      case "negations": words[WordHash.of(entry.name), default: Word()].isNegation = true
      case "idioms": idioms[WordHash.joining(parts)] = number
      case "emoji":
        guard let scalar = entry.name.unicodeScalars.first else { continue }
        emoji[scalar.value] = Array((entry.value ?? "").utf8)
      default: continue
      }
    }
    for (name, role) in Role.named {
      words[WordHash.of(Substring(name)), default: Word()].role = role
    }
    let pairs = words.sorted { $0.key < $1.key }
    self.words = pairs.map(\.value)
    index = HashIndex(pairs.enumerated().map { ($0.element.key, $0.offset) })
    self.idioms = PhraseValues(idioms)
    self.boosters = PhraseValues(boosters)
    self.emoji = emoji
    version = ListVersion(name: "vader", version: file.version, hash: file.hash)
  }
}

/// Numbers by a hash of several words.
private struct PhraseValues: Sendable {
  private let index: HashIndex
  private let values: [Double]

  init(_ phrases: [UInt64: Double]) {
    values = Array(phrases.values)
    index = HashIndex(phrases.keys.enumerated().map { ($0.element, $0.offset) })
  }

  subscript(hash: UInt64) -> Double? {
    let found = index.value(of: hash)
    return found < 0 ? nil : values[found]
  }
}
