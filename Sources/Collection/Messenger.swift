package import Foundation
import Identities
package import Messages
package import Storage
import Studies

/// Sends what is due: claims each message, hands it to its carrier, and records what came of it.
///
/// The claim is on disk before the carrier hears of the message, so a crash at any moment leaves it
/// unsent and unclaimed, or settled, or claimed. What is claimed and was never settled may or may not
/// have gone out: it becomes `uncertain`, is shown, and is not tried again by itself.
package struct Messenger: Sendable {
  /// The moments between which a crash can happen, for tests.
  package enum Step: String, Hashable, Sendable, CaseIterable {
    case beforeClaim, claimed, handedOver, settled
  }

  /// The study; whoever runs for long replaces it when a version is published.
  package internal(set) var desk: StudyDesk
  package let carriers: [any Carrier]
  let links: LinkAddress
  let sender: OutgoingMessage.Mailbox
  let retries: RetryPlan
  /// Called between any two writes or sends; throws in tests, where a crash is to happen.
  let interruption: @Sendable (Step) throws -> Void

  /// - Parameters:
  ///   - carriers: one for each channel.
  ///   - links: what personal links begin with.
  ///   - sender: whom messages come from; the study's contact by default.
  package init(
    desk: StudyDesk, carriers: [any Carrier], links: LinkAddress,
    sender: OutgoingMessage.Mailbox? = nil, retries: RetryPlan = RetryPlan(),
    interruption: @escaping @Sendable (Step) throws -> Void = { _ in }
  ) {
    self.desk = desk
    self.carriers = carriers
    self.links = links
    let contact = desk.current.study.contact
    self.sender = sender ?? OutgoingMessage.Mailbox(name: contact.name, address: contact.email)
    self.retries = retries
    self.interruption = interruption
  }

  /// The channels of the carriers.
  package var channels: [Channel] { carriers.map(\.channel) }

  /// What is due now; see ``StudyDesk/messageAgenda(at:channels:in:)``.
  package func agenda(at now: Date) async throws -> MessageAgenda {
    let channels = channels
    return try await desk.database.read {
      try desk.messageAgenda(at: now, channels: channels, in: $0)
    }
  }

  /// Sends one message.
  ///
  /// - Parameters:
  ///   - clock: the time, asked before the claim and after the sending.
  ///   - generator: gives the jitter of the pause before another attempt.
  /// - Returns: the message as it is now, or `nil` when there was nothing to send after all.
  /// - Throws: ``CollectionError``, `StorageError`, `IdentityError`; never because of a carrier.
  @discardableResult
  package func deliver(
    _ due: DueMessage, clock: @Sendable () -> Date,
    using generator: inout some RandomNumberGenerator
  ) async throws -> MessageRecord? {
    var due = due
    guard let (carrier, recipient) = try await way(for: due) else { return nil }
    due.record.channel = carrier.channel.rawValue
    if case .reachedOtherwise = recipient { return nil }
    try interruption(.beforeClaim)
    let now = clock()
    guard let (claimed, message) = try await claim(due, to: recipient, now: now) else {
      return nil
    }
    try interruption(.claimed)
    var failure: CarrierFailure?
    if let message {
      do { try await carrier.send(message) } catch { failure = error }
    } else {
      failure = CarrierFailure(.permanent, "no address")
    }
    try interruption(.handedOver)
    let settled = try await settle(claimed, failure, now: clock(), using: &generator)
    try interruption(.settled)
    return settled
  }

  // MARK: - To whom

  private enum Recipient {
    case mailbox(OutgoingMessage.Mailbox)
    /// Not by this channel, but by another one.
    case reachedOtherwise
    case unreachable
  }

  /// By which carrier a message goes, and to whom; nil without a carrier of its channel.
  private func way(
    for due: DueMessage
  ) async throws -> (carrier: any Carrier, recipient: Recipient)? {
    guard due.record.channel == MessageRecord.anyChannel else {
      guard let carrier = carriers.first(where: { $0.channel.rawValue == due.record.channel })
      else { return nil }
      return (carrier, try await recipient(of: due, by: carrier.channel))
    }
    for carrier in carriers {
      let recipient = try await recipient(of: due, by: carrier.channel)
      if case .mailbox = recipient { return (carrier, recipient) }
    }
    return carriers.first.map { ($0, .unreachable) }
  }

  private func recipient(of due: DueMessage, by channel: Channel) async throws -> Recipient {
    if due.record.kind == .alert {
      let safety = try await desk.database.read { try desk.safety(for: due.record, in: $0) }
      return safety.map { .mailbox(.init(address: $0.alertEmail)) } ?? .unreachable
    }
    guard desk.database.kind == .real else {
      // Simulated people have no address; `.invalid` leads nowhere (RFC 2606).
      return channel == .file
        ? .mailbox(.init(address: "\(due.pseudonym.lowercased())@simulated.invalid"))
        : .unreachable
    }
    guard let identities = desk.identities else {
      throw CollectionError(.noIdentities, due.pseudonym)
    }
    let contact = try await identities.contact(of: due.pseudonym)
    func address(by channel: Channel) -> String? { contact?.address(by: channel) }
    if let address = address(by: channel) {
      return .mailbox(.init(name: contact?.name, address: address))
    }
    return channels.contains { address(by: $0) != nil } || channel != channels.first
      ? .reachedOtherwise : .unreachable
  }

  // MARK: - Claim and settle

  private func claim(
    _ due: DueMessage, to recipient: Recipient, now: Date
  ) async throws -> (MessageRecord, OutgoingMessage?)? {
    try await desk.database.write { transaction in
      // They may have begun since it was found to be due; it waits for their end.
      guard try desk.endOfQuietHours(around: now, for: due.record, in: transaction) == nil else {
        return nil
      }
      if let obstacle = try desk.obstacle(to: due.record, at: now, in: transaction) {
        if due.record.state == .waiting {
          try transaction.settle(due.record, as: .dropped, failure: obstacle, at: now)
        }
        return nil
      }
      guard let claimed = try transaction.claim(due.record, at: now) else { return nil }
      if try desk.mayHaveGoneOut(due.record, in: transaction) {
        try transaction.settle(
          claimed, as: .uncertain, failure: "the study was restored from a backup", at: now)
        return nil
      }
      guard case .mailbox(let mailbox) = recipient else { return (claimed, nil) }
      let message =
        claimed.kind == .alert
        ? try composeAlert(claimed, to: mailbox, now: now, in: transaction)
        : try compose(claimed, for: due.pseudonym, to: mailbox, now: now, in: transaction)
      return (claimed, message)
    }
  }

  private func settle(
    _ claimed: MessageRecord, _ failure: CarrierFailure?, now: Date,
    using generator: inout some RandomNumberGenerator
  ) async throws -> MessageRecord? {
    var (state, next, reason) = (MessageState.sent, nil as Date?, failure?.reason)
    switch failure?.outcome {
    case nil: break
    case .unanswered: state = .uncertain
    case .permanent: state = .failed
    case .temporary:
      let pause = retries.pause(afterAttempts: claimed.attempts, using: &generator)
      next = pause.map { now.addingTimeInterval($0).wholeMilliseconds }
      state = .waiting
      if let moment = next, moment >= claimed.expires { next = nil }
      if next == nil {
        state = .failed
        reason = "\(failure?.reason ?? ""), given up after \(claimed.attempts) attempts"
      }
    }
    return try await desk.database.write { [state, next, reason] transaction in
      try transaction.settle(claimed, as: state, next: next, failure: reason, at: now)
      return try transaction.message(claimed.uuid)
    }
  }
}
