import Collection
import Foundation
import Hummingbird
import Instruments
import Storage
import Studies

extension ParticipantPages {
  /// How somebody who is not a participant yet comes in: by their invitation, or by the study's address.
  private struct Door: Sendable {
    var path: String
    var entry: Enrolment.Entry
    var site: String?
    var language: String?
  }

  func addJoining(to router: RouterGroup<WebContext>) {
    router.get("join") { request, context in
      let desk = try await study.current()
      return try await join(
        FormFields([]), door: door(desk, FormFields([])), desk, request, context)
    }
    router.post("join") { request, context in
      let desk = try await study.current()
      let form = try await FormFields(request)
      return try await join(form, door: door(desk, form), desk, request, context)
    }
    router.post("p/:token/join") { request, context in
      let token = context.parameters.get("token") ?? ""
      let desk = try await study.current()
      let found = try await desk.database.read { try desk.invitation(holding: token, in: $0) }
      guard let found else {
        try await pause(request, context)
        throw WebProblem.unknownLink
      }
      return try await join(
        try await FormFields(request), door: door(found, token: token), desk, request, context)
    }
  }

  /// The first page of somebody who was invited.
  func invited(
    _ invitation: InvitationRecord, token: String, desk: StudyDesk, _ request: Request,
    _ context: WebContext
  ) async throws -> Response {
    try await join(
      FormFields([]), door: door(invitation, token: token), desk, request, context)
  }

  private func door(_ invitation: InvitationRecord, token: String) -> Door {
    Door(
      path: ParticipantLinks(base: settings.path, token: token).home + "/join",
      entry: .invitation(invitation.pseudonym), site: invitation.site,
      language: invitation.language)
  }

  private func door(_ desk: StudyDesk, _ form: FormFields) -> Door {
    let entry: Enrolment.Entry =
      desk.current.study.enrolment.mode == .code
      ? .code(String((form["code"] ?? "").trimmed)) : .open
    return Door(path: settings.path + "/join", entry: entry)
  }

  // MARK: The steps

  /// Asks what is still to be asked, in order: language and site, the code, the screening, the consent.
  /// What was answered before travels in the form: nothing is kept of who does not join.
  private func join(
    _ form: FormFields, door: Door, _ desk: StudyDesk, _ request: Request, _ context: WebContext
  ) async throws -> Response {
    let study = desk.current.study
    guard door.entry != .open || study.enrolment.mode == .open else {
      throw WebProblem.unknownPage
    }
    let chosen = form["language"] ?? door.language
    let texts =
      chosen.map { renderer.texts.texts($0) }
      ?? renderer.texts.texts(accepting: request.headers[.acceptLanguage], among: study.languages)
    let step = JoinStep(
      desk: desk, path: door.path, texts: texts,
      language: chosen.flatMap { study.languages.contains($0) ? $0 : nil }
        ?? study.languages.first { $0 == texts.language } ?? study.languages.first ?? "en",
      entry: door.entry, site: door.site ?? form["site"], form: form)
    if form["step"] == nil, step.asksFirst(hasSite: door.site != nil) {
      return try firstPage(step, hasSite: door.site != nil)
    }
    if case .code(let code) = door.entry {
      guard try await desk.isOpen(code: code) else {
        try await pause(request, context)
        return try firstPage(step, hasSite: door.site != nil, problem: "join_code_wrong")
      }
    }
    let answers: [String: Answer]?
    switch try screen(step) {
    case .ask(let page): return page
    case .answered(let given): answers = given
    }
    if let answers, try !desk.isEligible(answers) {
      return try await turnAway(step, .ineligible)
    }
    switch form["go"] {
    case "decline": return try await turnAway(step, .declined)
    case "agree": return try await enrol(step, screening: answers)
    default: return try consentStep(step)
    }
  }

  private func firstPage(
    _ step: JoinStep, hasSite: Bool, problem: String? = nil
  ) throws -> Response {
    let study = step.study
    var fields: [String: Any] = [
      "heading": study.title(in: step.language), "action": step.path,
      "hidden": [["key": "step", "content": "begun"]],
      "code": false, "questions": [[String: Any]](),
    ]
    if case .code(let typed) = step.entry {
      fields["code"] = true
      fields["typedCode"] = typed
    }
    if study.languages.count > 1 {
      fields["languages"] = languageChoices(study, chosen: step.language)
    }
    if !hasSite, study.sites.count > 1 {
      fields["sites"] = [
        "choices": study.sites.map { ["site": $0, "isChosen": $0 == step.site] as [String: Any] }
      ]
    }
    if let problem {
      fields["problems"] = Problem.list(
        step.texts("problems_fix", ["n": "1"]), [(target: "code", label: step.texts(problem))])
    }
    return try page(
      "join", step.texts("join_title"), fields, of: study, texts: step.texts,
      language: step.language,
      status: problem == nil ? .ok : .unprocessableContent)
  }

  private enum Screened {
    case ask(Response)
    case answered([String: Answer]?)
  }

  /// The screening of the study: its page until every item shown that is asked again has an answer.
  private func screen(_ step: JoinStep) throws -> Screened {
    guard let instrument = step.desk.screeningInstrument else { return .answered(nil) }
    let typed = AnswerForm(step.form).answers
    let (answers, refused) = step.desk.answers(reading: typed, for: instrument.items)
    let shown = instrument.shownItems(answers: answers)
    let blank = Set(shown.filter { $0.isAskedAgain && answers[$0.id] == nil }.map(\.id))
    let hasBegun = step.form["screened"] != nil
    guard !hasBegun || !blank.isEmpty || !refused.isEmpty else { return .answered(answers) }
    var fields: [String: Any] = [
      "heading": instrument.title, "action": step.path, "code": false,
      "hidden": step.carried + [["key": "screened", "content": "begun"]],
      "questions": QuestionFields.all(
        shown, of: instrument, answers: answers, texts: step.texts, typed: typed
      ) { item in
        guard hasBegun else { return nil }
        if refused.contains(item.id) { return step.texts.expected(item) }
        return blank.contains(item.id) && typed[item.id] != nil
          ? step.texts("question_needed") : nil
      },
    ]
    fields["instructions"] = instrument.instructions
    let places = shown.filter { refused.contains($0.id) || hasBegun && blank.contains($0.id) }
      .map { (target: "q-\($0.id)", label: instrument.text(of: $0, answers: answers)) }
    if !places.isEmpty {
      fields["problems"] = Problem.list(
        step.texts("problems_needed", ["n": "\(places.count)"]), places)
    }
    return .ask(
      try page(
        "join", instrument.title, fields, of: step.study, texts: step.texts,
        language: step.language,
        status: places.isEmpty ? .ok : .unprocessableContent))
  }

  private func consentStep(_ step: JoinStep, missing: [String] = []) throws -> Response {
    var fields = consentFields(
      step.desk.current, language: step.language, agreed: Set(step.form.values("part")),
      texts: step.texts, missing: missing)
    fields["action"] = step.path
    fields["hidden"] = step.carried + step.screening
    fields["canDecline"] = true
    fields["zones"] = ["zone": step.form["zone"] ?? "", "names": Self.zones]
    return try page(
      "consent", step.texts("join_title"), fields, of: step.study, texts: step.texts,
      language: step.language,
      status: missing.isEmpty ? .ok : .unprocessableContent)
  }

  private func enrol(_ step: JoinStep, screening: [String: Answer]?) async throws -> Response {
    var enrolment = Enrolment(
      zone: String((step.form["zone"] ?? "").trimmed), site: step.site, language: step.language,
      isSimulated: step.desk.database.kind == .simulated)
    enrolment.entry = step.entry
    enrolment.screening = screening
    var generator = SystemRandomNumberGenerator()
    do {
      let token = try await step.desk.enrolWithLink(
        enrolment, agreeingTo: Set(step.form.values("part")), language: step.language,
        now: clock(), using: &generator)
      return redirect(ParticipantLinks(base: settings.path, token: token.text).home)
    } catch let error as CollectionError where error.code == .consentMissing {
      let parts = Set(step.form.values("part"))
      return try consentStep(
        step,
        missing: step.study.consent.parts.filter { $0.isRequired && !parts.contains($0.id) }
          .map(\.id))
    } catch let error as CollectionError where error.code == .unknownZone {
      var fields = consentFields(
        step.desk.current, language: step.language, agreed: Set(step.form.values("part")),
        texts: step.texts, missing: [])
      fields["action"] = step.path
      fields["hidden"] = step.carried + step.screening
      fields["canDecline"] = true
      fields["zones"] = ["zone": step.form["zone"] ?? "", "names": Self.zones]
      fields["problems"] = Problem.list(
        step.texts("problems_fix", ["n": "1"]),
        [(target: "zone", label: step.texts("zone_refused"))])
      return try page(
        "consent", step.texts("join_title"), fields, of: step.study, texts: step.texts,
        language: step.language,
        status: .unprocessableContent)
    }
  }

  private func turnAway(
    _ step: JoinStep, _ outcome: ScreeningOutcome
  ) async throws -> Response {
    try await step.desk.turnAway(
      outcome, entry: step.entry, site: step.site, now: clock())
    let name = outcome == .ineligible ? "ineligible" : "declined"
    return try page(
      "message", step.texts("\(name)_title"),
      [
        "headline": step.texts("\(name)_title"), "sentences": [step.texts("\(name)_text")],
      ], of: step.study, texts: step.texts,
      language: step.language)
  }
}

/// Where somebody is who joins.
private struct JoinStep: Sendable {
  let desk: StudyDesk
  let path: String
  let texts: Texts
  let language: String
  let entry: Enrolment.Entry
  let site: String?
  let form: FormFields

  var study: Study { desk.current.study }

  /// Whether there is something to ask before screening and consent.
  func asksFirst(hasSite: Bool) -> Bool {
    if case .code = entry { return true }
    if case .invitation = entry { return study.languages.count > 1 }
    return study.languages.count > 1 || !hasSite && study.sites.count > 1
  }

  /// What was answered in earlier steps, as hidden fields.
  var carried: [[String: String]] {
    var fields = [["key": "step", "content": "begun"], ["key": "language", "content": language]]
    if let site { fields.append(["key": "site", "content": site]) }
    if case .code(let code) = entry { fields.append(["key": "code", "content": code]) }
    return fields
  }

  /// The answers to the screening, likewise.
  var screening: [[String: String]] {
    form.all.filter { $0.name.hasPrefix("a.") || $0.name.hasPrefix("r.") || $0.name == "screened" }
      .map { ["key": $0.name, "content": $0.value] }
  }
}
