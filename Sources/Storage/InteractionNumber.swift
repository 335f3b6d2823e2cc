/// A number of a row about somebody's interaction log, by its column. Means come as a sum and what it is over, so
/// that rows can be added up; what a source cannot give is missing.
package enum InteractionNumber: String, Hashable, Sendable, CaseIterable {
  case userMessages = "user_messages"
  case assistantMessages = "assistant_messages"
  case userCharacters = "user_characters"
  case userWords = "user_words"
  case userCodeCharacters = "user_code_characters"
  case assistantCharacters = "assistant_characters"
  case assistantWords = "assistant_words"
  case assistantCodeCharacters = "assistant_code_characters"
  case replyLatencySum = "reply_latency_sum"
  case replyLatencyCount = "reply_latency_count"
  case thinkTimeSum = "think_time_sum"
  case thinkTimeCount = "think_time_count"
  case voiceMessages = "voice_messages"
  case imageMessages = "image_messages"
  case fileMessages = "file_messages"
  case searches
  case customAnswers = "custom_answers"
  case turns
  case depth
  case regenerations
  case edits
  case interruptions
  case missingTimes = "missing_times"
  case returned
  case conversations
  case begun
  case minutes
  case sessions
  case longSessions = "long_sessions"
  case firstUseAt = "first_use_at"
  case lastUseAt = "last_use_at"
  case modelFamilies = "model_families"
  /// Conversations of the day that the participant keeps back; the other numbers are without them.
  case withheldConversations = "withheld_conversations"
  case questionShareSum = "question_share_sum"
  case questionShareCount = "question_share_count"
  case codeShareSum = "code_share_sum"
  case codeShareCount = "code_share_count"
  case closingQuestionSum = "closing_question_sum"
  case closingQuestionCount = "closing_question_count"
  case affectSum = "affect_sum"
  case affectCount = "affect_count"
  case firstPersonSum = "first_person_sum"
  case firstPersonCount = "first_person_count"
  case absolutistSum = "absolutist_sum"
  case absolutistCount = "absolutist_count"
  case adviceSeekingSum = "advice_seeking_sum"
  case adviceSeekingCount = "advice_seeking_count"
  case decisionDeferralSum = "decision_deferral_sum"
  case decisionDeferralCount = "decision_deferral_count"
  case agreementOpenerSum = "agreement_opener_sum"
  case agreementOpenerCount = "agreement_opener_count"
  case praiseSum = "praise_sum"
  case praiseCount = "praise_count"
  case hedgingSum = "hedging_sum"
  case hedgingCount = "hedging_count"
  case alternativesSum = "alternatives_sum"
  case alternativesCount = "alternatives_count"
  case referralSum = "referral_sum"
  case referralCount = "referral_count"
  case reversalSum = "reversal_sum"
  case reversalCount = "reversal_count"
  // Messages of the person by the hour of their clock.
  case hour00 = "hour_00"
  case hour01 = "hour_01"
  case hour02 = "hour_02"
  case hour03 = "hour_03"
  case hour04 = "hour_04"
  case hour05 = "hour_05"
  case hour06 = "hour_06"
  case hour07 = "hour_07"
  case hour08 = "hour_08"
  case hour09 = "hour_09"
  case hour10 = "hour_10"
  case hour11 = "hour_11"
  case hour12 = "hour_12"
  case hour13 = "hour_13"
  case hour14 = "hour_14"
  case hour15 = "hour_15"
  case hour16 = "hour_16"
  case hour17 = "hour_17"
  case hour18 = "hour_18"
  case hour19 = "hour_19"
  case hour20 = "hour_20"
  case hour21 = "hour_21"
  case hour22 = "hour_22"
  case hour23 = "hour_23"

  /// What a conversation's row has.
  package static let ofConversation: [InteractionNumber] =
    ofMessages + [
      .turns, .depth, .regenerations, .edits, .interruptions, .missingTimes, .returned,
    ] + ofText

  /// What a session's row has.
  package static let ofSession: [InteractionNumber] = [.conversations] + ofMessages + ofHours

  /// What a day's row has.
  package static let ofDay: [InteractionNumber] =
    [
      .conversations, .begun, .minutes, .sessions, .longSessions, .firstUseAt, .lastUseAt,
      .modelFamilies, .withheldConversations, .regenerations, .edits, .interruptions,
    ] + ofMessages + ofHours + ofText

  /// What can be added up over messages.
  package static let ofMessages: [InteractionNumber] = [
    .userMessages, .assistantMessages, .userCharacters, .userWords, .userCodeCharacters,
    .assistantCharacters, .assistantWords, .assistantCodeCharacters, .replyLatencySum,
    .replyLatencyCount, .thinkTimeSum, .thinkTimeCount, .voiceMessages, .imageMessages,
    .fileMessages, .searches, .customAnswers,
  ]

  /// Messages of the person by hour, from 0 to 23.
  package static let ofHours: [InteractionNumber] = [
    .hour00, .hour01, .hour02, .hour03, .hour04, .hour05, .hour06, .hour07, .hour08, .hour09,
    .hour10, .hour11, .hour12, .hour13, .hour14, .hour15, .hour16, .hour17, .hour18, .hour19,
    .hour20, .hour21, .hour22, .hour23,
  ]

  /// What the words measured, sums and counts.
  package static let ofText: [InteractionNumber] = [
    .questionShareSum, .questionShareCount, .codeShareSum, .codeShareCount, .closingQuestionSum,
    .closingQuestionCount, .affectSum, .affectCount, .firstPersonSum, .firstPersonCount,
    .absolutistSum, .absolutistCount, .adviceSeekingSum, .adviceSeekingCount,
    .decisionDeferralSum, .decisionDeferralCount, .agreementOpenerSum, .agreementOpenerCount,
    .praiseSum, .praiseCount, .hedgingSum, .hedgingCount, .alternativesSum, .alternativesCount,
    .referralSum, .referralCount, .reversalSum, .reversalCount,
  ]
}
