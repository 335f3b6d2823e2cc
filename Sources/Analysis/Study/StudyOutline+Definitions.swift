import Definitions
import Expressions
import Instruments
import LocalTime
package import Storage
package import Studies
import Tables

extension StudyOutline {
  /// The outline of the study that a database runs: its latest publication, from its own bytes, and
  /// after its instruments those that only earlier publications had, so that no answer is left out.
  ///
  /// - Throws: `StorageError`, or ``AnalysisProblem`` if there is no study or it does not read.
  package static func load(from database: ResearchDatabase) async throws -> StudyOutline {
    let publications = try await database.read { snapshot in
      try snapshot.publications().map { try snapshot.definitions(ofPublication: $0.number) }
    }
    guard let latest = publications.last else { throw AnalysisProblem.noStudy }
    var outline = try read(latest)
    for definitions in publications.dropLast().reversed() {
      let known = Set(outline.instruments.map(\.id))
      let earlier = try read(definitions)
      let plans = Set(outline.occasions.map(\.id))
      outline.occasions += earlier.occasions.filter { !plans.contains($0.id) }
      outline.instruments += earlier.instruments.filter { !known.contains($0.id) }
      outline.wordings += earlier.wordings.filter { wording in
        !outline.wordings.contains { $0.id == wording.id && $0.hash == wording.hash }
      }
      outline.consentParts += earlier.consentParts.filter { part in
        !outline.consentParts.contains { $0.version == part.version && $0.id == part.id }
      }
    }
    return outline
  }

  private static func read(_ definitions: [DefinitionRecord]) throws -> StudyOutline {
    let documents = definitions.compactMap { record in
      StudyDocument.Kind(rawValue: record.kind.rawValue).map { kind in
        StudyDocument(kind: kind, id: record.id, version: record.version, bytes: record.bytes)
      }
    }
    var problems = Problems()
    guard let folder = StudyFolder.load(documents: documents, problems: &problems) else {
      let first = problems.sorted.first.map(\.description) ?? "no reason was given"
      throw AnalysisProblem.unreadableDefinition(first)
    }
    return StudyOutline(folder)
  }

  /// The outline of a study folder: what a plan is checked against before anything runs.
  package init(_ folder: StudyFolder) {
    let study = folder.study
    self.init(
      id: study.id, version: study.version, title: study.title, contentHash: study.contentHash,
      arms: study.arms.map(\.id),
      occasions: Self.screening(of: study)
        + study.occasions.map { occasion in
          var planned = Occasion(
            id: occasion.id, times: occasion.times, instruments: occasion.instruments)
          planned.recall =
            occasion.instruments.lazy
            .compactMap { folder.instruments[$0]?.recall.span }.first
          if case .random(let prompts) = occasion.timing { planned.isPrompt = prompts.perDay > 1 }
          return planned
        },
      instruments: study.instruments.compactMap { id in
        folder.instruments[id].map {
          Self.outline($0, cutoffs: study.usesExploratoryCutoffs ? .exploratory : .publishedWording)
        }
      },
      consentParts: study.consent.parts.map { part in
        ConsentPart(
          version: study.consent.version, id: part.id,
          question: study.languages.lazy.compactMap { part.question[$0] }.first ?? "",
          isRequired: part.isRequired)
      }, incentives: study.incentives,
      wordings: folder.usedOverlays.map(Wording.init))
    logs = study.logs
  }

  /// The questions before joining, which are kept as an occasion of those who joined.
  private static func screening(of study: Study) -> [Occasion] {
    guard let screening = study.enrolment.screening else { return [] }
    return [Occasion(id: Screening.occasion, times: 1, instruments: [screening.instrument])]
  }

  private static func outline(
    _ instrument: Instruments.Instrument, cutoffs: CutoffUse
  ) -> Instrument {
    Instrument(
      id: instrument.id, version: instrument.version, title: instrument.title,
      wording: instrument.wording.rawValue,
      basis: instrument.basis.map { "\($0.name) (\($0.citation))" },
      contentHash: instrument.contentHash,
      items: instrument.items.compactMap { outline($0, of: instrument) },
      scores: instrument.scores.map { outline($0, of: instrument, cutoffs: cutoffs) }
        + instrument.items.compactMap { computed($0, of: instrument, cutoffs: cutoffs) })
  }

  private static func outline(
    _ score: Instruments.Score, of instrument: Instruments.Instrument, cutoffs: CutoffUse
  ) -> Score {
    var labels: [Column.ValueLabel] = []
    if case .category(let categories) = score.formula {
      labels = categories.compactMap { category in
        score.label(of: Double(category.value)).map { .init(category.value, $0) }
      }
    }
    let (definition, isExploratory) = marked(
      words(score), isCutoff: score.isCutoff, of: instrument, cutoffs: cutoffs)
    var outline = Score(
      name: score.name, definition: definition, range: score.range, valueLabels: labels,
      isExploratory: isExploratory, canBeProrated: canBeProrated(score, of: instrument))
    outline.items = addedItems(of: score, in: instrument) ?? []
    return outline
  }

  /// The items that a score adds up or averages; nil where it does anything else with one.
  ///
  /// Scores do not go in circles, or the instrument would not have loaded.
  private static func addedItems(
    of score: Instruments.Score, in instrument: Instruments.Instrument
  ) -> [String]? {
    switch score.formula {
    case .weighted, .category, .expression: return nil
    case .mean, .sum: break
    }
    var items: [String] = []
    for operand in score.operands {
      if instrument.items.contains(where: { $0.id == operand }) {
        items.append(operand)
      } else if let inner = instrument.scores.first(where: { $0.name == operand }),
        let own = addedItems(of: inner, in: instrument)
      {
        items += own
      } else {
        return nil
      }
    }
    return Set(items).count == items.count ? items : nil
  }

  /// A definition with what holds of its cut-offs before it, and whether these are exploratory.
  private static func marked(
    _ definition: String, isCutoff: Bool, of instrument: Instruments.Instrument, cutoffs: CutoffUse
  ) -> (definition: String, isExploratory: Bool) {
    guard isCutoff else { return (definition, false) }
    guard instrument.computesCategories(cutoffs) else {
      return (
        "not computed, as its cut-offs were not published for this wording and the study does not say"
          + " cutoffs: exploratory: " + definition, false
      )
    }
    guard instrument.wording == .verbatim else {
      return (
        "exploratory, as these cut-offs were not published for this wording: " + definition, true
      )
    }
    let state = cutoffs == .exploratory ? "exploratory" : "not computed"
    return ("\(state) for readers of an overlay: " + definition, false)
  }

  /// Whether a score is a sum over what may be fewer than all its operands, or rests on one.
  ///
  /// Scores do not go in circles, or the instrument would not have loaded.
  private static func canBeProrated(
    _ score: Instruments.Score, of instrument: Instruments.Instrument
  ) -> Bool {
    if case .sum(let operands) = score.formula, score.least < operands.count { return true }
    let operands = Set(score.operands)
    return instrument.scores.contains {
      operands.contains($0.name) && canBeProrated($0, of: instrument)
    }
  }

  /// A computed item, which stands among the scores; `nil` for others.
  private static func computed(
    _ item: Instruments.Item, of instrument: Instruments.Instrument, cutoffs: CutoffUse
  ) -> Score? {
    guard case .computed(let expression) = item.kind else { return nil }
    let (definition, isExploratory) = marked(
      "computed from the answers as given: \(expression.description)",
      isCutoff: instrument.computedCutoffs.contains(item.id), of: instrument, cutoffs: cutoffs)
    return Score(
      name: item.id, definition: definition, range: nil, isExploratory: isExploratory)
  }

  /// An item; `nil` for instructions, which nobody answers.
  private static func outline(
    _ item: Instruments.Item, of instrument: Instruments.Instrument
  ) -> Item? {
    let kind: Kind
    var unit: String?
    switch item.kind {
    case .single: kind = .single
    case .likert: kind = .likert
    case .slider: kind = .slider
    case .number(let range):
      kind = .number
      unit = range.unit
    case .multiple: kind = .multiple
    case .rank: kind = .rank
    case .text: kind = .text
    case .own: kind = .own
    case .date: kind = .date
    case .time: kind = .time
    case .computed, .instruction: return nil
    }
    var outline = Item(
      id: item.id, text: item.text, kind: kind, valueLabels: valueLabels(of: item),
      isReversed: item.isReversed, range: item.range, unit: unit,
      expected: instrument.checks.first { $0.item == item.id }.map { check in
        switch check.expected {
        case .number(let number): .number(number)
        case .text(let text): .text(text)
        }
      })
    outline.recode = item.recode
    return outline
  }

  /// The labels of options, or of the whole-numbered positions of a slider.
  private static func valueLabels(of item: Instruments.Item) -> [Column.ValueLabel] {
    if case .slider(let scale) = item.kind {
      return scale.labels.compactMap { label in
        Int(exactly: label.value).map { .init($0, label.label) }
      }
    }
    return (item.options ?? []).compactMap { option in
      option.label.map { .init(option.value, $0) }
    }
  }

  private static func words(_ score: Instruments.Score) -> String {
    let operands = score.operands.joined(separator: ", ")
    switch score.formula {
    case .mean: return "mean of \(operands), with at least \(score.least) answered"
    case .sum: return "sum of \(operands), with at least \(score.least) answered"
    case .weighted(let pairs):
      let weights = pairs.map { "\($0.value) by \($0.weight)" }.joined(separator: ", ")
      return "mean of \(weights), with at least \(score.least) answered"
    case .category(let categories):
      return "category: "
        + categories.map { category in
          "\(category.value) \(category.label) if \(category.rule?.description ?? "no other")"
        }.joined(separator: "; ")
    case .expression(let expression): return expression.description
    }
  }
}

extension StudyOutline.Wording {
  /// The wording of an overlay.
  init(_ overlay: Overlay) {
    let provenance = overlay.provenance
    self.init(
      id: overlay.id, instrument: overlay.instrument, language: overlay.language,
      version: provenance.version, hash: provenance.hash,
      origin: "\(provenance.author), \(provenance.date), \(provenance.method)",
      review: provenance.review.map { "\($0.by), \($0.date)" })
  }
}

extension Instruments.Instrument.Recall {
  /// The days that it asks about; a moment and life in general have no window.
  fileprivate var span: Span? {
    switch self {
    case .now, .general: nil
    case .today: Span(days: 1)
    case .days(let days): Span(days: days)
    }
  }
}
