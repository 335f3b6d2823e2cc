import Foundation
import InteractionLogs
package import LocalTime
package import Storage

/// What a donation would keep of an interaction log: to be shown, row by row, to the person whose log it
/// is. Nothing of it is stored before ``StudyDesk/donate(_:now:)``.
///
/// It holds no text: numbers, times, tokens.
package struct LogPreview: Sendable {
  /// One day as the person is shown it.
  package struct Day: Hashable, Sendable {
    package let date: LocalDate
    package let conversations, messages, sessions: Int?
    package let minutes: Double?
    /// Whether it is kept back, by this or an earlier choice.
    package let isWithheld: Bool
  }

  package let pseudonym: String
  /// The donation as it would be recorded.
  package let donation: DonationRecord
  /// What the export calls itself: `ChatGPT`.
  package let title: String
  /// All that would be kept of the participant's logs, earlier donations included.
  package let rows: InteractionRows
  /// The days of this export, in order; those kept back among them.
  package let days: [Day]
  /// Conversations of this export that would be kept, and that would be kept back with their days.
  package let conversations, withheldConversations: Int
  /// How many of the conversations to be kept are known from an earlier donation, and are replaced.
  package let replaced: Int

  /// Days that would be kept back.
  package var withheldDays: [LocalDate] { days.filter(\.isWithheld).map(\.date) }
}

/// What a donation did.
package struct DonationReceipt: Hashable, Sendable {
  package let pseudonym: String
  package let donation: DonationRecord
  /// What is kept of the participant's logs now, by kind.
  package let conversations, sessions, days: Int
}
