/// A questionnaire: its items with their response scales, its scores, and worked examples of them.
///
/// One value stands for one version of one file. It is only made by ``load(_:file:problems:)``, which
/// reports everything that is wrong with a file instead, so an instrument that exists is right: names
/// are unique and known, scores can be computed in order, and every worked example comes out.
///
/// What it is not: a wording in another language (an overlay replaces texts, never items or scores), or
/// the answers to it.
package struct Instrument: Sendable {
  /// The name of the instrument and of its file: `needs-24`.
  package let id: String
  /// The version of the file, as `major.minor.patch`.
  package let version: String
  /// The title, as plain text: nothing in it is code.
  package let title: String
  /// What is measured: `self-determination`.
  package let construct: String
  /// The language of the wording, as a BCP 47 tag: `en`, `pt-BR`.
  package let language: String
  /// The window of time that the items ask about.
  package let recall: Recall
  /// The published scale whose structure this one follows; nil for an original instrument.
  package let basis: Basis?
  /// How the wording relates to that of the basis.
  package let wording: Wording
  /// What is shown before the first item.
  package let instructions: String?
  /// Where the wording comes from, if it is not that of the file itself.
  package let overlay: Overlay.Provenance?
  /// The items in the order of the file, in which they are asked but for ``randomBlocks``.
  package let items: [Item]
  /// The stretches of items that each session asks in an order of its own, inner ones first.
  package let randomBlocks: [RandomBlock]
  /// What it uses of answers that participants gave to other instruments before.
  package let earlier: [EarlierAnswer]
  /// The scores in the order of the file.
  package let scores: [Score]
  /// Items with a known right answer, which shows whether a participant reads.
  package let checks: [AttentionCheck]
  /// The worked examples, all of which come out.
  package let tests: [WorkedExample]
  /// Hexadecimal SHA-256 of what a participant can see or what scoring uses; see
  /// `CanonicalForm.swift`.
  package let contentHash: String
  /// The bytes of the file.
  package let source: [UInt8]

  /// The scores' indices in an order in which each comes after those it is computed from.
  let scoringOrder: [Int]
  let itemIndices: [String: Int]
  /// The computed items that are, or use, a cut-off on a number made from several answers.
  package let computedCutoffs: Set<String>

  /// An item by its id.
  package func item(_ id: String) -> Item? {
    itemIndices[id].map { items[$0] }
  }

  /// A score by its name.
  package func score(_ name: String) -> Score? {
    scores.first { $0.name == name }
  }
}

extension Instrument {
  /// How a wording relates to that of the published scale.
  package enum Wording: String, Hashable, Sendable, CaseIterable {
    /// The published wording, word by word: norms and cut-offs may apply.
    case verbatim
    /// The published structure in other words: norms and cut-offs do not apply.
    case adapted
    /// A new instrument.
    case original
  }

  /// The window of time that items ask about.
  package enum Recall: Hashable, Sendable {
    /// The moment of answering.
    case now
    /// The day of answering.
    case today
    /// Life in general.
    case general
    /// A number of days before the answer.
    case days(Int)
  }

  /// The published scale whose structure an instrument follows.
  package struct Basis: Hashable, Sendable {
    /// Its short name: `BPNSFS`.
    package let name: String
    /// Authors, year, journal, pages.
    package let citation: String
    /// Its digital object identifier, without a resolver's address.
    package let doi: String?
    /// What its authors allow.
    package let terms: String?
  }
}

extension Instrument.Recall: CustomStringConvertible {
  /// As in files: `now`, `today`, `general`, `14d`.
  package var description: String {
    switch self {
    case .now: "now"
    case .today: "today"
    case .general: "general"
    case .days(let count): "\(count)d"
    }
  }
}

/// An item whose right answer is known: "please choose 2".
package struct AttentionCheck: Hashable, Sendable {
  /// The item's id.
  package let item: String
  /// The answer of a participant who reads.
  package let expected: Answer
}

/// Answers, and the scores they must give.
package struct WorkedExample: Hashable, Sendable {
  /// What it shows.
  package let title: String?
  /// The answers by item.
  package let answers: [String: Answer]
  /// The expected scores by name; nil for one that must be missing.
  package let scores: [String: Double?]
}
