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
    guard let participant = try transaction.participant(pseudonym),
      let kind = MessageKind(rawValue: record.kind.rawValue)
    else { throw CollectionError(.unknownParticipant, pseudonym) }
    let version = try desk.version(participant.publication)
    guard
      let template = version.definitions.messageTemplate(kind, language: participant.language)
    else { throw CollectionError(.unknownLanguage, participant.language) }
    let link = links.link(try desk.token(of: pseudonym, now: now, in: transaction))
    let unsubscribe = "\(link)/unsubscribe"
    let contact = version.study.contact
    let until = try transaction.occasion(record.occasion).map { occasion in
      let zone = version.study.timeZone(
        participant: TimeZone(identifier: participant.zone) ?? .gmt)
      return Self.text(of: LocalMoment(occasion.closes, in: zone))
    }
    let (subject, body) = template.filled { placeholder in
      switch placeholder {
      case .title: version.study.title
      case .link: link
      case .until: until ?? ""
      case .contact: "\(contact.name) <\(contact.email)>"
      case .unsubscribe: unsubscribe
      }
    }
    return OutgoingMessage(
      id: record.uuid, kind: kind.rawValue, language: participant.language, sender: sender,
      recipient: mailbox, subject: subject, body: body,
      unsubscribe: URL(string: unsubscribe), date: now)
  }

  /// `2027-03-12 18:00 (Europe/Amsterdam)`: the same in every language, to the minute.
  private static func text(of moment: LocalMoment) -> String {
    "\(moment.date) \(moment.time.fullDescription.prefix(5)) (\(moment.zoneIdentifier))"
  }
}

extension ContactDetails {
  /// Where a channel reaches the person, or `nil`.
  func address(by channel: Channel) -> String? {
    switch channel {
    case .email, .webhook, .file: email
    }
  }
}
