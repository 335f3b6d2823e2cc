/// A protocol: who takes part, in which arms, answering which instruments, when.
///
/// Read from `study.yaml`; a value of this type is consistent in itself (every `after` names an
/// occasion, every occasion can be planned). Whether its instruments and texts exist is
/// ``StudyFolder``'s business.
package struct Study: Sendable {
  /// The study's name in files and tables.
  package let id: String
  /// Three numbers, as in 1.0.0.
  package let version: String
  /// What reports call it, and participants who read its first language.
  package let title: String
  /// What participants call it, by language; empty where the file has one title for all.
  package let titles: [String: String]
  /// Language tags such as `en` or `pt-BR`, the first being the default.
  package let languages: [String]
  /// Whose clocks the schedule follows.
  package let timeZonePolicy: TimeZonePolicy
  /// Whom participants may ask.
  package let contact: Contact
  /// The board that approved it, when stated.
  package let ethics: Ethics?
  /// The centres that run it, each with its own participants; `main` where the file names none.
  package let sites: [String]
  /// The communities whose overlays participants read, the first that has a wording coming first.
  package let communities: [String]
  /// The communities of sites that name their own.
  package let communitiesOfSites: [String: [String]]
  /// Who may join, how many, and what is asked before.
  package let enrolment: EnrolmentPlan
  /// What participants agree to.
  package let consent: Consent
  /// The conditions; empty in a study that does not randomise.
  package let arms: [Arm]
  /// How arms are assigned; present exactly when there are arms.
  package let allocation: Allocation?
  /// The planned measurements in the order of the file.
  package let occasions: [OccasionPlan]
  /// Named stretches of the course; empty in most studies.
  package let phases: [Phase]
  /// The text a participant reads after a submission, when there is one.
  package let feedback: TextTemplate?
  /// What participants may see of their own course, when they may.
  package let course: OwnCourse?
  /// The kinds of message that participants are sent, each with the source of its text; empty where
  /// the study sends nothing.
  package let messages: [MessageKind: MessageSource]
  /// What happens when a participant is not well; there where instruments ask about distress.
  package let safety: Safety?
  /// Whether categories and cut-offs are computed for wordings that are not the published ones
  /// (`cutoffs: exploratory`).
  package let usesExploratoryCutoffs: Bool
  /// How long what is known of people is kept, where the file says so.
  package let retention: Retention?
  /// What people are given for taking part, in the order of the file.
  package let incentives: [Incentive]
  /// Which logs of AI use may be donated, where any may.
  package let logs: LogPlan?
  /// When no message is sent, where there are such hours.
  package let quietHours: QuietHours?
  /// The SHA-256 of the file in hexadecimal digits.
  package let contentHash: String
  /// The file, byte by byte.
  package let source: [UInt8]

  /// Every instrument that the screening or an occasion uses, each once, in order of first use.
  package var instruments: [String] {
    var seen: Set<String> = []
    let screening = enrolment.screening.map { [$0.instrument] } ?? []
    return (screening + occasions.flatMap(\.instruments)).filter { seen.insert($0).inserted }
  }

  /// What participants who read a language call it.
  package func title(in language: String) -> String { titles[language] ?? title }

  /// How many may ever enrol, test participants aside, or nil for as many as come.
  package var capacity: Int? { enrolment.capacity }

  /// The plan of an occasion, or nil when the study has none of this name.
  package func occasion(_ id: String) -> OccasionPlan? { occasions.first { $0.id == id } }

  /// Every text that the study shows, with what it is.
  package var texts: [(kind: StudyDocument.Kind, template: TextTemplate)] {
    [(.consent, consent.text)] + (feedback.map { [(.text, $0)] } ?? [])
      + (safety.map { [(.text, $0.text)] } ?? []) + incentives.map { (.text, $0.text) }
  }

  /// The communities whose overlays participants of a site read, in order of preference.
  package func communities(ofSite site: String) -> [String] {
    communitiesOfSites[site] ?? communities
  }
}

/// Whose clocks a schedule follows.
package enum TimeZonePolicy: Hashable, Sendable {
  /// Each participant's own.
  case participant
  /// Those of one place, such as a laboratory: an IANA name.
  case fixed(String)
}

/// Whom participants may ask.
package struct Contact: Hashable, Sendable {
  /// A person or a team.
  package let name: String
  /// An e-mail address.
  package let email: String
}

/// The board that approved a study, and its reference.
package struct Ethics: Hashable, Sendable {
  /// The board's name.
  package let board: String
  /// The approval's number.
  package let reference: String
}

/// One version of what participants agree to.
package struct Consent: Hashable, Sendable {
  /// 1 or more; a new version asks again.
  package let version: Int
  /// The text, one file for each language.
  package let text: TextTemplate
  /// What can be agreed to one by one; at least one, of which at least one is required.
  package let parts: [ConsentPart]
  /// What an agreement to an earlier version is worth until this one is agreed to.
  package let earlier: EarlierVersion

  /// What an agreement to an earlier version is worth.
  package enum EarlierVersion: String, Hashable, Sendable, CaseIterable {
    /// It holds until the participant decides about the new one.
    case holds
    /// Nothing: what opens before the participant agrees to the new one is cancelled.
    case lapses
  }
}

/// Something a participant may agree to or not.
package struct ConsentPart: Hashable, Sendable {
  /// The part's name in files and tables.
  package let id: String
  /// Whether nobody can take part without it.
  package let isRequired: Bool
  /// The question asked, by language, when the file states it.
  package let question: [String: String]
}

/// The path of a text inside the study folder, with `{language}` where the language tag goes.
package struct TextTemplate: Hashable, Sendable {
  /// The path as the file states it.
  package let pattern: String

  /// The path of the text in one language.
  package func path(language: String) -> String {
    pattern.split(separator: "{language}", omittingEmptySubsequences: false)
      .joined(separator: language)
  }
}
