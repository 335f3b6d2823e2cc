import Collection
import Foundation
import Hummingbird
import Storage
import Studies

/// How the study goes: numbers, the map of compliance, flags, and the course of scores.
extension TeamPages {
  func addWatching<Routes: RouterMethods>(to router: Routes) where Routes.Context == WebContext {
    get("team", on: router) { visit, _, _ in try await overviewPage(visit) }
    get("team/compliance", on: router) { visit, request, _ in
      try await compliancePage(visit, after: request.uri.queryParameters["after"].map(String.init))
    }
    get("team/flags", on: router) { visit, _, _ in try await flagsPage(visit) }
    get("team/course", on: router) { visit, _, _ in try await coursePage(visit) }
  }

  private func overviewPage(_ visit: Visit) async throws -> Response {
    let overview = try await visit.desk.overview(for: visit.researcher)
    let study = visit.desk.current.study
    var page = TeamPage(texts("overview_title"))
    page.facts = [
      (texts("study_version"), study.version),
      (texts("study_since"), moment(visit.desk.current.publication.published)),
      (texts("concerns"), String(overview.concerns)),
      (texts("pending_erasures"), String(overview.pendingErasures)),
    ]
    page.tables = [
      TeamPage.Table(
        caption: texts("people_caption"),
        header: [
          "site", "invited", "screened", "eligible", "joined", "taking_part", "left", "erased",
        ].map { texts("head_\($0)") },
        rows: overview.sites.map { site in
          let numbers = [
            site.invitations.values.reduce(0, +), site.screened, site.eligible, site.joined,
            site.participants[.enrolled, default: 0], site.participants[.withdrawn, default: 0],
            site.participants[.erased, default: 0],
          ]
          return [TeamPage.Cell(site.site)] + numbers.map { TeamPage.Cell($0) }
        }),
      TeamPage.Table(
        caption: texts("occasions_caption"),
        header: [texts("head_occasion")]
          + OccasionState.allCases.map { texts("state_\($0.rawValue)") },
        rows: overview.occasions.map { occasion in
          [TeamPage.Cell(occasion.plan)]
            + OccasionState.allCases.map { TeamPage.Cell(occasion.states[$0, default: 0]) }
        }),
      TeamPage.Table(
        caption: texts("messages_caption"), header: [texts("head_state"), texts("head_messages")],
        rows: MessageState.allCases.compactMap { state in
          overview.messages[state].map {
            [TeamPage.Cell(texts("message_\(state.rawValue)")), TeamPage.Cell($0)]
          }
        }),
    ]
    return try self.page(page, of: visit)
  }

  /// The letter of each state in the map.
  static let marks: [OccasionState: String] = [
    .planned: "·", .open: "o", .submitted: "S", .partial: "P", .missed: "M", .cancelled: "–",
    .skipped: "/",
  ]

  private func compliancePage(_ visit: Visit, after: String?) async throws -> Response {
    let part = try await visit.desk.participants(
      for: visit.researcher, after: after, limit: Self.rows)
    // Occasions that participants open themselves are nobody's duty.
    let planned = part.elements.flatMap(\.occasions).filter { !$0.isEvent }
    struct Column: Hashable {
      var plan: String
      var index: Int
    }
    let opening = Dictionary(
      planned.map { (Column(plan: $0.plan, index: $0.index), $0.opens) }, uniquingKeysWith: min)
    let columns = opening.sorted {
      ($0.value, $0.key.plan, $0.key.index) < ($1.value, $1.key.plan, $1.key.index)
    }.map(\.key)
    let rows = part.elements.map { person -> [TeamPage.Cell] in
      let own = Dictionary(
        person.occasions.map { (Column(plan: $0.plan, index: $0.index), $0.state) },
        uniquingKeysWith: { $1 })
      return [
        TeamPage.Cell(person.record.pseudonym, link: path(of: person.record.pseudonym)),
        TeamPage.Cell(percent(person.share)),
      ]
        + columns.map { column in
          guard let state = own[column] else { return "" }
          return TeamPage.Cell(
            texts("state_\(state.rawValue)"), mark: Self.marks[state], shade: state.rawValue)
        }
    }
    let legend = OccasionState.allCases.map {
      "\(Self.marks[$0] ?? "") \(texts("state_\($0.rawValue)"))"
    }.joined(separator: ", ")
    return try page(
      TeamPage(
        texts("compliance_title"), sentences: [texts("compliance_text"), legend],
        tables: [
          TeamPage.Table(
            caption: texts("compliance_title"),
            header: [texts("head_participant"), texts("head_share")]
              + columns.map { "\($0.plan) \($0.index + 1)" }, rows: rows, isMap: true)
        ], next: part.next.map { folder + "/compliance?after=" + $0 }), of: visit)
  }

  private func flagsPage(_ visit: Visit) async throws -> Response {
    let flags = try await visit.desk.qualityFlags(for: visit.researcher)
    return try page(
      TeamPage(
        texts("flags_title"),
        sentences: [
          texts("flags_text", ["n": String(StudyDesk.flaggedSessions)]),
          flags.isEmpty ? texts("flags_none") : texts("flags_found", ["n": String(flags.count)]),
        ],
        tables: [
          TeamPage.Table(
            caption: texts("flags_title"),
            header: ["participant", "occasion", "instrument", "flag", "submitted"].map {
              texts("head_\($0)")
            },
            rows: flags.map { flag in
              [
                TeamPage.Cell(
                  flag.session.pseudonym, link: path(of: flag.session.pseudonym)),
                TeamPage.Cell("\(flag.session.plan) \(flag.session.index + 1)"),
                TeamPage.Cell(flag.instrument ?? ""),
                TeamPage.Cell(texts("flag_\(flag.kind.rawValue)")),
                TeamPage.Cell(moment(flag.session.submitted)),
              ]
            })
        ]), of: visit)
  }

  private func coursePage(_ visit: Visit) async throws -> Response {
    let means = try await visit.desk.scoreMeans(for: visit.researcher)
    var page = TeamPage(
      texts("course_title"),
      sentences: [texts("course_text"), means.isEmpty ? texts("course_none") : ""].filter {
        !$0.isEmpty
      })
    let scores = Dictionary(grouping: means) { "\($0.instrument).\($0.name)" }
    page.courses = scores.sorted { $0.key < $1.key }.map { course($0.key, $0.value) }
    return try self.page(page, of: visit)
  }

  private func course(_ name: String, _ means: [ScoreMean]) -> TeamPage.Course {
    let words = LocalWords(language: texts.language, zone: .gmt)
    let line = CourseLine(means.map(\.mean))
    return TeamPage.Course(
      points: line.points, dots: line.dots,
      words: texts("course_words", ["name": name, "n": String(means.count)]),
      low: words.number(line.low), high: words.number(line.high),
      table: TeamPage.Table(
        caption: name,
        header: ["occasion", "mean", "people"].map { texts("head_\($0)") },
        rows: means.map {
          [
            TeamPage.Cell("\($0.plan) \($0.index + 1)"), TeamPage.Cell(words.number($0.mean)),
            TeamPage.Cell($0.people),
          ]
        }))
  }

  // MARK: Words

  func path(of pseudonym: String) -> String { folder + "/participants/" + pseudonym }

  func percent(_ share: Double?) -> String {
    share.map { "\(Int(($0 * 100).rounded())) %" } ?? ""
  }
}
