internal import Delimited
internal import Expressions
internal import Instruments

/// Writes an instrument as a data dictionary of one form, for upload in REDCap's Online Designer.
///
/// Items that follow each other on one named scale become a matrix; scores become calculated fields that
/// ask for as many answers as the score does.
struct REDCapWriter {
  /// The field that holds an instrument's instructions, so that they come back as such.
  static let instructions = "instructions"

  /// The field that names a record.
  static let recordNumber = "record_id"

  private let instrument: Instrument
  private let language: REDCapLanguage
  private var rows: [[REDCapColumn: String]] = []
  private var notCarried: [NotCarried] = []

  /// The dictionary of an instrument.
  static func write(_ instrument: Instrument) -> ExportOutcome {
    var writer = REDCapWriter(instrument)
    writer.addItems()
    writer.addScores()
    return ExportOutcome(bytes: writer.bytes, notCarried: writer.notCarried)
  }

  private init(_ instrument: Instrument) {
    self.instrument = instrument
    language = REDCapLanguage(instrument)
  }

  private mutating func leaveOut(_ what: String, of item: String, because why: String) {
    notCarried.append(NotCarried(item: item, what: what, why: why))
  }

  private var bytes: [UInt8] {
    var writer = DelimitedWriter(lineEnding: .carriageReturnLineFeed)
    writer.append(texts: REDCapColumn.allCases.map(\.title))
    for row in rows { writer.append(texts: REDCapColumn.allCases.map { row[$0] ?? "" }) }
    return writer.bytes
  }

  // MARK: Items

  private mutating func addItems() {
    // A project's first field names its records, whatever it is.
    if instrument.item(Self.recordNumber) == nil {
      rows.append(row(Self.recordNumber, "text", "Record ID"))
    }
    if let text = instrument.instructions, instrument.item(Self.instructions) == nil {
      rows.append(row(Self.instructions, "descriptive", text))
    }
    var group: (scale: String, stem: String?, name: String)?
    for (index, item) in instrument.items.enumerated() {
      var row = row(item.id, "text", piped(item.text))
      for answer in instrument.earlier where item.text.contains("{{\(answer.name)}}") {
        leaveOut(
          "piping of \(answer.name)", of: item.id,
          because: "it was answered in an earlier session: name REDCap's event and field instead")
      }
      addKind(of: item, to: &row)
      if let scale = item.scaleName, case .likert = item.kind {
        if group?.scale != scale || group?.stem != item.stem {
          group = (scale, item.stem, "\(item.id)_grid")
          row[.sectionHeader] = item.stem.map(piped)
        }
        let next = index + 1 < instrument.items.count ? instrument.items[index + 1] : nil
        let isAlone =
          item.stem == nil && next?.scaleName != scale && row[.sectionHeader] == nil
          && rows.last?[.matrixGroup] != group?.name
        if !isAlone { row[.matrixGroup] = group?.name }
      } else {
        group = nil
        if let stem = item.stem, index == 0 || instrument.items[index - 1].stem != stem {
          row[.sectionHeader] = piped(stem)
        }
      }
      if let condition = item.showIf {
        do throws(Untranslatable) {
          row[.branching] = try language.condition(condition.root)
        } catch {
          leaveOut("branching", of: item.id, because: error.why)
        }
      }
      if item.requirement == .hard { row[.required] = "y" }
      if item.isDistress {
        leaveOut("distress", of: item.id, because: "REDCap has no safety plan: make one there")
      }
      rows.append(row)
    }
  }

  private func row(_ name: String, _ type: String, _ label: String) -> [REDCapColumn: String] {
    [
      .fieldName: name, .formName: instrument.id.replacing("-", with: "_"), .fieldType: type,
      .fieldLabel: label,
    ]
  }

  /// Texts as REDCap reads them: `<` begins a tag there, and earlier answers stand in brackets.
  private func piped(_ text: String) -> String {
    let escaped = text.replacing("&", with: "&amp;").replacing("<", with: "&lt;")
    return escaped.replacing("{{", with: "[").replacing("}}", with: "]")
  }

  private mutating func addKind(of item: Item, to row: inout [REDCapColumn: String]) {
    func choices(_ options: [ResponseScale.Option]) -> String {
      REDCapChoices.written(options.map { ($0.value, piped($0.label ?? String($0.value))) })
    }
    switch item.kind {
    case .single(let scale), .likert(let scale):
      row[.fieldType] = "radio"
      row[.choices] = choices(scale.options)
    case .multiple(let set):
      row[.fieldType] = "checkbox"
      row[.choices] = choices(set.options)
      row[.annotation] = set.exclusive.map { "@NONEOFTHEABOVE='\($0)'" }
    case .slider(let scale): addSlider(scale, item.id, to: &row)
    case .number(let range):
      row[.validation] = range.isWhole ? "integer" : "number"
      row[.least] = range.least.map(ForeignTranslator.plain)
      row[.most] = range.most.map(ForeignTranslator.plain)
      row[.fieldNote] = range.unit
    case .text(let limit): row[.fieldType] = limit.longest > 200 ? "notes" : "text"
    case .own: leaveOut("own words", of: item.id, because: "it becomes a text")
    case .date: row[.validation] = "date_ymd"
    case .time: row[.validation] = "time"
    case .instruction: row[.fieldType] = "descriptive"
    case .computed(let expression):
      row[.fieldType] = "calc"
      do throws(Untranslatable) {
        row[.choices] = try language.number(expression.root)
      } catch {
        leaveOut("calculation", of: item.id, because: error.why)
      }
    case .rank(let scale):
      row[.fieldType] = "radio"
      row[.choices] = choices(scale.options)
      leaveOut(
        "ranking", of: item.id, because: "REDCap has no ranking of options: one can be chosen")
    }
  }

  private mutating func addSlider(
    _ scale: SliderScale, _ id: String, to row: inout [REDCapColumn: String]
  ) {
    row[.fieldType] = "slider"
    row[.validation] = "number"
    row[.least] = ForeignTranslator.plain(scale.range.lowerBound)
    row[.most] = ForeignTranslator.plain(scale.range.upperBound)
    let middle = ((scale.range.lowerBound + scale.range.upperBound) / 2).rounded()
    let places = [scale.range.lowerBound, middle, scale.range.upperBound]
    let texts = places.map { place in scale.labels.first { $0.value == place }?.label ?? "" }
    if texts.contains(where: { !$0.isEmpty }) {
      row[.choices] = texts.map { piped($0).replacing("|", with: "/") }.joined(separator: " | ")
    }
    if scale.labels.contains(where: { !places.contains($0.value) }) {
      leaveOut(
        "labels", of: id, because: "REDCap's sliders have labels at the ends and in the middle")
    }
    if scale.step != 1 {
      leaveOut("step", of: id, because: "REDCap's sliders have steps of 1")
    }
  }

  // MARK: Scores

  private mutating func addScores() {
    for score in instrument.scores {
      do throws(Untranslatable) {
        var row = row(score.name, "calc", score.name.replacing("_", with: " "))
        row[.choices] = try language.calculation(score)
        rows.append(row)
      } catch {
        leaveOut("score", of: score.name, because: error.why)
      }
    }
    if !instrument.checks.isEmpty {
      leaveOut(
        "attention checks", of: instrument.id,
        because: "REDCap has no expected answers: check the data")
    }
  }
}
