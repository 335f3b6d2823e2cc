import Testing

@testable import InteractionLogs

@Suite("Lists of words")
struct RuleListTests {
  @Test("every shipped list is there with a version and a hash")
  func versions() {
    let versions = RuleLists.shipped.versions
    #expect(versions.map(\.name) == ["rules.en", "rules.nl", "vader"])
    #expect(versions.map(\.version) == ["1.1.0", "1.1.0", "3.3.2"])
    #expect(versions.allSatisfy { $0.hash.count == 64 })
  }

  /// A list that changes gets a new version: its hash and version are changed here together.
  @Test("a list of this version has not changed")
  func frozen() {
    #expect(
      RuleLists.shipped.versions.map { "\($0.name) \($0.version) \($0.hash.prefix(16))" }
        == Self.frozen)
  }

  static let frozen: [String] = [
    "rules.en 1.1.0 f87672aab31a88a3", "rules.nl 1.1.0 f6889ce6360dd0d4",
    "vader 3.3.2 e81714622de2df63",
  ]

  @Test(
    "every section of a list is one of a rule, and every rule has phrases", arguments: ["en", "nl"])
  func sections(language: String) {
    let file = ListFile(ListFile.bytes(of: "rules.\(language).txt"))
    #expect(
      Set(file.entries.map { String($0.section) }) == Set(RuleLists.Rule.all.map(\.name)))
    for entry in file.entries {
      #expect(entry.name == entry.name.lowercased()[...], "\(entry.name)")
      #expect(!entry.name.contains("  ") && entry.value == nil)
    }
  }

  @Test("every phrase is found in a message that is the phrase", arguments: ["en", "nl"])
  func phrases(language: String) throws {
    let lists = try #require(RuleLists.shipped.languages[language])
    let file = ListFile(ListFile.bytes(of: "rules.\(language).txt"))
    var numbers: [Int32] = []
    for entry in file.entries {
      let rule = try #require(lists.rules.firstIndex { $0.name == entry.section })
      let text = Array(("\u{AB}" + entry.name.uppercased() + "!").utf8)
      let hits = text.withUnsafeBufferPointer {
        lists.matcher.hits(
          in: $0, of: lists.rules, by: lists.rules[rule].speaker, numbers: &numbers)
      }
      #expect(hits.counts[rule] >= 1, "\(entry.section): \(entry.name)")
    }
  }

  @Test(
    "what only looks like a phrase of a list is none",
    arguments: [
      ("decision_deferral", Speaker.person, "How do you pick a lock without a key"),
      ("decision_deferral", .person, "How do you choose a good melon"),
      ("decision_deferral", .person, "Tell me which country has the most lakes"),
      ("referral", .assistant, "Here is a professional version of your email"),
      ("referral", .assistant, "The board is a qualified success for your teachers"),
      ("alternatives", .assistant, "Copy the file from another computer"),
      ("alternatives", .assistant, "Some people were late"),
      ("agreement_opener", .assistant, "True or false questions are quick to mark"),
    ])
  func falseHits(section: String, speaker: Speaker, text: String) throws {
    let lists = try #require(RuleLists.shipped.languages["en"])
    let rule = try #require(lists.rules.firstIndex { $0.name == section })
    var numbers: [Int32] = []
    let hits = Array(text.utf8).withUnsafeBufferPointer {
      lists.matcher.hits(in: $0, of: lists.rules, by: speaker, numbers: &numbers)
    }
    #expect(hits.counts[rule] == 0)
  }

  @Test("a phrase that reaches over the border of two pieces counts once", arguments: 0..<40)
  func longMessages(shift: Int) {
    let lists = RuleLists.shipped.languages["en"]
    guard let lists else { return }
    let filler = String(repeating: "a", count: shift) + " stone "
    let rest = String(repeating: "stone ", count: 10_915)
    let text = filler + rest + "what do you recommend then, perhaps " + rest
    var numbers: [Int32] = []
    let hits = Array(text.utf8).withUnsafeBufferPointer {
      lists.matcher.hits(in: $0, of: lists.rules, by: .person, numbers: &numbers)
    }
    let rule = lists.rules.firstIndex { $0.subject == .feature(.adviceSeeking) }
    #expect(hits.words == 2 * 10_915 + 6 + (shift > 0 ? 2 : 1))
    #expect(rule.map { hits.counts[$0] } == 1)
    #expect(numbers.count < 40_000)
  }

  @Test("no two words of the lists share a hash")
  func hashes() {
    var words: Set<String> = []
    for name in ["rules.en.txt", "rules.nl.txt", "vader.txt"] {
      for entry in ListFile(ListFile.bytes(of: name)).entries {
        words.formUnion(entry.name.split(separator: " ").map(String.init))
      }
    }
    #expect(Set(words.map { WordHash.of(Substring($0)) }).count == words.count)
  }

  @Test("phrases of a list do not overlap, a blank is any word, openers open")
  func matching() {
    let matcher = PhraseMatcher([
      (0, ["no", "one"]), (0, ["one"]), (1, ["what", "_", "matters"]), (2, ["sure"]),
    ])
    let rules = [
      RuleLists.Rule(subject: .feature(.absolutist), speaker: .person, unit: .word),
      RuleLists.Rule(subject: .feature(.praise), speaker: .person, unit: .message),
      RuleLists.Rule(subject: .objection, speaker: .person, unit: .message, within: 2),
    ]
    func counts(_ text: String) -> [Int] {
      var numbers: [Int32] = []
      return Array(text.utf8).withUnsafeBufferPointer {
        matcher.hits(in: $0, of: rules, by: .person, numbers: &numbers).counts
      }
    }
    #expect(counts("No one, one.") == [2, 0, 0])
    #expect(counts("what really matters, what matters") == [0, 1, 0])
    #expect(counts("oh sure") == [0, 0, 1])
    #expect(counts("oh yes sure") == [0, 0, 0])
    #expect(counts("no-one's one") == [1, 0, 0])
  }
}
