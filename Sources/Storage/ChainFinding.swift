/// One thing that verification found wrong.
package struct ChainFinding: Hashable, Sendable, CustomStringConvertible {
  /// What is wrong.
  package enum Kind: String, Hashable, Sendable, CaseIterable {
    /// An event is missing in the middle of a chain.
    case gap
    /// An event does not name the hash of the one before it.
    case brokenLink = "broken link"
    /// An event's bytes, columns and hash do not agree.
    case alteredEvent = "altered event"
    /// An event's content is not the one that was hashed.
    case alteredContent = "altered content"
    /// An event's content is gone.
    case contentMissing = "content missing"
    /// An event's content is there although it was erased.
    case contentNotErased = "erased content present"
    /// A chain ends before the end that the study's chain recorded.
    case cutTail = "cut tail"
    /// A chain's event is not the one that the study's chain recorded.
    case forkedChain = "forked chain"
    /// A stored row says something else than the event that accounts for it.
    case rowDiffers = "row differs"
    /// An event tells of a row that is not there.
    case rowMissing = "row missing"
    /// A row of which no event tells.
    case rowUnaccounted = "row without event"
    /// The bytes of a definition are not those of its hash.
    case alteredDefinition = "altered definition"
    /// A table, index, trigger or view that is not as this version makes it.
    case schemaDiffers = "schema differs"
    /// The study's chain does not hold a hash that was kept elsewhere.
    case headUnknown = "kept head not found"
  }

  /// What is wrong.
  package var kind: Kind
  /// `study`, a participant's pseudonym, or the chain's name when nobody owns it.
  package var chain: String
  /// The number of the event in its chain.
  package var number: Int?
  /// Which row, without what it holds.
  package var subject: String?

  package init(kind: Kind, chain: String, number: Int? = nil, subject: String? = nil) {
    self.kind = kind
    self.chain = chain
    self.number = number
    self.subject = subject
  }

  /// One line for a person.
  package var description: String {
    var text = "chain \(chain)"
    if let number { text += ", event \(number)" }
    text += ": \(kind.rawValue)"
    if let subject { text += " (\(subject))" }
    return text
  }
}
