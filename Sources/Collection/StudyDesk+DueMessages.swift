package import Foundation
import LocalTime
package import Messages
package import Storage
import Studies

extension StudyDesk {
  /// For how long after a submission thanks make sense, in seconds: later they would puzzle.
  static let thanksTime: TimeInterval = 86_400

  /// The messages that should go out now and have not been claimed, and those whose next attempt
  /// is due; it writes nothing.
  ///
  /// An occasion has a message at its opening and one for each `remind`, where the study sends such.
  /// A message is due until the next one of the same occasion is, or the window closes: after a
  /// standstill people get the latest one, not all at once. Nothing is due to people who have
  /// withdrawn, are paused today, want no messages or lack a required consent, or about occasions
  /// that were submitted; thanks are for those. Within quiet hours nothing is due but alerts, neither
  /// what a standstill has left over nor another attempt.
  ///
  /// - Parameter channels: the ways that messages go; each occasion has a message of a kind by each.
  /// - Throws: `StorageError`.
  package func messageAgenda(
    at now: Date, channels: [Channel], in snapshot: ResearchSnapshot
  ) throws -> MessageAgenda {
    var agenda = MessageAgenda()
    for occasion in try snapshot.occasionsToAnnounce(at: now) where !occasion.isEvent {
      try add(messagesOf: occasion, at: now, channels: channels, to: &agenda, in: snapshot)
    }
    for occasion in try snapshot.occasionsToThankFor(
      since: now.addingTimeInterval(-Self.thanksTime), until: now)
    {
      try add(thanksFor: occasion, at: now, channels: channels, to: &agenda, in: snapshot)
    }
    for record in try snapshot.unsettledMessages() {
      guard var next = record.next else { continue }
      if next <= now, let end = try endOfQuietHours(around: now, for: record, in: snapshot) {
        next = end
      }
      guard next <= now else {
        agenda.expect(next)
        continue
      }
      guard
        record.channel == MessageRecord.anyChannel && !channels.isEmpty
          || channels.contains(where: { $0.rawValue == record.channel })
      else { continue }
      agenda.due.append(
        DueMessage(record: record, pseudonym: try pseudonym(of: record.person, in: snapshot)))
    }
    return agenda
  }

  /// The pseudonym of a participant, or the one that is kept for somebody invited.
  func pseudonym(of person: UUID, in snapshot: ResearchSnapshot) throws -> String {
    try snapshot.participant(person)?.pseudonym ?? snapshot.invitation(person)?.pseudonym ?? ""
  }

  /// A message at a moment of an occasion's course.
  struct Moment {
    var kind: MessageKind
    var number: Int
    var at: Date
  }

  /// When an occasion's messages are due, in order; quiet hours moved to their end, and what they
  /// move onto another message left out.
  ///
  /// The moments are those of the version that the occasion was planned by, so that a publication
  /// announces nothing twice; what is written at all, the version says that the participant follows.
  func moments(of occasion: OccasionToAnnounce) throws -> [Moment] {
    let study = try version(occasion.publication).study
    let messages = try version(occasion.following).study.messages
    guard let plan = study.occasion(occasion.plan) else { return [] }
    var moments: [Moment] = []
    if messages[.opening] != nil {
      moments.append(Moment(kind: .opening, number: 0, at: occasion.opens))
    }
    if messages[.reminder] != nil, !plan.reminders.isEmpty {
      var clock = ZoneClock(TimeZone(identifier: occasion.zone) ?? .gmt)
      let opens = clock.moment(occasion.opens)
      for (number, span) in plan.reminders.enumerated() {
        moments.append(
          Moment(
            kind: .reminder, number: number,
            at: clock.adding(span, to: opens).instant.wholeMilliseconds))
      }
    }
    let zone = try homeZone(of: occasion, study: study)
    for index in moments.indices {
      moments[index].at = study.afterQuietHours(moments[index].at, in: zone)
    }
    var kept: [Moment] = []
    for moment in moments
    where moment.at < occasion.closes && moment.at > kept.last?.at ?? .distantPast {
      kept.append(moment)
    }
    return kept
  }

  private func homeZone(of occasion: OccasionToAnnounce, study: Study) throws -> TimeZone {
    study.timeZone(participant: TimeZone(identifier: occasion.homeZone) ?? .gmt)
  }

  /// When a message may go out that may not now, by the clocks of the person; nil where it may. Alerts
  /// go to the study's team and wait for nothing.
  func endOfQuietHours(
    around now: Date, for record: MessageRecord, in snapshot: ResearchSnapshot
  ) throws -> Date? {
    guard record.kind != .alert, let person = try snapshot.participant(record.person) else {
      return nil
    }
    let study = try version(person.publication).study
    let zone = study.timeZone(participant: TimeZone(identifier: person.zone) ?? .gmt)
    let end = study.afterQuietHours(now, in: zone)
    return end > now ? end : nil
  }

  private func add(
    messagesOf occasion: OccasionToAnnounce, at now: Date, channels: [Channel],
    to agenda: inout MessageAgenda, in snapshot: ResearchSnapshot
  ) throws {
    let moments = try moments(of: occasion)
    let next = moments.first { $0.at > now }
    if let next { agenda.expect(next.at) }
    guard let current = moments.last(where: { $0.at <= now }) else { return }
    // Who has begun knows that it is open.
    guard current.kind != .opening || occasion.state == .planned else { return }
    try add(
      current, of: occasion, expires: next?.at ?? occasion.closes, at: now, channels: channels,
      to: &agenda, in: snapshot)
  }

  private func add(
    thanksFor occasion: OccasionToAnnounce, at now: Date, channels: [Channel],
    to agenda: inout MessageAgenda, in snapshot: ResearchSnapshot
  ) throws {
    let study = try version(occasion.following).study
    // Who was screened has not been asked anything yet that thanks are due for.
    guard study.messages[.thanks] != nil, occasion.plan != Screening.occasion else { return }
    let moment = study.afterQuietHours(
      occasion.stateSince, in: try homeZone(of: occasion, study: study))
    guard moment <= now else { return agenda.expect(moment) }
    try add(
      Moment(kind: .thanks, number: 0, at: moment), of: occasion,
      expires: moment.addingTimeInterval(Self.thanksTime), at: now, channels: channels,
      to: &agenda, in: snapshot)
  }

  private func add(
    _ moment: Moment, of occasion: OccasionToAnnounce, expires: Date, at now: Date,
    channels: [Channel], to agenda: inout MessageAgenda, in snapshot: ResearchSnapshot
  ) throws {
    let open = channels.filter { channel in
      !occasion.known.contains(
        OccasionToAnnounce.Key(
          kind: moment.kind.stored, number: moment.number, channel: channel.rawValue))
    }
    guard !open.isEmpty else { return }
    let study = try version(occasion.following).study
    let waiting = study.afterQuietHours(now, in: try homeZone(of: occasion, study: study))
    guard waiting <= now else { return agenda.expect(waiting) }
    guard try mayBeWritten(about: occasion, at: now, in: snapshot) else { return }
    for channel in open {
      let name = "\(occasion.occasion) \(moment.kind.rawValue) \(moment.number) \(channel.rawValue)"
      let record = MessageRecord(
        uuid: database.secrets.uuid(for: "message \(name)"), person: occasion.person,
        occasion: occasion.occasion, kind: moment.kind.stored, number: moment.number,
        channel: channel.rawValue, due: moment.at, expires: expires)
      agenda.due.append(DueMessage(record: record, pseudonym: occasion.pseudonym))
    }
  }

  /// Whether a participant who takes part and wants messages may get one about an occasion today.
  func mayBeWritten(
    about occasion: OccasionToAnnounce, at now: Date, in snapshot: ResearchSnapshot
  ) throws -> Bool {
    guard try missingConsent(for: occasion, in: snapshot).isEmpty else { return false }
    guard try !isPaused(occasion, at: now, in: snapshot) else { return false }
    guard occasion.state == .planned, let record = try snapshot.occasion(occasion.occasion) else {
      return true
    }
    return try takesPlace(record, in: snapshot)
  }

  /// Whether the participant of an occasion takes a pause at a moment.
  private func isPaused(
    _ occasion: OccasionToAnnounce, at moment: Date, in snapshot: ResearchSnapshot
  ) throws -> Bool {
    let study = try version(occasion.publication).study
    let today = LocalMoment(moment, in: try homeZone(of: occasion, study: study)).date
    return try snapshot.pauses(of: occasion.pseudonym).contains { pause in
      guard let first = LocalDate(pause.firstDay), let last = LocalDate(pause.lastDay) else {
        return false
      }
      return first <= today && today <= last
    }
  }

  /// Why a message should not go out after all, or `nil` when it should: asked in the transaction
  /// that claims it, so that no submission or withdrawal comes between.
  func obstacle(
    to record: MessageRecord, at now: Date, in snapshot: ResearchSnapshot
  ) throws -> String? {
    guard now < record.expires else { return "too late" }
    switch record.kind {
    case .invitation:
      let isOpen = try snapshot.invitation(record.person)?.state == .open
      return isOpen ? nil : "no longer open"
    case .alert:
      return try isConcerning(record.occasion, in: snapshot) ? nil : "taken back meanwhile"
    case .opening, .reminder, .thanks: break
    }
    guard let uuid = record.occasion, let occasion = try snapshot.occasionToAnnounce(uuid) else {
      return "no longer wanted"
    }
    let isOpen = occasion.state == .planned || occasion.state == .open
    switch record.kind {
    case .opening where occasion.state == .open: return "begun meanwhile"
    case .opening, .reminder:
      if occasion.state == .submitted { return "submitted meanwhile" }
      guard isOpen, now >= occasion.opens, now < occasion.closes else { return "not open" }
    case .thanks: guard occasion.state == .submitted else { return "not submitted" }
    case .invitation, .alert: break
    }
    return try mayBeWritten(about: occasion, at: now, in: snapshot) ? nil : "not now"
  }
}
