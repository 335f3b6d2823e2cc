import Foundation
import Identities
import LocalTime
import Messages
import Storage
import Studies

extension Messenger {
  /// The words of a message. No personal data are in its subject or in a link: a link has a token,
  /// which only this study can trace to a pseudonym.
  func compose(
    _ record: MessageRecord, for pseudonym: String, to mailbox: OutgoingMessage.Mailbox, now: Date,
    in transaction: ResearchTransaction
  ) throws -> OutgoingMessage {
    guard let reader = try reader(pseudonym, in: transaction),
      let kind = MessageKind(rawValue: record.kind.rawValue)
    else { throw CollectionError(.unknownParticipant, pseudonym) }
    let version = reader.version
    guard let template = version.definitions.messageTemplate(kind, language: reader.language)
    else { throw CollectionError(.unknownLanguage, reader.language) }
    let link = links.link(try desk.token(of: pseudonym, now: now, in: transaction))
    let unsubscribe = "\(link)/unsubscribe"
    let contact = version.study.contact
    let until = try record.occasion.flatMap { try transaction.occasion($0) }.map { occasion in
      let zone = version.study.timeZone(participant: reader.zone)
      return Self.text(of: LocalMoment(occasion.closes, in: zone))
    }
    let (subject, body) = template.filled { placeholder in
      switch placeholder {
      case .title: version.study.title(in: reader.language)
      case .link: link
      case .until: until ?? ""
      case .contact: "\(contact.name) <\(contact.email)>"
      case .unsubscribe: unsubscribe
      }
    }
    return OutgoingMessage(
      id: record.uuid, kind: kind.rawValue, language: reader.language, sender: sender,
      recipient: mailbox, subject: subject, body: body,
      unsubscribe: URL(string: unsubscribe), date: now)
  }

  /// Whom a message speaks to: a participant, or somebody invited.
  private struct Reader {
    var version: StudyVersion
    var language: String
    var zone: TimeZone
  }

  private func reader(_ pseudonym: String, in snapshot: ResearchSnapshot) throws -> Reader? {
    if let participant = try snapshot.participant(pseudonym) {
      return Reader(
        version: try desk.version(participant.publication), language: participant.language,
        zone: TimeZone(identifier: participant.zone) ?? .gmt)
    }
    return try snapshot.invitation(pseudonym).map {
      Reader(version: desk.current, language: $0.language, zone: .gmt)
    }
  }

  /// The words of an alert: that there is something to look at, where, and by when. Neither who it is
  /// about nor what was answered, because it goes to a mailbox.
  func composeAlert(
    _ record: MessageRecord, to mailbox: OutgoingMessage.Mailbox, now: Date,
    in snapshot: ResearchSnapshot
  ) throws -> OutgoingMessage {
    let study = desk.current.study
    let language = StandardMessages.languageOfAlerts(for: study.languages)
    let due = try desk.safety(for: record, in: snapshot).map {
      LocalMoment(record.due, in: .gmt).adding($0.alertWithin, in: .gmt).instant
    }
    let (subject, body) = StandardMessages.alert(
      language: language, study: study.id, title: study.title(in: language),
      by: (due ?? record.due).utcText)
    return OutgoingMessage(
      id: record.uuid, kind: record.kind.rawValue, language: language, sender: sender,
      recipient: mailbox, subject: subject, body: body, unsubscribe: nil, date: now)
  }

  /// `2027-03-12 18:00 (Europe/Amsterdam)`: the same in every language, to the minute.
  private static func text(of moment: LocalMoment) -> String {
    "\(moment.date) \(moment.time.fullDescription.prefix(5)) (\(moment.zoneIdentifier))"
  }
}

extension ContactDetails {
  /// Where a channel reaches the person, or `nil`. A gateway that takes telephone numbers is told one
  /// where there is one.
  func address(by channel: Channel) -> String? {
    switch channel {
    case .email: email
    case .webhook: phone ?? email
    case .file: email ?? phone
    }
  }
}
