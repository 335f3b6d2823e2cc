import Storage

/// Where a study stands, for programs.
package struct OverviewDocument: Encodable {
  struct Site: Encodable {
    var site: String
    var invitations, screening, participants: [String: Int]
    var screened, eligible, joined: Int
  }

  struct Occasion: Encodable {
    var occasion: String
    var states: [String: Int]
  }

  var sites: [Site]
  var occasions: [Occasion]
  var messages: [String: Int]
  var concerns, erasuresPending: Int

  enum CodingKeys: String, CodingKey {
    case sites, occasions, messages, concerns
    case erasuresPending = "erasures_pending"
  }

  package init(_ overview: StudyOverview) {
    sites = overview.sites.map {
      Site(
        site: $0.site, invitations: Self.words($0.invitations),
        screening: Self.words($0.screening), participants: Self.words($0.participants),
        screened: $0.screened, eligible: $0.eligible, joined: $0.joined)
    }
    occasions = overview.occasions.map {
      Occasion(occasion: $0.plan, states: Self.words($0.states))
    }
    messages = Self.words(overview.messages)
    concerns = overview.concerns
    erasuresPending = overview.pendingErasures
  }

  private static func words<Word: RawRepresentable<String>>(
    _ counts: [Word: Int]
  ) -> [String: Int] {
    Dictionary(counts.map { ($0.rawValue, $1) }, uniquingKeysWith: +)
  }
}
