/// Measures the text of conversations, and keeps nothing of it.
///
/// What is within code is left out. Text is copied once, without code and with straight apostrophes, into a
/// buffer that is overwritten; what comes out are sums.
package struct TextReader: Sendable {
  /// The lists that it counts with.
  package let lists: RuleLists

  package init(lists: RuleLists) { self.lists = lists }

  /// Measures one conversation.
  ///
  /// A feature that rests on words is measured where the speaker's language has lists. The language is that
  /// of the speaker's messages together; where they are too few to tell, that of the other speaker.
  ///
  /// - Parameter messages: those of the visible path, in order.
  package func measure(_ messages: [SpokenText]) -> TextMeasures {
    var measures = TextMeasures()
    let conversation = Prose(messages)
    measures.add(
      Double(conversation.lengths.codeScalars), over: conversation.lengths.scalars, to: .codeShare)
    let person = LanguageDetection.language(of: conversation, by: .person)
    let assistant = LanguageDetection.language(of: conversation, by: .assistant)
    if let language = person ?? assistant { measures.languages[language] = 1 }
    let personLists = (person ?? assistant).flatMap { lists.languages[$0] }
    let assistantLists = (assistant ?? person).flatMap { lists.languages[$0] }

    measureSentences(of: conversation, with: personLists?.valences, into: &measures)
    for index in conversation.messages.indices
    where conversation.messages[index].speaker == .assistant {
      let text = conversation.text(of: index)
      guard text.contains(where: { $0 > 0x20 }) else { continue }
      measures.add(Sentences.endsWithQuestion(text) ? 1 : 0, over: 1, to: .closingQuestion)
    }
    countPhrases(in: conversation, person: personLists, assistant: assistantLists, into: &measures)
    return measures
  }

  private func measureSentences(
    of conversation: borrowing Prose, with valences: ValenceTable?,
    into measures: inout TextMeasures
  ) {
    var sentiment: Sentiment?
    if let valences { sentiment = Sentiment(table: valences) }
    var sentences = 0
    var questions = 0
    var sum = 0.0
    for index in conversation.messages.indices where conversation.messages[index].speaker == .person
    {
      let text = conversation.text(of: index)
      var reader = Sentences(text)
      while let sentence = reader.next() {
        sentences += 1
        if sentence.isQuestion { questions += 1 }
        sum += sentiment?.compound(of: UnsafeBufferPointer(rebasing: text[sentence.range])) ?? 0
      }
    }
    measures.add(Double(questions), over: sentences, to: .questionShare)
    if valences != nil { measures.add(sum, over: sentences, to: .affect) }
  }

  private func countPhrases(
    in conversation: borrowing Prose, person: RuleLists.Language?,
    assistant: RuleLists.Language?, into measures: inout TextMeasures
  ) {
    var numbers: [Int32] = []
    // Whether the message before was an objection that an answer can give in to.
    var isContested = false
    for index in conversation.messages.indices {
      let speaker = conversation.messages[index].speaker
      guard let lists = speaker == .person ? person : assistant else {
        isContested = false
        continue
      }
      let hits = lists.matcher.hits(
        in: conversation.text(of: index), of: lists.rules, by: speaker, numbers: &numbers)
      guard hits.words > 0 else { continue }
      var objects = false
      var concedes = false
      for (rule, count) in zip(lists.rules, hits.counts) where rule.speaker == speaker {
        switch (rule.subject, rule.unit) {
        case (.objection, _): objects = count > 0
        case (.concession, _): concedes = count > 0
        case (.feature(let feature), .word):
          measures.add(Double(count), over: hits.words, to: feature)
        case (.feature(let feature), .message):
          measures.add(min(1, Double(count)), over: 1, to: feature)
        }
      }
      if speaker == .assistant, isContested {
        measures.add(concedes ? 1 : 0, over: 1, to: .reversal)
      }
      isContested = speaker == .person && objects && index > 0
    }
  }
}
