import Collection
import Foundation
import Hummingbird
import LocalTime
import Storage
import Studies

extension ParticipantPages {
  func addSettings(to router: RouterGroup<WebContext>) {
    router.get("p/:token/settings") { request, context in
      let visit = try await visit(request, context)
      let said = request.uri.queryParameters["said"].map(String.init)
      let known: [String] = ["settings_kept", "pause_kept"]
      let notice = said.flatMap { known.contains($0) ? $0 : nil }
      return try await settingsPage(visit, notice: notice.map { visit.texts($0) })
    }
    post("p/:token/settings/zone", on: router) { visit, form, _ in
      try await change(visit, refusal: "zone_refused", at: "zone") {
        try await visit.desk.move(
          visit.participant.pseudonym, to: String((form["zone"] ?? "").trimmed), now: visit.now)
      }
    }
    post("p/:token/settings/language", on: router) { visit, form, _ in
      try await change(visit, refusal: "language_label", at: "settings") {
        try await visit.desk.choose(
          language: form["language"] ?? "", for: visit.participant.pseudonym, now: visit.now)
      }
    }
    post("p/:token/settings/hours", on: router) { visit, form, _ in
      try await change(visit, refusal: "hours_refused", at: "from") {
        guard let from = form["from"].flatMap(ClockTime.init),
          let to = form["to"].flatMap(ClockTime.init)
        else { throw CollectionError(.hoursRefused, visit.participant.pseudonym) }
        try await visit.desk.choose(
          DayHours(from: from, to: to), of: visit.participant.pseudonym, now: visit.now)
      }
    }
    post("p/:token/settings/pause", on: router) { visit, form, _ in
      guard let first = form["first"].flatMap(LocalDate.init),
        let last = form["last"].flatMap(LocalDate.init), first <= last
      else { return try await refused(visit, "pause_refused", at: "first") }
      try await visit.desk.pause(visit.participant.pseudonym, on: first...last, now: visit.now)
      return redirect(visit.links.settings + "?said=pause_kept")
    }
    post("p/:token/settings/reminders", on: router) { visit, form, _ in
      if form["want"] == "yes" {
        try await visit.desk.resumeReminders(for: visit.participant.pseudonym, now: visit.now)
      } else {
        try await visit.desk.withdraw(
          visit.participant.pseudonym, .stopReminders, now: visit.now)
      }
      return redirect(visit.links.settings + "?said=settings_kept")
    }
  }

  /// Changes something; what Collection refuses is told on the page.
  private func change(
    _ visit: Visit, refusal: String, at field: String, _ body: () async throws -> Void
  ) async throws -> Response {
    do { try await body() } catch let error as CollectionError
      where [.unknownZone, .unknownLanguage, .hoursRefused].contains(error.code)
    {
      return try await refused(visit, refusal, at: field)
    }
    return redirect(visit.links.settings + "?said=settings_kept")
  }

  private func refused(
    _ visit: Visit, _ refusal: String, at field: String
  ) async throws -> Response {
    try await settingsPage(
      visit,
      problems: Problem.list(
        visit.texts("problems_fix", ["n": "1"]), [(target: field, label: visit.texts(refusal))]))
  }

  private func settingsPage(
    _ visit: Visit, notice: String? = nil, problems: [String: Any]? = nil
  ) async throws -> Response {
    let study = visit.version.study
    let pseudonym = visit.participant.pseudonym
    let (hours, isReachable) = try await visit.desk.database.read { snapshot in
      (
        try snapshot.wakingHistory(of: pseudonym).last,
        try snapshot.contactErasure(of: pseudonym) == nil
      )
    }
    var fields: [String: Any] = [
      "zone": visit.participant.zone, "names": Self.zones,
      "canStopReminders": visit.participant.wantsReminders && !study.messages.isEmpty,
      "canResumeReminders": !visit.participant.wantsReminders && !study.messages.isEmpty
        && isReachable,
    ]
    fields["notice"] = notice
    fields["problems"] = problems
    if study.languages.count > 1 {
      fields["languages"] = languageChoices(study, chosen: visit.participant.language)
    }
    if study.occasions.contains(where: \.hasChosenHours) {
      fields["hours"] = ["from": hours?.wakes ?? "09:00", "to": hours?.sleeps ?? "21:00"]
    }
    return try page(
      "settings", visit.texts("settings_title"), fields, of: visit,
      status: problems == nil ? .ok : .unprocessableContent)
  }

  /// The languages of a study, each in its own words.
  func languageChoices(_ study: Study, chosen: String) -> [String: Any] {
    [
      "choices": study.languages.map { language in
        [
          "code": language, "label": LocalWords.name(ofLanguage: language),
          "isChosen": language == chosen,
        ] as [String: Any]
      }
    ]
  }

  /// The zones to choose from: one for each city, without the old names of some.
  static let zones = TimeZone.knownTimeZoneIdentifiers.filter {
    $0.contains("/") && !["Etc/", "SystemV/", "US/", "Canada/"].contains(where: $0.hasPrefix)
  }.sorted()
}

extension OccasionPlan {
  /// Whether participants choose the hours in which its prompts come.
  fileprivate var hasChosenHours: Bool {
    if case .random(let prompts) = timing { prompts.isWakingChosen } else { false }
  }
}
