/// What is measured in the text of conversations, each as a sum and what it is a sum over, so that
/// conversations, days and windows can be added up and divided last.
///
/// All but the first two rest on lists of words: proxies, with false hits and misses (see the article
/// on text features), and missing for languages without lists.
package enum TextFeature: String, CaseIterable, Hashable, Sendable, Codable, CodingKeyRepresentable
{
  /// Sentences of the person that end in a question mark, per sentence.
  case questionShare = "question_share"
  /// Unicode scalars within code, per scalar, of both speakers.
  case codeShare = "code_share"
  /// Messages of the assistant that end with a question, per message.
  case closingQuestion = "closing_question"
  /// VADER's compound value of the person's sentences, -1 to 1, averaged.
  case affect
  /// Words of the person that point to the person, per word.
  case firstPerson = "first_person"
  /// Words of the person that leave no middle (always, nothing, completely), per word.
  case absolutist
  /// Messages of the person that ask what to do, per message.
  case adviceSeeking = "advice_seeking"
  /// Messages of the person that leave a decision to the assistant, per message.
  case decisionDeferral = "decision_deferral"
  /// Messages of the assistant that begin by agreeing, per message.
  case agreementOpener = "agreement_opener"
  /// Messages of the assistant that praise the person or the question, per message.
  case praise
  /// Expressions of doubt of the assistant, per word.
  case hedging
  /// Messages of the assistant that offer another option or view, per message.
  case alternatives
  /// Messages of the assistant that point to people, friends or professionals, per message.
  case referral
  /// Answers of the assistant that give in, per message of the person that objects.
  case reversal
}
