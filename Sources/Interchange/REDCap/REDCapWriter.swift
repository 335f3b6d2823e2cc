internal import Delimited
internal import Expressions
internal import Instruments

/// Writes an instrument as a data dictionary of one form, for upload in REDCap's Online Designer.
///
/// Steps of a scale become a matrix, of one row where an item stands alone, which tells them from categories;
/// scores become calculated fields that ask for as many answers as the score does.
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
  static func write(_ instrument: Instrument, wordings: [Instrument]) -> ExportOutcome {
    var writer = REDCapWriter(instrument)
    writer.listForm(wordings)
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
      rows.append(row(Self.instructions, "descriptive", escaped(text)))
    }
    var above: Item?
    for item in instrument.items {
      var row = row(item.id, "text", piped(item.text, of: item.id))
      addKind(of: item, to: &row)
      addMatrix(of: item, below: above, to: &row)
      if let condition = item.showIf {
        do throws(Untranslatable) {
          row[.branching] = try language.condition(condition.root)
        } catch {
          leaveOut("branching", of: item.id, because: error.why)
        }
      }
      if item.requirement == .hard { row[.required] = "y" }
      rows.append(row)
      above = item
    }
  }

  /// Joins an item on a scale to the matrix of the one above, or begins one; what stands above a grid is the
  /// header of its first row.
  private mutating func addMatrix(
    of item: Item, below above: Item?, to row: inout [REDCapColumn: String]
  ) {
    let continues = above.map { $0.stem == item.stem && $0.kind == item.kind } ?? false
    let isFirst = above?.stem != item.stem
    if isFirst, let stem = item.stem { row[.sectionHeader] = piped(stem, of: item.id) }
    switch item.kind {
    case .likert: break
    case .multiple where item.stem != nil: break
    case .single where item.stem != nil:
      leaveOut("type", of: item.id, because: "the rows of a matrix come back as steps of a scale")
    default:
      if item.stem != nil {
        leaveOut(
          "grid", of: item.id, because: "a matrix has options only: the text stands above the first"
        )
      }
      return
    }
    let last = continues ? rows.last?[.matrixGroup] : nil
    row[.matrixGroup] = last ?? "\(item.id)_grid"
  }

  /// Lists what a dictionary does not say of a form.
  private mutating func listForm(_ wordings: [Instrument]) {
    let id = instrument.id
    let title = REDCapImporter.title(formName)
    if instrument.title != title {
      leaveOut(
        "title", of: id,
        because: "a dictionary has the form's name only: it comes back as '\(title)'")
    }
    if instrument.language != "und" {
      leaveOut(
        "language", of: id,
        because: "a dictionary does not say it: say --language \(instrument.language) to 'import'")
    }
    leaveOut("version, basis", of: id, because: "a dictionary has no place for them")
    for wording in wordings {
      leaveOut(
        "translation \(wording.language)", of: id,
        because: "a dictionary is in one language: say --language \(wording.language) to 'convert'")
    }
    notCarried += instrument.partsWithoutCounterpart(in: "a dictionary")
  }

  private var formName: String { instrument.id.replacing("-", with: "_") }

  private func row(_ name: String, _ type: String, _ label: String) -> [REDCapColumn: String] {
    [
      .fieldName: name, .formName: formName, .fieldType: type,
      .fieldLabel: label,
    ]
  }

  /// Texts as REDCap reads them: `<` begins a tag there.
  private func escaped(_ text: String) -> String {
    text.replacing("&", with: "&amp;").replacing("<", with: "&lt;")
  }

  /// The same, with earlier answers between brackets.
  private mutating func piped(_ text: String, of item: String) -> String {
    var written = ""
    for piece in Piping.pieces(of: text) {
      switch piece {
      case .text(let words): written += escaped(words)
      case .name(let name):
        guard let asked = instrument.item(name) else {
          leaveOut(
            "earlier answer in a text", of: item,
            because: "\(name) was answered in an earlier session: name REDCap's event and field")
          written += "…"
          continue
        }
        // The ticked labels of a checkbox are asked for so.
        if case .multiple = asked.kind {
          written += "[\(name):checked]"
        } else {
          written += "[\(name)]"
        }
      }
    }
    return written
  }

  private mutating func addKind(of item: Item, to row: inout [REDCapColumn: String]) {
    func choices(_ options: [ResponseScale.Option]) -> String {
      REDCapChoices.written(options.map { ($0.value, escaped($0.label ?? String($0.value))) })
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
    case .text(let limit), .own(let limit):
      if case .own = item.kind {
        leaveOut("own words", of: item.id, because: "it becomes a text")
      }
      row[.fieldType] = limit.longest > 200 ? "notes" : "text"
      row[.annotation] = "@CHARLIMIT='\(limit.longest)'"
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
      row[.choices] = texts.map { escaped($0).replacing("|", with: "/") }.joined(separator: " | ")
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
  }
}
