/// A wording of an instrument for a community: title, instructions, item texts and labels in other words,
/// with where they come from.
///
/// It cannot touch items, scales, keys or scores. The same keys do not make two wordings equivalent: tables
/// carry the overlay that was read.
package struct Overlay: Sendable {
  /// Who made a wording, when and how.
  package struct Provenance: Hashable, Sendable {
    /// The folder of the community that it belongs to: `longwell`.
    package let community: String
    /// The version of the overlay, as `major.minor.patch`.
    package let version: String
    /// Who wrote the wording.
    package let author: String
    /// Under which terms it may be used.
    package let licence: String
    /// When it was made, as `2026-11-21`.
    package let date: String
    /// How it was translated and tried.
    package let method: String
    /// Who read it again besides the author, and when; nil for a wording that nobody reviewed.
    package let review: Review?
    /// The hexadecimal SHA-256 of its file.
    package let hash: String
  }

  /// A second look at a wording, such as a back-translation or trials with participants.
  package struct Review: Hashable, Sendable {
    /// Who reviewed it, and how.
    package let by: String
    /// When, as `2026-11-21`.
    package let date: String
  }

  /// Its name within a study: `longwell/needs-6.nl`.
  package var id: String { "\(provenance.community)/\(instrument).\(language)" }

  /// The id of the instrument that it words.
  package let instrument: String
  /// The language of the wording, as a BCP 47 tag.
  package let language: String
  /// Where it comes from.
  package let provenance: Provenance
  /// The bytes of the file.
  package let source: [UInt8]

  let title: String
  let instructions: String?
  /// Texts by item.
  let items: [String: String]
  /// What stands above grids, by the item of the grid's first row.
  let stems: [String: String]
  /// Units by item.
  let units: [String: String]
  /// Labels by scale (or item, where it has a scale of its own) and number.
  let labels: [String: [Int: String]]
}

extension Instrument {
  /// The instrument in the words of an overlay that was loaded for it.
  ///
  /// Items, scores and checks are the same; the content hash is that of what participants now see.
  package func worded(by overlay: Overlay) -> Instrument {
    var stem: (original: String, worded: String)?
    let items = self.items.map { item in
      var worded = item
      worded.text = overlay.items[item.id] ?? item.text
      if let original = item.stem {
        if stem?.original != original || overlay.stems[item.id] != nil {
          stem = (original, overlay.stems[item.id] ?? original)
        }
        worded.stem = stem?.worded
      } else {
        stem = nil
      }
      worded.kind = item.kind.labelled(
        overlay.labels[item.scaleName ?? item.id] ?? [:], unit: overlay.units[item.id])
      return worded
    }
    return Instrument(self, wordedBy: overlay, items: items)
  }
}

extension Item.Kind {
  /// The kind with other labels and another unit, where these are given.
  fileprivate func labelled(_ labels: [Int: String], unit: String?) -> Item.Kind {
    func options(_ options: [ResponseScale.Option]) -> [ResponseScale.Option] {
      options.map { ResponseScale.Option(value: $0.value, label: labels[$0.value] ?? $0.label) }
    }
    switch self {
    case .single(let scale): return .single(ResponseScale(options: options(scale.options)))
    case .likert(let scale): return .likert(ResponseScale(options: options(scale.options)))
    case .rank(let scale): return .rank(ResponseScale(options: options(scale.options)))
    case .multiple(let choices):
      return .multiple(ChoiceSet(options: options(choices.options), exclusive: choices.exclusive))
    case .slider(let scale):
      return .slider(
        SliderScale(
          range: scale.range, step: scale.step,
          labels: scale.labels.map { label in
            SliderScale.Label(
              value: label.value,
              label: Int(exactly: label.value).flatMap { labels[$0] } ?? label.label)
          }))
    case .number(let range):
      return .number(
        NumberRange(
          least: range.least, most: range.most, isWhole: range.isWhole, unit: unit ?? range.unit))
    case .text, .own, .date, .time, .computed, .instruction: return self
    }
  }

  /// The labels that a participant reads, by number.
  var labels: [Int: String] {
    let pairs: [(Int, String)] =
      switch self {
      case .single(let scale), .likert(let scale), .rank(let scale):
        scale.options.compactMap { option in option.label.map { (option.value, $0) } }
      case .multiple(let choices):
        choices.options.compactMap { option in option.label.map { (option.value, $0) } }
      case .slider(let scale):
        scale.labels.compactMap { label in Int(exactly: label.value).map { ($0, label.label) } }
      case .number, .text, .own, .date, .time, .computed, .instruction: []
      }
    return Dictionary(pairs, uniquingKeysWith: { first, _ in first })
  }
}
