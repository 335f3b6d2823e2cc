/// A message as its export has it, before the visible path is known; without its text, which stays
/// where it is in the parsed document.
struct LoggedMessage {
  /// Who wrote it; nil for the system, tools, and places in the tree without a message.
  var speaker: Speaker?
  /// Whether the person could see it.
  var isVisible = false
  /// Seconds since 1970; NaN where the export has none.
  var time = Double.nan
  /// When the answer was complete, where the export says so; NaN where not.
  var endTime = Double.nan
  /// Where its text is.
  var content: JSONValue?
  var model: ModelFamily?
  var traits: Traits = []
  /// Of an answer, which of several models that were asked at once gave it.
  var variant: UInt8 = 0

  /// What else the export says about it.
  struct Traits: OptionSet {
    let rawValue: UInt8
    /// Stopped by the person.
    static let interrupted = Traits(rawValue: 1)
    static let voice = Traits(rawValue: 2)
    static let image = Traits(rawValue: 4)
    static let file = Traits(rawValue: 8)
    static let search = Traits(rawValue: 16)
    static let custom = Traits(rawValue: 32)
  }
}
