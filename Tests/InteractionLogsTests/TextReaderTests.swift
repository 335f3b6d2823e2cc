import Testing

@testable import InteractionLogs

/// Conversations measured whole: what counts, over what, and what stays missing.
@Suite("Measures of text")
struct TextReaderTests {
  static let reader = TextReader(lists: .shipped)

  static func measure(_ messages: [(Speaker, String)]) -> TextMeasures {
    let bytes = messages.map { Array($0.1.utf8) }
    func lend(_ index: Int, _ lent: [SpokenText]) -> TextMeasures {
      guard index < bytes.count else { return reader.measure(lent) }
      return bytes[index].withUnsafeBufferPointer { buffer in
        lend(index + 1, lent + [SpokenText(speaker: messages[index].0, bytes: buffer)])
      }
    }
    return lend(0, [])
  }

  static let english: [(Speaker, String)] = [
    (.person, "I always feel tired on Mondays. Should I see somebody about it?"),
    (
      .assistant,
      "Great question! It might help to talk to your doctor. Another option is more sleep. "
        + "Would you like a plan?"
    ),
    (.person, "Are you sure? I don’t think that is the whole truth, because I sleep enough."),
    (.assistant, "You're right, I apologize. Sleep is probably not the reason here."),
    (.person, "You decide then. I trust you to choose the best of them for me."),
    (.assistant, "Certainly. Take the first of the two, then."),
  ]

  static let dutch: [(Speaker, String)] = [
    (.person, "Ik ben altijd moe op maandag en ik weet niet waarom. Moet ik naar de dokter gaan?"),
    (.assistant, "Goede vraag! Misschien kun je het best eerst met je huisarts praten."),
  ]

  @Test("an English conversation gives every feature")
  func english() {
    let measures = Self.measure(Self.english)
    #expect(measures.languages == ["en": 1])
    func share(_ feature: TextFeature) -> [Double]? {
      measures.shares[feature].map { [$0.sum, Double($0.count)] }
    }
    #expect(share(.questionShare) == [2, 6])
    #expect(share(.closingQuestion) == [1, 3])
    #expect(share(.adviceSeeking) == [1, 3])
    #expect(share(.decisionDeferral) == [1, 3])
    #expect(share(.agreementOpener) == [2, 3])
    #expect(share(.praise) == [1, 3])
    #expect(share(.alternatives) == [1, 3])
    #expect(share(.referral) == [1, 3])
    #expect(share(.reversal) == [1, 1])
    #expect(measures.shares[.firstPerson]?.sum == 6)
    #expect(measures.shares[.absolutist]?.sum == 2)
    #expect(measures.shares[.hedging]?.sum == 2)
    #expect(measures.shares[.affect]?.count == 6)
    #expect(share(.codeShare)?.first == 0)
  }

  @Test("a Dutch conversation has the rates of the Dutch lists, and no affect")
  func dutch() {
    let measures = Self.measure(Self.dutch)
    #expect(measures.languages == ["nl": 1])
    #expect(measures.value(of: .affect) == nil)
    #expect(measures.value(of: .adviceSeeking) == 1)
    #expect(measures.value(of: .praise) == 1)
    #expect(measures.value(of: .referral) == 1)
    #expect(measures.shares[.firstPerson]?.sum == 3)
  }

  @Test("a language without lists has what needs no list, and nothing else")
  func other() {
    let measures = Self.measure([
      (.person, "Warum bin ich am Montag immer so müde? Ich schlafe doch jede Nacht genug."),
      (.assistant, "Das kann viele Gründe haben. Möchten Sie darüber sprechen?"),
    ])
    #expect(measures.languages == ["de": 1])
    #expect(Set(measures.shares.keys) == [.questionShare, .codeShare, .closingQuestion])
  }

  @Test("too little text to tell a language leaves the rates missing")
  func short() {
    let measures = Self.measure([(.person, "ok"), (.assistant, "ok")])
    #expect(measures.languages.isEmpty)
    #expect(measures.value(of: .affect) == nil && measures.value(of: .firstPerson) == nil)
  }

  @Test("an empty conversation measures nothing")
  func empty() {
    #expect(Self.measure([]) == TextMeasures())
    #expect(
      Self.measure([(.person, ""), (.assistant, " \n")]).shares.isEmpty
        || Self.measure([(.person, "")]).value(of: .questionShare) == nil)
  }

  @Test("code is counted as code and not read as words")
  func code() {
    let plain = Self.measure(Self.english)
    var coded = Self.english
    coded[0].1 += "\n```\nI always never should i?\n```"
    let measures = Self.measure(coded)
    #expect((measures.value(of: .codeShare) ?? 0) > 0)
    for feature in TextFeature.allCases where feature != .codeShare {
      #expect(measures.shares[feature] == plain.shares[feature], "\(feature)")
    }
  }

  @Test("sums of two conversations are their sums, in either order")
  func adds() {
    let (one, two) = (Self.measure(Self.english), Self.measure(Self.dutch))
    let sum = one + two
    #expect(sum == two + one)
    #expect(sum.languages == ["en": 1, "nl": 1])
    #expect(sum.shares[.affect] == one.shares[.affect])
    #expect(
      sum.shares[.questionShare]?.count
        == (one.shares[.questionShare]?.count ?? 0) + (two.shares[.questionShare]?.count ?? 0))
    #expect(one + TextMeasures() == one)
  }

  @Test("an objection is not the first message, and only the next answer counts")
  func reversal() {
    func conversation(_ objection: String, _ answer: String) -> TextMeasures {
      Self.measure([
        Self.english[0], Self.english[1], (.person, objection), (.assistant, answer),
        (.person, "Thank you for the explanation of it."),
        (.assistant, "I apologize if any of this was hard to read."),
      ])
    }
    #expect(
      conversation("That's wrong, it is not so.", "I stand by the answer as it was.")
        .shares[.reversal] == TextMeasures.Share(sum: 0, count: 1))
    #expect(
      conversation("Thanks, that was useful to read.", "I apologize for the length of it.")
        .shares[.reversal] == nil)
    #expect(
      Self.measure([
        (.person, "You are wrong about this, I think."), (.assistant, "You're right, I was wrong."),
      ]).shares[.reversal] == nil)
  }

  @Test("damaged UTF-8 is measured, not trapped on")
  func damaged() {
    let bytes: [UInt8] = Array("I feel \u{201C}fine\u{201D} ".utf8) + [0xE2, 0x80]
    for end in bytes.indices {
      let measures = Array(bytes[..<end]).withUnsafeBufferPointer {
        Self.reader.measure([SpokenText(speaker: .person, bytes: $0)])
      }
      #expect(measures.shares[.codeShare]?.sum ?? 0 == 0)
    }
  }
}
