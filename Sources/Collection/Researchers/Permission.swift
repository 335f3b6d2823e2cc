package import Storage

/// What somebody of the study team may look at or do. Who may what is said here and nowhere else.
package enum Permission: String, Hashable, Sendable, CaseIterable {
  /// How the study goes, in numbers.
  case overview
  /// The participants under their pseudonyms, and what became of their occasions.
  case participants
  /// Who they are, and how to reach them; every look is recorded.
  case identities
  /// The messages to them.
  case messages
  /// What rests on answers: flags, the course of scores, donated logs.
  case answers
  /// What left the database.
  case exports
  /// Who did what.
  case audit
  /// The study team.
  case team
}

extension Permission {
  /// Whether it is about all sites, and so not for who sees some of them.
  var isOfAllSites: Bool { self == .exports || self == .audit || self == .team }
}

extension ResearcherRole {
  /// What the role is for. A coordinator sees who participants are and none of their answers, an analyst
  /// the other way round.
  package var permissions: Set<Permission> {
    switch self {
    case .owner: Set(Permission.allCases)
    case .coordinator: [.overview, .participants, .identities, .messages]
    case .analyst: [.overview, .participants, .answers, .exports]
    case .viewer: [.overview]
    }
  }
}

/// What a token for the JSON API may be used for, as far as its owner's role allows it too.
package enum TokenScope: String, Hashable, Sendable, CaseIterable {
  /// Numbers about the server and the study, for whoever watches over the process.
  case metrics
  /// How the study goes: the overview, participants, occasions, messages.
  case study
  /// Flags and donations, which rest on answers.
  case answers
  /// What left the database, and who did what.
  case records

  /// What it covers.
  package var permissions: Set<Permission> {
    switch self {
    case .metrics: []
    case .study: [.overview, .participants, .messages]
    case .answers: [.answers]
    case .records: [.exports, .audit]
    }
  }
}
