package import Foundation
import InteractionLogs
package import LocalTime
package import Storage

/// What a participant keeps back of an interaction log, when it is donated and ever after.
package struct KeptBack: Hashable, Sendable {
  /// Study days, with the conversations and sessions that touch them, in every account.
  package var days: Set<LocalDate>
  /// Conversations, by ``LogPreview/Conversation/token`` or the beginning of it, if no other begins so.
  package var conversations: Set<String>

  package init(days: Set<LocalDate> = [], conversations: Set<String> = []) {
    self.days = days
    self.conversations = conversations
  }

  /// Nothing.
  package static let nothing = KeptBack()
}

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
    /// Conversations of the day that are kept back; the other numbers are without them.
    package let withheldConversations: Int
    /// Whether it is kept back, by this or an earlier choice.
    package let isWithheld: Bool
  }

  /// One conversation as the person is shown it.
  package struct Conversation: Hashable, Sendable {
    /// A name under the participant's own key, the same in every preview; nothing that is stored has it.
    package let token: String
    package let started, ended: Date?
    package let messages: Int
    /// Characters of both; nil where the source has no text.
    package let characters: Int?
    package let language, model: String?
    /// Whether it is kept back, by this or an earlier choice.
    package let isWithheld: Bool
  }

  package let pseudonym: String
  /// The donation as it would be recorded.
  package let donation: DonationRecord
  /// The donations that it is put together with.
  let earlier: [UUID]
  /// What the export calls itself: `ChatGPT`.
  package let title: String
  /// All that would be kept of the participant's logs, earlier donations included.
  package let rows: InteractionRows
  /// The days of this export, in order; those kept back among them.
  package let days: [Day]
  /// The conversations of this export, in order of their beginnings; none where the source does not tell them
  /// apart.
  package let conversationList: [Conversation]
  /// How many conversations of this export would be kept, and how many kept back.
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
