/// A form with our ids, plain texts, numbered options and translated expressions: what a file is written of.
struct AssembledForm {
  struct Item: Hashable {
    var id: String
    /// The name there.
    var name: String
    var text: LocalText
    var stem: LocalText?
    var kind: ItemDraft.Kind
    /// In our language, with the formula of a computed item beside it.
    var condition: String?
    var formula: String?
    var required: ItemDraft.Required
    var recode: [Int: Double]?
    /// The scale it shares with others.
    var scale: String?
  }

  var id: String
  var name: String
  var title: LocalText
  var instructions: LocalText?
  var language: String
  var otherLanguages: [String]
  /// What the file says of where it comes from.
  var origin: String
  var items: [Item]
  var scores: [ScoreDraft]
}
