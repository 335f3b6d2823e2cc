import Foundation
import Studies

/// English sentences put together by chance, from which every text of a speaker is a piece: with the words that lists
/// and tables of feelings know, about as often as people write them, and no sense beyond a sentence.
struct SimulatedProse: Sendable {
  /// Whose texts they are.
  enum Speaker: String, Sendable {
    case person, assistant

    fileprivate var patterns: [[[String]]] {
      switch self {
      case .person: SimulatedProse.asked
      case .assistant: SimulatedProse.answered
      }
    }
  }

  /// As they stand within the quotation marks of JSON.
  private let bytes: [UInt8]
  /// Where its sentences begin; the last is the end.
  private let starts: [Int]

  init(of speaker: Speaker, seed: UInt64) {
    var generator = SeededGenerator(seed: seed, stream: "prose", speaker.rawValue)
    func pick<Item>(_ items: [Item]) -> Item { items[Int(generator.below(UInt64(items.count)))] }
    var bytes: [UInt8] = []
    var starts: [Int] = []
    // Half a megabyte: no two messages of a person are likely to be alike.
    while bytes.count < 1 << 19 {
      starts.append(bytes.count)
      let words = pick(speaker.patterns).map { pick($0) }.joined(separator: " ")
      bytes += (words.prefix(1).uppercased() + words.dropFirst()).utf8
      if words.last != "?" { bytes += pick([".", ".", ".", ".", "!"]).utf8 }
      bytes += (generator.below(6) == 0 ? Self.paragraph : " ").utf8
    }
    self.bytes = bytes
    self.starts = starts + [bytes.count]
  }

  /// Whole sentences of about so many words: half to one and a half times the mean.
  func text(words mean: Double, _ generator: inout SeededGenerator) -> ArraySlice<UInt8> {
    // An English word has between five and six bytes with its space.
    let length = min(Int(5.5 * mean * (0.5 + generator.uniform())) + 1, bytes.count / 2)
    // From the first half, so that every length is there.
    let first = Int(generator.below(UInt64(starts.count / 2)))
    var end = first + 1
    while starts[end] - starts[first] < length { end += 1 }
    // Without the white space after the last sentence.
    let text = bytes[starts[first]..<starts[end]]
    return text.dropLast(text.last == UInt8(ascii: " ") ? 1 : Self.paragraph.utf8.count)
  }

  /// The end of a paragraph, as JSON writes it.
  private static let paragraph = #"\n\n"#

  // MARK: Sentences

  private static let people = [
    "my sister", "my boss", "my teacher", "a friend", "our neighbour", "the doctor", "my partner",
    "everyone", "nobody", "the team",
  ]
  private static let things = [
    "the letter", "this problem", "the plan for the weekend", "my work", "the exam", "the report",
    "our garden", "the journey", "that meeting", "the new phone", "the first chapter", "my sleep",
    "the money", "the recipe", "a café in the old town", "the code", "the whole story", "dinner",
  ]
  private static let qualities = [
    "good", "hard", "useful", "terrible", "quite strange", "wonderful", "too long", "boring",
    "really important", "not bad at all", "easy", "sad", "very funny", "wrong", "lovely", "clear",
  ]
  private static let reasons = [
    "because it rained all day", "when I came home", "after the meeting", "before the holidays",
    "although I had no time", "and then we left", "but it was never easy", "for the first time",
    "since last summer", "so I stopped", "as always", "while the others waited",
  ]
  private static let acts = [
    "write to them", "wait a week", "begin again", "ask for help", "read it once more",
    "make a list", "take a walk", "tell the truth", "start with the smallest part", "go to bed",
  ]

  private static let asked: [[[String]]] = [
    [
      ["I feel", "I am", "I was", "We were"],
      ["tired", "happy", "worried", "calm", "alone", "glad"],
      reasons,
    ],
    [
      people, ["says", "thinks", "told me", "keeps saying"], ["that"], things, ["is", "was"],
      qualities,
    ],
    [
      ["Should I", "What if I", "Can you explain how to", "Do you think I can"], acts,
      ["today?", "or not?", "about it?", "tomorrow?"],
    ],
    [
      ["I don't know what to do about", "I can't stop thinking about", "Please help me with"],
      things,
    ],
    [
      ["Could you make", "Can we keep", "Please rewrite", "Why is"], things,
      ["a little shorter?", "as it is?", "sound friendlier?", "so expensive?"],
    ],
    [things, ["is", "was", "will be", "seems"], qualities, reasons],
    [["Are you sure that", "I thought that", "It doesn't matter if"], things, ["is"], qualities],
  ]

  private static let answered: [[[String]]] = [
    [
      ["It might help to", "One option is to", "You could also", "Perhaps it is best to"], acts,
      ["first", "when you have time", "with somebody you trust", "and to see what happens"],
    ],
    [
      ["For", "With", "As to"], things, ["there are usually two ways, and both take", "you need"],
      ["some patience", "an hour or two", "a pencil and paper", "very little money"],
    ],
    [
      [
        "That is a great question about", "You're right about", "Thank you for telling me about",
        "Here is a short summary of",
      ], things,
    ],
    [things, ["is often", "may be", "was probably", "can become"], qualities, reasons],
    [
      ["Many people find that", "Research suggests that", "It depends, but in general"], things,
      ["gets"], ["easier", "better", "clearer", "less important"], ["with time", "in the end"],
    ],
    [
      ["First", "Second", "After that", "Finally"], ["choose", "describe", "compare", "check"],
      things, ["and note what is"], qualities,
    ],
    [
      ["Would you like me to", "Do you want to", "Shall we"], acts, ["now?", "together?", "next?"],
    ],
    [
      ["If it goes on, talk to", "You can always ask"], people,
      ["or a doctor", "about it", "again"],
    ],
  ]
}
