import Collection
import Foundation
import Hummingbird
import LocalTime
import Storage
import Studies

/// Giving one's own log to the study: upload, look at what would be kept, keep some of it back, decide.
extension ParticipantPages {
  func addDonation(to router: RouterGroup<WebContext>) {
    router.get("p/:token/logs") { request, context in
      let visit = try await visit(request, context)
      if let refusal = try await donationRefusal(visit) { return refusal }
      let said = request.uri.queryParameters["said"].map(String.init)
      return try uploadPage(visit, problem: said == "logs_forgotten" ? "logs_forgotten" : nil)
    }
    router.post("p/:token/logs") { request, context in
      let visit = try await visit(request, context)
      if let refusal = try await donationRefusal(visit) { return refusal }
      return try await upload(request, visit)
    }
    addPreview(to: router)
    post("p/:token/logs/preview", on: router) { visit, form, _ in
      guard form["go"] == "give" else {
        shelf.forget(visit.participant.pseudonym)
        return redirect(visit.links.home + "?said=logs_discarded")
      }
      return try await give(visit)
    }
  }

  /// What waits for a decision is gone with the agreement to decide about it.
  func forgetLogIfRevoked(_ parts: some Sequence<String>, of pseudonym: String) {
    if !parts.contains(LogPlan.consentPart) { shelf.forget(pseudonym) }
  }

  /// What somebody is told who cannot donate; nil for who can.
  func donationRefusal(_ visit: Visit) async throws -> Response? {
    let pseudonym = visit.participant.pseudonym
    switch try await visit.desk.donationStanding(of: pseudonym) {
    case .open: return nil
    case .notTaken: throw WebProblem.unknownPage
    case .notAgreed:
      shelf.forget(pseudonym)
      return try page(
        "message", visit.texts("logs_title"),
        [
          "headline": visit.texts("logs_title"), "sentences": [visit.texts("logs_agreement")],
          "onward": [["target": visit.links.consent, "label": visit.texts("consent_choices")]],
        ], of: visit, status: .conflict)
    }
  }

  // MARK: - Uploading

  private func uploadPage(
    _ visit: Visit, problem: String? = nil, status: HTTPResponse.Status? = nil
  ) throws -> Response {
    var fields: [String: Any] = [
      "action": visit.links.logs, "sources": visit.version.study.logs?.titles ?? [],
      "sizeWords": visit.texts(
        "logs_size", ["n": visit.words.number(DonationShelf.largestExport >> 20)]),
    ]
    fields["problems"] = problem.map {
      Problem.list(visit.texts($0), [(target: "file", label: visit.texts("logs_file"))])
    }
    return try page("logs", visit.texts("logs_title"), fields, of: visit, status: status ?? .ok)
  }

  private func upload(_ request: Request, _ visit: Visit) async throws -> Response {
    do {
      let entry = try await arrived(request, visit)
      shelf.put(entry)
      forgetLater()
      return redirect(visit.links.logsPreview)
    } catch WebProblem.tooLong {
      return try uploadPage(visit, problem: "logs_too_large", status: .contentTooLarge)
    } catch WebProblem.unreadable {
      return try uploadPage(visit, problem: "logs_no_file", status: .badRequest)
    } catch is DonationShelf.Crowded {
      return try uploadPage(visit, problem: "logs_busy", status: .serviceUnavailable)
    } catch let error as CollectionError where error.code == .logsRefused {
      return try uploadPage(visit, problem: "logs_refused", status: .unprocessableContent)
    }
  }

  /// What somebody uploads, as they will look at it.
  private func arrived(
    _ request: Request, _ visit: Visit
  ) async throws -> DonationShelf.Entry {
    let pseudonym = visit.participant.pseudonym
    let announced = request.headers[.contentLength].flatMap { Int($0) }
    guard announced ?? 0 <= DonationShelf.largestExport + UploadForm.frame else {
      throw WebProblem.tooLong
    }
    let arrival = try shelf.arrival(of: pseudonym, bytes: announced)
    // Its place is taken until it has been read.
    defer { withExtendedLifetime(arrival) {} }
    var form = try UploadForm(
      contentType: request.headers[.contentType], into: arrival.export,
      limit: DonationShelf.largestExport)
    try await form.read(request.body)
    let account = form.fields["account"].flatMap { Int($0) } ?? 1
    guard (1...9).contains(account) else { throw WebProblem.unreadable }
    let exported = form.fields["exported"].flatMap { LocalDate($0) }
    let upload = try await visit.desk.read(
      arrival.export, of: pseudonym, account: account, exported: exported)
    let now = clock()
    return DonationShelf.Entry(
      upload, try await visit.desk.previewDonation(of: upload, now: now), keptBack: .nothing,
      since: now)
  }

  /// Nobody has to ask for what is over to be forgotten.
  private func forgetLater() {
    let (shelf, clock, wait) = (shelf, clock, wait)
    Task {
      try? await wait(DonationShelf.time)
      shelf.forgetOld(now: clock())
    }
  }

  // MARK: - Deciding

  private func give(_ visit: Visit) async throws -> Response {
    let pseudonym = visit.participant.pseudonym
    if let refusal = try await donationRefusal(visit) { return refusal }
    guard let entry = shelf.entry(of: pseudonym, now: visit.now) else {
      return redirect(visit.links.logs + "?said=logs_forgotten")
    }
    let receipt: DonationReceipt
    do {
      receipt = try await visit.desk.donate(entry.preview, now: visit.now)
    } catch let error as CollectionError where error.code == .logsRefused {
      // Something else was donated or erased meanwhile: nothing is stored that was not seen.
      try await keepBack(entry.keptBack, of: entry, visit)
      return redirect(visit.links.logsPreview + "?said=logs_changed")
    }
    shelf.forget(pseudonym)
    return try page(
      "message", visit.texts("logs_given"),
      [
        "headline": visit.texts("logs_given"),
        "sentences": [
          visit.texts(
            "logs_kept",
            [
              "conversations": visit.words.number(receipt.conversations),
              "days": visit.words.number(receipt.days),
            ]), visit.texts("logs_take_back"),
        ], "onward": [["target": visit.links.home, "label": visit.texts("to_home")]],
      ], of: visit)
  }

  /// Lays a log back with another choice, as its owner is to look at it.
  func keepBack(
    _ keptBack: KeptBack, of entry: DonationShelf.Entry, _ visit: Visit
  ) async throws {
    let preview = try await visit.desk.previewDonation(
      of: entry.upload, withholding: keptBack, now: visit.now)
    shelf.put(
      DonationShelf.Entry(entry.upload, preview, keptBack: keptBack, since: entry.since))
  }
}
