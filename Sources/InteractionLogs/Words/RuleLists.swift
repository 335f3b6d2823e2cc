/// Words and phrases that stand for something in a text, one list for each feature and language.
///
/// They are lists of our own, shipped as data with a version; what a value rests on is stored with it.
package struct RuleLists: Sendable {
  /// A list: what it counts, in whose words, and where.
  struct Rule: Hashable, Sendable {
    /// What a list can be about: a feature, or one of the two halves of a reversal.
    enum Subject: Hashable, Sendable {
      case feature(TextFeature)
      case objection, concession
    }

    /// What a hit is counted per.
    enum Unit: String, Hashable, Sendable { case word, message }

    var subject: Subject
    var speaker: Speaker
    var unit: Unit
    /// A phrase counts if it begins among the first so many words of a message; nil for anywhere.
    var within: Int?
  }

  /// The lists of one language.
  struct Language: Sendable {
    var rules: [Rule]
    var matcher: PhraseMatcher
    /// The table for the sentences' feeling, where there is one for the language.
    var valences: ValenceTable?
    var version: ListVersion
  }

  /// By ISO 639 code.
  let languages: [String: Language]

  /// Which lists these are, in order of name.
  package var versions: [ListVersion] {
    languages.values.flatMap { [$0.version] + ($0.valences.map { [$0.version] } ?? []) }
      .sorted { $0.name < $1.name }
  }

  /// The languages that have lists, by ISO 639 code, in order.
  package var codes: [String] { languages.keys.sorted() }

  /// The lists that come with Longwell.
  package static let shipped = RuleLists(
    languages: [
      "en": Language(
        ListFile.bytes(of: "rules.en.txt"), name: "rules.en", valences: .shipped),
      "nl": Language(ListFile.bytes(of: "rules.nl.txt"), name: "rules.nl", valences: nil),
    ])
}

extension RuleLists.Language {
  /// Reads the lists of a language: a section for each, named as the feature, and a phrase a line, in which
  /// `_` stands for any one word.
  init(_ bytes: UnsafeBufferPointer<UInt8>, name: String, valences: ValenceTable?) {
    let file = ListFile(bytes)
    var phrases: [(rule: Int, words: [Substring])] = []
    for entry in file.entries {
      guard let rule = RuleLists.Rule.all.firstIndex(where: { $0.name == entry.section }) else {
        continue
      }
      phrases.append((rule, entry.name.split(separator: " ")))
    }
    self.init(
      rules: RuleLists.Rule.all, matcher: PhraseMatcher(phrases), valences: valences,
      version: ListVersion(name: name, version: file.version, hash: file.hash))
  }
}

extension RuleLists.Rule {
  /// Every list that a language can have. An opener is one of the first three words ("Oh, absolutely"), an
  /// objection or its answer begins in the first twelve.
  static let all: [RuleLists.Rule] = [
    RuleLists.Rule(subject: .feature(.firstPerson), speaker: .person, unit: .word),
    RuleLists.Rule(subject: .feature(.absolutist), speaker: .person, unit: .word),
    RuleLists.Rule(subject: .feature(.adviceSeeking), speaker: .person, unit: .message),
    RuleLists.Rule(subject: .feature(.decisionDeferral), speaker: .person, unit: .message),
    RuleLists.Rule(subject: .objection, speaker: .person, unit: .message, within: 12),
    RuleLists.Rule(
      subject: .feature(.agreementOpener), speaker: .assistant, unit: .message, within: 3),
    RuleLists.Rule(subject: .feature(.praise), speaker: .assistant, unit: .message),
    RuleLists.Rule(subject: .feature(.hedging), speaker: .assistant, unit: .word),
    RuleLists.Rule(subject: .feature(.alternatives), speaker: .assistant, unit: .message),
    RuleLists.Rule(subject: .feature(.referral), speaker: .assistant, unit: .message),
    RuleLists.Rule(subject: .concession, speaker: .assistant, unit: .message, within: 12),
  ]

  /// What its section is called.
  var name: String {
    switch subject {
    case .feature(let feature): feature.rawValue
    case .objection: "objection"
    case .concession: "concession"
    }
  }
}
